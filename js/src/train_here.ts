// Runs the trainer's module: in the worker, or on the thread that asks.
import { bytesOf, type Standalone, startStandalone, textOf } from './standalone.js';

/** One training: the trainer, the packed rows, and how many rounds. */
export interface Job {
  module: WebAssembly.Module;
  request: Uint8Array<ArrayBuffer>;
  epochs: number;
}

/** From the worker: rounds as they are done, then the model or what went wrong. */
export type FromTrainWorker =
  { epoch: number } | { model: Uint8Array<ArrayBuffer> } | { code: string; message: string };

/** Why there is no model, as a code of `PalateError`. */
export class TrainFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Of wasm/train/training.cc. */
interface Trainer extends Standalone {
  request(size: number): number;
  start(): number;
  runEpoch(): void;
  finish(): number;
  model(): number;
  modelSize(): number;
}

export async function runJob(
  { module, request, epochs }: Job,
  told: (epoch: number) => Promise<void> | void,
): Promise<Uint8Array<ArrayBuffer>> {
  const trainer = await startTrainer(module);
  // Whatever is thrown in there, the instance is not used again.
  const run = <Result>(step: () => Result): Result => {
    try {
      return step();
    } catch (thrown) {
      throw trainer.ranOutOfMemory()
        ? refused()
        : new TrainFailure('runtime/failed', `the trainer broke off: ${String(thrown)}`);
    }
  };
  const succeed = (step: () => number) => {
    if (run(step) === 0) throw failure(trainer);
  };
  const at = run(() => trainer.request(request.length));
  bytesOf(trainer, at, request.length).set(request);
  succeed(trainer.start);
  for (let epoch = 1; epoch <= epochs; ++epoch) {
    run(trainer.runEpoch);
    await told(epoch);
  }
  succeed(trainer.finish);
  return bytesOf(trainer, trainer.model(), trainer.modelSize()).slice() as Uint8Array<ArrayBuffer>;
}

async function startTrainer(module: WebAssembly.Module): Promise<Trainer> {
  try {
    return await startStandalone<Trainer>(module);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw refused();
    throw new TrainFailure('runtime/load', `the trainer does not start: ${String(thrown)}`);
  }
}

function refused(): TrainFailure {
  return new TrainFailure('memory/refused', 'the browser gave less memory than training needs');
}

function failure(trainer: Trainer): TrainFailure {
  return new TrainFailure(
    textOf(trainer, trainer.errorCode()),
    textOf(trainer, trainer.errorMessage()),
  );
}
