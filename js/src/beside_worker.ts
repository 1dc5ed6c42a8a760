// The worker's script beside the package's others, its address in the form that bundlers know.

export function startDefaultWorker(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'palate' });
}
