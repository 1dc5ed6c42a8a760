// In the single-file entry, in place of beside_worker.ts: there is no second file to start.

export function startDefaultWorker(): Worker {
  throw new Error("palate/inline has no worker's script, and a strict worker-src forbids blobs");
}
