// One worker, as the page sees it: messages in both directions, and the news that it is lost.
import { startDefaultWorker } from './beside_worker.js';
import { PalateError, reasonOf } from './errors.js';
import { checkFromWorker, type FromWorker, type ToWorker } from './messages.js';
import type { LoadOptions } from './types.js';

export interface LinkListener {
  receive(message: FromWorker): void;
  /** The worker is no more; said once. */
  lose(failure: PalateError): void;
}

export class WorkerLink {
  #worker: Worker;
  #listener: LinkListener | undefined;

  /** Throws where no worker can be started at all. */
  constructor(script: LoadOptions['worker'], listener: LinkListener) {
    this.#listener = listener;
    try {
      this.#worker = startWorker(script);
    } catch (cause) {
      // No workers here, as in Node, or the script is of another origin.
      throw failed(`cannot start: ${reasonOf(cause)}: load without worker`, cause);
    }
    this.#worker.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(data);
    // A script that is missing, or that the page's policy refuses, says no more than that.
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.lose(
        failed(
          `failed: ${event.message || 'its script cannot be loaded: is worker.js deployed, and allowed by worker-src?'}`,
        ),
      );
    };
    this.#worker.onmessageerror = () => this.lose(failed('sent a message that cannot be read'));
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  end(): void {
    this.#listener = undefined;
    this.#worker.terminate();
  }

  lose(failure: PalateError): void {
    const listener = this.#listener;
    this.end();
    listener?.lose(failure);
  }

  #receive(data: unknown): void {
    try {
      const message = checkFromWorker(data);
      this.#listener?.receive(message);
    } catch (thrown) {
      this.lose(thrown as PalateError);
    }
  }
}

export function failed(what: string, cause?: unknown): PalateError {
  return new PalateError('worker/failed', `the worker ${what}`, { cause });
}

function startWorker(script: LoadOptions['worker']): Worker {
  if (typeof script === 'function') return script();
  if (typeof script === 'string' || script instanceof URL) {
    return new Worker(script, { type: 'module', name: 'palate' });
  }
  return startDefaultWorker();
}
