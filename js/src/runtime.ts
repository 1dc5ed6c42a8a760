// The WebAssembly runtime with one model in it: rows and numbers of what `Engine` is asked by names.
import type { WasmModule } from 'palate-wasm';
import { type RowAttributes, readAttributes, readFacts } from './catalogue.js';
import { PalateError, type PalateErrorCode, reasonOf } from './errors.js';
import type { Instance } from './instance.js';
import { isIntact } from './integrity.js';
import { defaultLearning, type LearningSettings } from './learning.js';
import { statedChecksum } from './model_head.js';
import { bits, Session } from './session.js';
import type { AdjustmentAmount, AttributeAmount, ModelFacts } from './types.js';

/** An item's row in the catalogue, most popular first, with a number: a score or an amount. */
export interface RowScore {
  row: number;
  score: number;
}

/** An event as the runtime takes it. */
export interface RowEvent {
  row: number;
  /** Its place among `eventTypes`, from 1. */
  kind: number;
  value: number;
  /** As `eventType` gives it. */
  type: number;
  /** Milliseconds since 1970, a whole number. */
  time: number;
}

export interface RowExplanation {
  score: number;
  base: number;
  remainder: number;
  contributions: RowScore[];
  attributes: AttributeAmount[];
  adjustments: AdjustmentAmount[];
}

/** More or less of a category or number, by the rows of the attribute and the category. */
export interface RowAdjustment {
  attribute: number;
  category: number;
  weight: number;
}

/** The cells that are there, by the number of their column among the features or the context. */
export type RowCells = readonly (readonly [number, number | string[]])[];

export interface RowPrediction {
  /** Score, linear score; sum, base, remainder; linear sum, linear base. */
  numbers: Float32Array;
  /** What each feature adds to both sums, in turn. */
  contributions: Float32Array;
}

// Sizes in words of 4 bytes; wasm/bindings.cc asserts them.
const eventWords = 6;
const pairWords = 2;
const shareWords = 3;
const tasteWords = 4;

const day = 24 * 60 * 60 * 1000;

/** An instance with room for a model, so that with it all its memory can go. */
export interface Berth extends Instance {
  /** 0 where memory was refused. */
  address: number;
}

export function berthIn(instance: Instance, size: number): Berth {
  return { ...instance, address: instance.module.allocate(size) };
}

export function holds({ module }: Berth, model: Uint8Array): boolean {
  return model.buffer === module.HEAPU8.buffer;
}

export class Runtime {
  readonly facts: ModelFacts;
  /** To be awaited before the first call of what is said to be of the rest. */
  readonly loadRest: () => Promise<void>;
  #session: Session;
  /** Where the model's file lies. */
  #address: number;
  /** Whether the visitor asks for anything. */
  #isAdjusted = false;

  /**
   * Opens `model`, which is copied into the berth where it does not lie there, and compared with its
   * checksum by the browser or by the runtime.
   */
  static async open(
    berth: Berth,
    model: Uint8Array,
    learning: LearningSettings = defaultLearning,
  ): Promise<Runtime> {
    const { module, loadRest, address } = berth;
    const session = new Session(module);
    const open = (isCompared: boolean) =>
      module.open(learning.halfLife / day, learning.choices, isCompared);
    if (address === 0) session.call(() => open(false)); // says that there is no memory
    if (!holds(berth, model)) module.HEAPU8.set(model, address);
    // The browser compares while the runtime reads, where it has a thread for it; what is read of a
    // file that turns out to be damaged goes no further.
    const intact = isIntact(module.HEAPU8.subarray(address, address + model.length));
    if (!intact || session.asks(() => module.needsRest())) await loadRest();
    const isRead = intact && session.asks(() => open(true));
    if (!(isRead && (await intact))) {
      const code = isRead ? 'model/checksum' : (module.errorCode() as PalateErrorCode);
      await loadRest().catch((cause) => throwWithoutWords(code, cause));
      session.call(() => open(false));
    }
    return new Runtime(berth, session, readFacts(session, model.length));
  }

  private constructor({ loadRest, address }: Berth, session: Session, facts: ModelFacts) {
    this.#session = session;
    this.#address = address;
    this.loadRest = loadRest;
    this.facts = facts;
  }

  /** By which the model's file is known. */
  get checksum(): string {
    return this.#session.call(({ HEAPU8 }) => statedChecksum(HEAPU8.subarray(this.#address)));
  }

  get itemCount(): number {
    return this.facts.items;
  }

