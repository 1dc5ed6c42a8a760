/**
 * The script of the worker that trains: one training, then it is ended. It is started by
 * `Palate.train`, and there to be imported by a worker of the page's own.
 *
 * @module
 */
import { type FromTrainWorker, type Job, runJob, TrainFailure } from './train_here.js';

const say = (message: FromTrainWorker, moved: Transferable[] = []) =>
  postMessage(message, { transfer: moved });

onmessage = async ({ data }: MessageEvent<unknown>) => {
  try {
    const model = await runJob(checkJob(data), (epoch) => say({ epoch }));
    say({ model }, [model.buffer]);
  } catch (thrown) {
    const code = thrown instanceof TrainFailure ? thrown.code : 'worker/failed';
    say({ code, message: thrown instanceof Error ? thrown.message : String(thrown) });
  }
};

function checkJob(data: unknown): Job {
  const { module, request, epochs } = (data ?? {}) as Partial<Job>;
  const isJob =
    module instanceof WebAssembly.Module &&
    request instanceof Uint8Array &&
    Number.isSafeInteger(epochs);
  if (isJob) return { module, request, epochs: epochs! };
  throw new TrainFailure('worker/failed', 'the worker was sent a message that is not a training');
}
