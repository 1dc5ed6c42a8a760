// The trainer's files beside the package's others, their addresses in the form that bundlers know.

export function trainerWasm(): string {
  return new URL('./palate-train.wasm', import.meta.url).href;
}

export function startTrainWorker(): Worker {
  return new Worker(new URL('./train_worker.js', import.meta.url), {
    type: 'module',
    name: 'palate-train',
  });
}
