// The page's end of the worker: sends calls, matches answers, and ends the worker.
import { disposed, PalateError, type PalateErrorCode, reasonOf } from './errors.js';
import { checkFromWorker, type ToWorker } from './messages.js';
import type { Argument, OperationName } from './operations.js';
import type { ModelFacts } from './types.js';
import type { WasmSource } from './wasm_file.js';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

export class WorkerClient {
  #worker: Worker;
  #facts: ModelFacts | undefined;
  #waiting = new Map<number, Waiting>();
  #calls = 0;
  #failure: PalateError | undefined;

  /** Starts the worker, which fetches and compiles the runtime while the page fetches the model. */
  static start(wasm: WasmSource): WorkerClient {
    try {
      return new WorkerClient(wasm);
    } catch (cause) {
      // No workers here, as in Node, or the script is of another origin.
      throw new PalateError('worker/failed', `the worker cannot start: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  private constructor(wasm: WasmSource) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      type: 'module',
      name: 'palate',
    });
    this.#worker.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(data);
    // A script that is missing, or that the page's policy refuses, says no more than that.
    this.#worker.onerror = ({ message }) =>
      this.#end(
        new PalateError(
          'worker/failed',
          `the worker failed: ${message || 'its script cannot be loaded'}`,
        ),
      );
    this.#worker.onmessageerror = () =>
      this.#end(new PalateError('worker/failed', 'the worker sent a message that cannot be read'));
    this.#post({ start: wasm });
  }

  /** Hands the model over; the worker owns the bytes from now on. */
  async open(model: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#facts = (await this.#ask(0, { open: model }, [model.buffer])) as ModelFacts;
  }

  /** Known once `open` has resolved. */
  get facts(): ModelFacts {
    return this.#facts!;
  }

  call<Name extends OperationName>(operation: Name, argument: Argument<Name>): Promise<unknown> {
    const call = ++this.#calls;
    return this.#ask(call, { call, operation, argument });
  }

  dispose(): void {
    this.#end(disposed());
  }

  #ask(call: number, message: ToWorker, transfer: Transferable[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) throw this.#failure;
      this.#post(message, transfer);
      this.#waiting.set(call, { resolve, reject });
    });
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(data: unknown): void {
    try {
      const message = checkFromWorker(data);
      const waiting = this.#waiting.get(message.answer);
      this.#waiting.delete(message.answer);
      if ('value' in message) waiting?.resolve(message.value);
      else waiting?.reject(new PalateError(message.code as PalateErrorCode, message.message));
    } catch (thrown) {
      this.#end(thrown as PalateError);
    }
  }

  #end(failure: PalateError): void {
    this.#failure ??= failure;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
