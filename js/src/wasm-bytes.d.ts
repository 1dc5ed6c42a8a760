// The wasm itself, in the single-file entry; the build knows where it lies.
declare module 'palate-wasm-bytes' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module 'palate-wasm-rest-bytes' {
  const bytes: Uint8Array;
  export default bytes;
}
