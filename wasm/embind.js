// Embind's half in JavaScript, for what bindings.cc binds: functions of numbers, truth values and texts. Emscripten's own
// knows classes, overloads and types that come later, which a page would download and never use.
addToLibrary({
  // What becomes of a value on its way, by the address of its type. All types are known before the first call.
  $typesOf: {},
  // A text may begin with a byte order mark, which is part of it.
  $decoder: "new TextDecoder('utf-8', { ignoreBOM: true })",
  $encoder: 'new TextEncoder()',

  // Writes a text to where there is room for three bytes a unit; how many it took. Most are ids in ASCII, which need no
  // encoder and the array that it makes of each.
  $writeText(text, address) {
    let length = 0;
    let unit;
    while ((unit = text.charCodeAt(length)) < 128) HEAPU8[address + length++] = unit;
    if (length === text.length) return length;
    const bytes = encoder.encode(text);
    HEAPU8.set(bytes, address);
    return bytes.length;
  },
  $writeText__deps: ['$encoder'],

  // A text that ends with a zero. No browser decodes memory that threads share: it is given a copy.
  $nameAt: (address) => decoder.decode(HEAPU8.slice(address, HEAPU8.indexOf(0, address))),
  $nameAt__deps: ['$decoder'],

  _embind_register_void: (type, name) => {
    typesOf[type] = { toScript: () => {} };
  },
  _embind_register_void__deps: ['$typesOf'],

  _embind_register_bool: (type, name, yes, no) => {
    typesOf[type] = { toScript: Boolean };
  },
  _embind_register_bool__deps: ['$typesOf'],

  _embind_register_integer: (type, name, size, minimum, maximum) => {
    typesOf[type] = { toScript: (value) => (minimum === 0 ? value >>> 0 : value) };
  },
  _embind_register_integer__deps: ['$typesOf'],

  _embind_register_float: (type, name, size) => {
    typesOf[type] = { toScript: (value) => value };
  },
  _embind_register_float__deps: ['$typesOf'],

  // A text crosses as the address of its length and its bytes, which the receiver frees.
  _embind_register_std_string: (type, name) => {
    typesOf[type] = {
      toScript(address) {
        address >>>= 0;
        const begin = address + 4;
        const text = decoder.decode(HEAPU8.slice(begin, begin + HEAPU32[address >>> 2]));
        _free(address);
        return text;
      },
      toWasm(text) {
        const address = _malloc(4 + 3 * text.length) >>> 0;
        HEAPU32[address >>> 2] = writeText(text, address + 4);
        return address;
      },
    };
  },
  _embind_register_std_string__deps: ['$typesOf', '$decoder', '$writeText', 'malloc', 'free'],

  _embind_register_function: (name, count, types, signature, invoker, target, isAsync, isNonnullReturn) => {
    const invoke = wasmTable.get(invoker);
    // The result's, then those of the parameters.
    const passed = HEAPU32.slice(types >>> 2, (types >>> 2) + count);
    Module[nameAt(name)] = (...values) => {
      const texts = [];
      const words = values.map((value, i) => {
        const { toWasm } = typesOf[passed[i + 1]];
        if (toWasm === undefined) return value;
        texts.push(toWasm(value));
        return texts.at(-1);
      });
      const word = invoke(target, ...words);
      texts.forEach(_free);
      return typesOf[passed[0]].toScript(word);
    };
  },
  _embind_register_function__deps: ['$typesOf', '$nameAt', '$wasmTable', 'free'],
});
