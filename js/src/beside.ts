// The runtime's wasm beside the package's scripts. The addresses are written out in full, each in
// this very form: bundlers find the files by it.

/** Where the wasm of a build lies; in the single-file entry, its bytes. */
export function defaultWasm(isRelaxed: boolean): string | Uint8Array {
  return isRelaxed
    ? new URL('./palate-relaxed.wasm', import.meta.url).href
    : new URL('./palate-simd128.wasm', import.meta.url).href;
}

/** The same for what few pages need of it. */
export function defaultRest(isRelaxed: boolean): string | Uint8Array {
  return isRelaxed
    ? new URL('./palate-relaxed-rest.wasm', import.meta.url).href
    : new URL('./palate-simd128-rest.wasm', import.meta.url).href;
}