  /** Lists are exact until the code for the model's index is there, and where it cannot be had. */
  async useIndex(): Promise<void> {
    if (!this.#session.asks((module) => module.hasIndex())) return;
    try {
      await this.loadRest();
    } catch {
      return;
    }
    this.#session.call((module) => module.useIndex());
    this.facts.recall = this.#session.call((module) => module.indexRecall());
  }

  /** Lets all memory go; nothing may be asked afterwards. */
  dispose(): void {
    this.#session.dispose();
  }

  /** A copy of the model's file. */
  model(): Uint8Array<ArrayBuffer> {
    return this.#session.call(({ HEAPU8 }) =>
      HEAPU8.slice(this.#address, this.#address + this.facts.bytes),
    );
  }

  /** The row of an id, or -1. */
  find(id: string): number {
    return this.rows([id])[0]!;
  }

  /** The rows of ids, each as `find` has it. */
  rows(ids: readonly string[]): Int32Array {
    return this.#session.call((module) => {
      const head = 4 * ids.length;
      const start = module.desk(ids.reduce((room, { length }) => room + 3 * length, head));
      let end = start + head;
      ids.forEach((id, index) => {
        const length = module.writeText(id, end);
        module.HEAPU32[start / 4 + index] = length;
        end += length;
      });
      const rows = module.find(ids.length);
      return new Int32Array(module.HEAPU8.buffer, rows, ids.length).slice();
    });
  }

  /** The number of a type of events, 0 where the model does not tell it from others. */
  eventType(name: string): number {
    return this.#session.call((module) => module.eventType(name));
  }

  id(row: number): string {
    return this.#session.call((module) => module.id(row));
  }

  title(row: number): string {
    return this.#session.call((module) => module.title(row));
  }

  popularity(row: number): number {
    return this.#session.call((module) => module.popularity(row));
  }

  /**
   * Sets the events that all later calls look at, oldest first. Resolves to whether all was learned
   * that their choices teach: not where the rest cannot be had, and lists are then made without.
   */
  async setHistory(events: readonly RowEvent[]): Promise<boolean> {
    const hasChoices = this.#session.asks((module) => {
      const start = module.desk(4 * eventWords * events.length) / 4;
      const { HEAPU32, HEAPF32 } = module;
      events.forEach((event, index) => {
        const word = start + index * eventWords;
        HEAPU32[word] = event.row;
        HEAPU32[word + 1] = event.kind;
        HEAPF32[word + 2] = event.value;
        HEAPU32[word + 3] = event.type;
        HEAPU32[word + 4] = event.time; // the lower half: modulo 2^32
        HEAPU32[word + 5] = Math.floor(event.time / 2 ** 32);
      });
      return module.takeHistory(events.length);
    });
    if (!hasChoices) return true;
    try {
      await this.loadRest();
    } catch {
      return false;
    }
    this.#session.call((module) => module.learn());
    return true;
  }

  /** What a sequence network keeps of the history; empty where the model has none. */
  encoderState(): Uint32Array<ArrayBuffer> {
    const found = this.#session.call((module) => module.encoderState());
    const [address, count] = this.#session.words(found, 2);
    return this.#session.words(address!, count!).slice();
  }

  /** Takes such a state of the same model; false where it is none. */
  restoreEncoder(state: Uint32Array): boolean {
    this.#session.write(state);
    return this.#session.asks((module) => module.restoreEncoder(state.length));
  }

  /** The row of a category in those of a category attribute; 2^32 - 1 where it has none. */
  findCategory(attribute: number, name: string): number {
    return this.#session.call((module) => module.findCategory(attribute, name)) >>> 0;
  }

  /** `request`: as `requestWords` makes it. */
  async recommend(count: number, request: readonly number[]): Promise<RowScore[]> {
    this.#session.write(request);
    if (this.#session.asks((module) => module.changesOrder())) {
      await this.loadRest();
      // Whoever called meanwhile wrote there, too.
      this.#session.write(request);
      this.#session.call((module) => module.rerank(count));
    } else {
      this.#session.call((module) => module.best(count));
    }
    return this.#picks();
  }

  async similar(row: number, count: number, request: readonly number[]): Promise<RowScore[]> {
    await this.loadRest();
    this.#session.write(request);
    this.#session.call((module) => module.similar(row, count));
    return this.#picks();
  }

  /** Of the rest. */
  ask(count: number, request: readonly number[]): RowScore[] {
    this.#session.write(request);
    this.#session.call((module) => module.ask(count));
    return this.#picks();
  }

  /** Scores given rows, in the order given. */
  score(rows: readonly number[]): RowScore[] {
    this.#session.write(rows);
    this.#session.call((module) => module.score(rows.length));
    return this.#picks();
  }

  /** What the items of the history add to a score, the largest first: `explain` in brief. */
  contributions(row: number): RowScore[] {
    return this.#session.call((module) => module.explain(row) && this.#contributions(module));
  }

  explain(row: number): RowExplanation {
    return this.#session.call((module) => {
      if (!module.explain(row)) return false;
      return {
        score: module.explainedScore(),
        base: module.explainedBase(),
        remainder: module.explainedRemainder(),
        contributions: this.#contributions(module),
        attributes: this.#shares(module, module.shares(), module.shareCount()).sort(
          (a, b) => b.amount - a.amount,
        ) as AttributeAmount[],
        adjustments: this.#shares(module, module.moved(), module.movedCount()),
      };
    });
  }

  /** Sets what the visitor asks for, in place of what was set before. */
  async adjust(adjustments: readonly RowAdjustment[]): Promise<void> {
    if (adjustments.length === 0 && !this.#isAdjusted) return;
    await this.loadRest();
    this.#session.write(
      adjustments.flatMap(({ attribute, category, weight }) => [attribute, category, bits(weight)]),
    );
    this.#session.call((module) => module.adjust(adjustments.length));
    this.#isAdjusted = adjustments.length > 0;
  }

  /** Of the rest: the categories of the history and of the adjustments. */
  taste(): { attribute: string; category: string; share: number; usual: number }[] {
    return this.#session.call((module) => {
      if (!module.taste()) return false;
      const tastes = this.#entries(module, module.tastes(), module.tasteCount(), tasteWords);
      return tastes.map(({ attribute, category, numbers: [share, usual] }) => ({
        attribute,
        category: category!,
        share: share!,
        usual: usual!,
      }));
    });
  }

  /** Of the rest: lets what is known of the visit hold for all later calls. */
  setContext(cells: RowCells): void {
    this.#session.call((module) => {
      this.#setRow(module, cells, this.facts.features.length);
      return module.setContext();
    });
  }

  /** Of the rest: scores the cells of one row. */
  scoreRow(cells: RowCells): RowPrediction {
    return this.#session.call((module) => {
      this.#setRow(module, cells, 0);
      if (!module.scoreRow()) return false;
      const { length } = this.facts.features;
      return {
        numbers: this.#session.floats(module.rowNumbers(), 7).slice(),
        contributions: this.#session.floats(module.rowContributions(), 2 * length).slice(),
      };
    });
  }

  #setRow(module: WasmModule, cells: RowCells, first: number): void {
    module.clearRow();
    for (const [column, cell] of cells) {
      if (typeof cell === 'number') module.setNumber(first + column, cell);
      else for (const category of cell) module.addCategory(first + column, category);
    }
  }

  attributes(): RowAttributes[] {
    return readAttributes(this.#session, this.facts);
  }

  #picks(): RowScore[] {
    return this.#session.call((module) => this.#pairs(module.picks(), module.pickCount()));
  }

  #contributions(module: WasmModule): RowScore[] {
    return this.#pairs(module.contributions(), module.contributionCount());
  }

  #pairs(address: number, count: number): RowScore[] {
    const rows = this.#session.words(address, count * pairWords);
    const scores = this.#session.floats(address, count * pairWords);
    const pairs: RowScore[] = [];
    for (let word = 0; word < count * pairWords; word += pairWords) {
      pairs.push({ row: rows[word]!, score: scores[word + 1]! });
    }
    return pairs;
  }

  #shares(module: WasmModule, address: number, count: number): AdjustmentAmount[] {
    const shares = this.#entries(module, address, count, shareWords);
    return shares.map(({ numbers, ...of }) => ({ ...of, amount: numbers[0]! }));
  }

  /** What the first two words of each name, and the numbers behind them; a number has no categories. */
  #entries(
    module: WasmModule,
    address: number,
    count: number,
    size: number,
  ): { attribute: string; category?: string; numbers: Float32Array }[] {
    const words = this.#session.words(address, count * size).slice();
    const floats = new Float32Array(words.buffer);
    return Array.from({ length: count }, (_, index) => {
      const place = index * size;
      const attribute = words[place]!;
      const numbers = floats.subarray(place + 2, place + size);
      const name = { attribute: module.attributeName(attribute), numbers };
      if (module.attributeIsNumber(attribute)) return name;
      return { ...name, category: module.category(attribute, words[place + 1]!) };
    });
  }
}

/** The rest says what is wrong with a model; this, where it cannot be had. */
function throwWithoutWords(code: PalateErrorCode, cause: unknown): never {
  const message = `it is broken, how cannot be said: ${reasonOf(cause)}`;
  throw new PalateError(code, message, { cause });
}
