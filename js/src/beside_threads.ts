// The build with threads beside the package's scripts, and the script of a thread; in the form that bundlers know.

export function defaultThreads(isRelaxed: boolean): string {
  return isRelaxed
    ? new URL('./palate-relaxed-threads.wasm', import.meta.url).href
    : new URL('./palate-simd128-threads.wasm', import.meta.url).href;
}

export function startDefaultThread(): Worker {
  return new Worker(new URL('./thread.js', import.meta.url), {
    type: 'module',
    name: 'palate-thread',
  });
}
