// Computes in a worker. One that dies is replaced, with its model and history, and asked again.
import { disposed, PalateError, type PalateErrorCode } from './errors.js';
import { type Entry, MemoryStore } from './history.js';
import { checkLearning, type LearningSettings } from './learning.js';
import type { FromWorker, Opened, ToWorker } from './messages.js';
import { type Argument, entriesOf, invalid, type OperationName } from './operations.js';
import { Models, type Place } from './place.js';
import type { Adjustment, LoadOptions, ModelFacts, ProfileDocument } from './types.js';
import type { WasmSources } from './wasm_file.js';
import { failed, WorkerLink } from './worker_link.js';

interface Call {
  message: Exclude<ToWorker, { start: unknown }>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  hasBegun: boolean;
  /** What the workers lost meanwhile weigh: more where it was the call that they worked on. */
  losses: number;
}

// A worker that is asked something and stays silent is given up. Ticks are counted, not time: a page
// that was frozen finds one tick gone by, not hours.
const tick = 100;
const idleTicks = 6;
const busyTicks = 100;

// More would wait for memory; a smaller model is read about as fast by one: tools/bench/page.sh.
const threadsAtMost = 4;
const bytesAtLeast = 2 ** 24;

const lossesAtMost = 5;
const lossOfOwn = 3;

