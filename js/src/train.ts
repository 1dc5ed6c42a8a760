// Trains a model of rows: checks and packs them, and has a worker or this thread do the work.
import { startTrainWorker, trainerWasm } from './beside_train.js';
import { PalateError, type PalateErrorCode, reasonOf } from './errors.js';
import { type FromTrainWorker, type Job, runJob, TrainFailure } from './train_here.js';
import { packRequest } from './train_rows.js';
import { checkSettings } from './train_settings.js';
import type { TrainOptions, TrainRow } from './types.js';
import { compileFrom, type WasmSource } from './wasm_file.js';

/** The bytes of a model file. `wasm` is the option's, as an absolute address. */
export async function train(
  rows: Iterable<TrainRow>,
  options: TrainOptions,
  wasm: WasmSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, onProgress, worker = typeof Worker === 'function' } = options;
  signal?.throwIfAborted();
  const settings = checkSettings(options);
  const request = packRequest(rows, options.items ?? [], settings);
  const module = await compileFrom(wasm, trainerWasm);
  signal?.throwIfAborted();
  const { epochs } = settings;
  const told = (epoch: number) => onProgress?.({ epoch, epochs });
  const job: Job = { module, request, epochs };
  return worker === false ? trainHere(job, told, signal) : trainThere(job, told, signal, worker);
}

type Told = (epoch: number) => void;

async function trainHere(job: Job, told: Told, signal: AbortSignal | undefined) {
  try {
    return await runJob(job, async (epoch) => {
      told(epoch);
      // The page gets its turn, and a chance to say stop.
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    });
  } catch (thrown) {
    throw thrown instanceof TrainFailure ? failed(thrown.code, thrown.message) : thrown;
  }
}

async function trainThere(
  job: Job,
  told: Told,
  signal: AbortSignal | undefined,
  script: NonNullable<TrainOptions['worker']>,
) {
  const worker = startWorker(script);
  let stop = () => {};
  const answer = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    stop = () => reject(signal!.reason);
    worker.onmessage = ({ data }: MessageEvent<FromTrainWorker>) => {
      try {
        if ('epoch' in data) told(data.epoch);
        else if ('model' in data) resolve(data.model);
        else reject(failed(data.code, data.message));
      } catch (thrown) {
        reject(thrown);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const reason =
        event.message ||
        'its script cannot be loaded: is train_worker.js deployed, and allowed by worker-src?';
      reject(failed('worker/failed', `the worker failed: ${reason}`));
    };
    worker.onmessageerror = () =>
      reject(failed('worker/failed', 'the worker sent a message that cannot be read'));
  });
  signal?.addEventListener('abort', stop);
  try {
    worker.postMessage(job, [job.request.buffer]);
    return await answer;
  } finally {
    signal?.removeEventListener('abort', stop);
    worker.terminate();
  }
}

function startWorker(script: NonNullable<TrainOptions['worker']>): Worker {
  try {
    if (typeof script === 'function') return script();
    if (typeof script === 'string' || script instanceof URL) {
      return new Worker(script, { type: 'module', name: 'palate-train' });
    }
    return startTrainWorker();
  } catch (cause) {
    throw new PalateError(
      'worker/failed',
      `the worker cannot start: ${reasonOf(cause)}: train with worker: false`,
      { cause },
    );
  }
}

function failed(code: string, message: string): PalateError {
  return new PalateError(code as PalateErrorCode, message);
}
