// For the glue, WebAssembly is what js/src/instance.ts makes of it.
var WebAssembly = { instantiate: (wasm, imports) => Module['instantiate'](imports) };
