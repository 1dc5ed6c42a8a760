// What can end a worker's work: a trap in the wasm, an error of its script, no memory.

// (func (export "trap") unreachable)
const trapping = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0,
  10, 5, 1, 3, 0, 0, 11,
]);
const { trap } = new WebAssembly.Instance(new WebAssembly.Module(trapping)).exports;
let isTrapSet = false;

const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (module, imports) => {
  const { exports } = await instantiate(module, imports);
  const guarded = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value !== 'function'
      ? value
      : (...args) => {
          if (isTrapSet) trap();
          return value(...args);
        },
  ]);
  return { exports: Object.fromEntries(guarded) };
};

const faults = {
  trap: () => (isTrapSet = true),
  error: () => {
    throw new Error('a fault of the script');
  },
  memory: () => new ArrayBuffer(2 ** 45),
};

addEventListener('message', ({ data }) => {
  // An item of this name makes every worker trap that is asked for it.
  if (data.operation === 'explain' && data.argument.item === 'poison') isTrapSet = true;
  if (Object.hasOwn(data, 'fault')) {
    // The package's own listener knows no such message.
    isFault(data.fault);
  }
});

function isFault(name) {
  setTimeout(() => faults[name](), 0);
}