/** Opens a model that is being read, `size` bytes of it as soon as that is known, in a worker of its own. */
export async function openInWorker(
  reading: Promise<Uint8Array<ArrayBuffer>>,
  size: Promise<number>,
  { signal, worker, learning, threads }: LoadOptions,
  wasm: WasmSources,
): Promise<Place> {
  const client = new WorkerClient(worker, wasm, checkLearning(learning), threads, size);
  const stop = () => client.dispose();
  signal?.addEventListener('abort', stop);
  try {
    await client.open(await reading);
    return client;
  } catch (thrown) {
    client.dispose();
    signal?.throwIfAborted();
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

class WorkerClient implements Place {
  #script: LoadOptions['worker'];
  #wasm: WasmSources;
  #learning: LearningSettings;
  /** To start the worker with; `undefined` until the model's size has told. */
  #asked: number | undefined;
  #threads = 1;
  #link: WorkerLink | undefined;
  /** Whether the worker has the model and the history. */
  #isOpen = false;
  #isDisposed = false;
  /** Why the first worker did not come up. */
  #failure: PalateError | undefined;
  /** A blob lies outside of the page's memory, on disk where the browser likes. */
  #model: Blob | undefined;
  #facts: ModelFacts | undefined;
  #history = new MemoryStore();
  #calls = 0;
  #waiting = new Map<number, Call>();
  #silence = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Starts the worker, which fetches and compiles the runtime while the page fetches the model: at once, or where it may
   * be the build with threads when `size` has come.
   */
  constructor(
    script: LoadOptions['worker'],
    wasm: WasmSources,
    learning: LearningSettings,
    threads: LoadOptions['threads'],
    size: Promise<number>,
  ) {
    this.#script = script;
    this.#wasm = wasm;
    this.#learning = learning;
    this.#asked = threadsAskedFor(threads, wasm);
    this.#start();
    void size.then((bytes) => this.#choose(bytes));
  }

  async open(model: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#choose(model.length);
    this.#model = new Blob([model]);
    await this.#openModel();
  }

  /** Known once `open` has resolved. */
  get facts(): ModelFacts {
    return this.#facts!;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  get threads(): number {
    return this.#threads;
  }

  call<Name extends OperationName>(operation: Name, argument: Argument<Name>): Promise<unknown> {
    return this.#ask({ call: ++this.#calls, operation, argument });
  }

  readonly models = new Models(
    (model) => this.#put(model),
    async () => new Uint8Array(await this.#model!.arrayBuffer()),
  );

  async #put(model: Uint8Array<ArrayBuffer>): Promise<ModelFacts> {
    const open = new Blob([model]);
    const { facts } = (await this.#ask({ call: ++this.#calls, open, entries: [] })) as Opened;
    this.#model = open;
    return (this.#facts = facts);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#end(disposed());
  }

  #start(): void {
    this.#link = new WorkerLink(this.#script, {
      receive: (message) => this.#receive(message),
      lose: (failure) => this.#lose(failure),
    });
    this.#startRuntime();
  }

  #startRuntime(): void {
    const threads = this.#asked;
    if (threads === undefined) return;
    this.#link?.post({ start: this.#wasm, learning: this.#learning, threads });
  }

  /** The build for a model of so many bytes, once. */
  #choose(bytes: number): void {
    if (this.#asked !== undefined) return;
    this.#asked = bytes < bytesAtLeast ? 1 : Math.min(navigator.hardwareConcurrency, threadsAtMost);
    this.#startRuntime();
  }

  async #openModel(): Promise<void> {
    const message = { call: ++this.#calls, open: this.#model!, entries: this.#history.kept };
    const answer = this.#wait(message);
    this.#link!.post(message);
    const { facts, module } = (await answer) as Opened;
    this.#facts = facts;
    this.#wasm = { ...this.#wasm, core: module };
    this.#isOpen = true;
    for (const { message } of this.#waiting.values()) this.#link!.post(message);
  }

  async #restart(): Promise<void> {
    let link: WorkerLink | undefined;
    try {
      this.#start();
      link = this.#link;
      await this.#openModel();
    } catch (thrown) {
      // A worker that was lost has its successor. One that refuses the model will not have it.
      if (this.#link === link) this.#end(thrown);
    }
  }

  #ask(message: Call['message']): Promise<unknown> {
    if (this.#isDisposed) return Promise.reject(disposed());
    const answer = this.#wait(message);
    if (this.#link === undefined) void this.#restart();
    else if (this.#isOpen) this.#link.post(message);
    return answer;
  }

  #wait(message: Call['message']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.call, { message, resolve, reject, hasBegun: false, losses: 0 });
      this.#silence = 0;
      this.#watch();
    });
  }

  #receive(message: FromWorker): void {
    this.#silence = 0;
    if ('threads' in message) {
      this.#threads = message.threads;
      return;
    }
    const number = 'begun' in message ? message.begun : message.answer;
    const call = this.#waiting.get(number);
    if (call === undefined) return;
    if ('begun' in message) {
      call.hasBegun = true;
    } else if ('value' in message) {
      this.#waiting.delete(number);
      this.#remember(call.message, message.value);
      call.resolve(message.value);
    } else if (message.code === 'runtime/failed' && this.#isOpen) {
      // A trap: this worker's runtime answers nothing any more.
      this.#link!.lose(new PalateError(message.code, message.message));
    } else {
      this.#waiting.delete(number);
      call.reject(new PalateError(message.code as PalateErrorCode, message.message));
    }
  }

  /** Keeps what a successor has to know. */
  #remember(message: Call['message'], value: unknown): void {
    if (!('operation' in message)) return;
    const { operation, argument } = message;
    if (operation === 'record' || operation === 'adjust') {
      void this.#history.append(argument as Entry);
    }
    if (operation === 'undo' && value) void this.#history.drop((value as Adjustment).id);
    if (operation === 'forget') void this.#history.remove(argument as string);
    if (operation === 'erase') void this.#history.remove();
    if (operation === 'import') {
      for (const entry of entriesOf(argument as ProfileDocument)) void this.#history.append(entry);
    }
  }

  #lose(failure: PalateError): void {
    this.#link = undefined;
    this.#isOpen = false;
    this.#threads = 1;
    if (this.#facts === undefined) this.#failure = failure;
    for (const [number, call] of this.#waiting) {
      call.losses += call.hasBegun ? lossOfOwn : 1;
      call.hasBegun = false;
      if (!('open' in call.message) && call.losses <= lossesAtMost) continue;
      this.#waiting.delete(number);
      call.reject(failure);
    }
    if (this.#waiting.size > 0) void this.#restart();
  }

  #end(reason: unknown): void {
    this.#link?.end();
    this.#link = undefined;
    this.#isOpen = false;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  /** Looks after the worker while an answer is due; the first start may take as long as it takes. */
  #watch(): void {
    if (this.#facts === undefined) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.size === 0) return;
      const isBusy = !this.#isOpen || [...this.#waiting.values()].some(({ hasBegun }) => hasBegun);
      const limit = isBusy ? busyTicks : idleTicks;
      this.#watch();
      if (++this.#silence > limit) {
        this.#link?.lose(failed(`gave no sign for ${(limit * tick) / 1000} s and was ended`));
      }
    }, tick);
  }
}

/** `undefined`: the model's size tells. */
function threadsAskedFor(given: LoadOptions['threads'], wasm: WasmSources): number | undefined {
  const threads = given ?? 'auto';
  const isNumber = Number.isInteger(threads) && +threads >= 1 && +threads <= 16;
  if (!isNumber && threads !== 'auto' && threads !== false) {
    throw invalid('threads', "'auto', false or a whole number from 1 to 16", given);
  }
  // WebKit may call a page isolated and share nothing.
  const shares = globalThis.crossOriginIsolated && globalThis.SharedArrayBuffer !== undefined;
  if (!shares || threads === false) return 1;
  if (threads !== 'auto') return threads;
  // Wasm of the page's own is the one build that it is.
  return wasm.core === undefined ? undefined : 1;
}
