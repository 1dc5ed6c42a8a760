// What adds items, beside the package's other files; its address in the form that bundlers know.

export function itemsWasm(): string {
  return new URL('./palate-items.wasm', import.meta.url).href;
}
