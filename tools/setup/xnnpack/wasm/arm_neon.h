/* Stands in for SIMDe's header, which Debian's Emscripten leaves out: two wasmsimd kernels include
   it for nothing but the WebAssembly intrinsics behind it. */
#include <wasm_simd128.h>
