// In the single-file entry, in place of beside.ts: the wasm is in the script itself.
import wasm from 'palate-wasm-bytes';

export function defaultWasm(): string | Uint8Array {
  return wasm;
}
