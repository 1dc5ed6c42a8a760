// The WebAssembly runtime with one model in it. No other file touches the raw module.
import type { WasmModule } from 'palate-wasm';
import { disposed, PalateError, type PalateErrorCode, reasonOf } from './errors.js';
import { type Instance, instantiate } from './instance.js';
import { isKnownIntact } from './integrity.js';
import { defaultLearning, type LearningSettings } from './learning.js';
import type { AdjustmentAmount, AttributeAmount, Feature, ModelFacts } from './types.js';
import type { CompiledWasm } from './wasm_file.js';

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

/** The attributes of all items, by item after item. */
export type RowAttributes =
  | { name: string; kind: 'number'; numbers: Float32Array }
  | {
      name: string;
      kind: 'category';
      categories: string[];
      offsets: Uint32Array;
      entries: Uint32Array;
    };

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

export async function makeBerth(size: number, wasm: CompiledWasm): Promise<Berth> {
  const instance = await instantiate(wasm);
  return { ...instance, address: instance.module.allocate(size) };
}

export function holds({ module }: Berth, model: Uint8Array): boolean {
  return model.buffer === module.HEAPU8.buffer;
}

export class Runtime {
  readonly itemCount: number;
  readonly facts: ModelFacts;
  /** To be awaited before the first call of what is said to be of the rest. */
  readonly loadRest: () => Promise<void>;
  /** An instance, which is one session; let go of when nothing may be asked any more. */
  #module: WasmModule | undefined;
  #failure: PalateError | undefined;
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
    if (address !== 0 && !holds(berth, model)) module.HEAPU8.set(model, address);
    const file = module.HEAPU8.subarray(address, address + model.length);
    const wasCompared = address !== 0 && (await isKnownIntact(file));
    if (module.needsRest()) await loadRest();
    return new Runtime(berth, model.length, learning, wasCompared);
  }

  private constructor(
    berth: Berth,
    bytes: number,
    learning: LearningSettings,
    wasCompared: boolean,
  ) {
    const { module, loadRest, address } = berth;
    this.#module = module;
    this.#address = address;
    this.loadRest = loadRest;
    this.#call(() => module.open(learning.halfLife / day, learning.choices, wasCompared));
    this.itemCount = module.itemCount();
    this.facts = this.#readFacts(bytes);
  }

  /** Lists are exact until the code for the model's index is there, and where it cannot be had. */
  async useIndex(): Promise<void> {
    // `false` would be taken for an error.
    if (this.#call((session) => Number(session.hasIndex())) === 0) return;
    try {
      await this.loadRest();
    } catch {
      return;
    }
    this.#call((session) => session.useIndex());
    this.facts.recall = this.#call((session) => session.indexRecall());
  }

  /** Lets all memory go; nothing may be asked afterwards. */
  dispose(): void {
    this.#module = undefined;
    this.#failure = disposed();
  }

  /** A copy of the model's file. */
  model(): Uint8Array<ArrayBuffer> {
    return this.#call(({ HEAPU8 }) =>
      HEAPU8.slice(this.#address, this.#address + this.facts.bytes),
    );
  }

  /** The row of an id, or -1. */
  find(id: string): number {
    return this.rows([id])[0]!;
  }

  /** The rows of ids, each as `find` has it. */
  rows(ids: readonly string[]): Int32Array {
    return this.#call((session) => {
      const head = 4 * ids.length;
      const start = session.desk(ids.reduce((room, { length }) => room + 3 * length, head));
      let end = start + head;
      ids.forEach((id, index) => {
        const length = session.writeText(id, end);
        session.HEAPU32[start / 4 + index] = length;
        end += length;
      });
      const rows = session.find(ids.length);
      return new Int32Array(session.HEAPU8.buffer, rows, ids.length).slice();
    });
  }

  /** The number of a type of events, 0 where the model does not tell it from others. */
  eventType(name: string): number {
    return this.#call((session) => session.eventType(name));
  }

  id(row: number): string {
    return this.#call((session) => session.id(row));
  }

  title(row: number): string {
    return this.#call((session) => session.title(row));
  }

  popularity(row: number): number {
    return this.#call((session) => session.popularity(row));
  }

  /**
   * Sets the events that all later calls look at, oldest first. Resolves to whether all was learned
   * that their choices teach: not where the rest cannot be had, and lists are then made without.
   */
  async setHistory(events: readonly RowEvent[]): Promise<boolean> {
    const hasChoices = this.#call((session) => {
      const start = session.desk(4 * eventWords * events.length) / 4;
      const { HEAPU32, HEAPF32 } = session;
      events.forEach((event, index) => {
        const word = start + index * eventWords;
        HEAPU32[word] = event.row;
        HEAPU32[word + 1] = event.kind;
        HEAPF32[word + 2] = event.value;
        HEAPU32[word + 3] = event.type;
        HEAPU32[word + 4] = event.time; // the lower half: modulo 2^32
        HEAPU32[word + 5] = Math.floor(event.time / 2 ** 32);
      });
      return session.takeHistory(events.length);
    });
    if (hasChoices === 0) return true;
    try {
      await this.loadRest();
    } catch {
      return false;
    }
    this.#call((session) => session.learn());
    return true;
  }

  /** The row of a category in those of a category attribute; 2^32 - 1 where it has none. */
  findCategory(attribute: number, name: string): number {
    return this.#call((session) => session.findCategory(attribute, name)) >>> 0;
  }

  /** `request`: as `requestWords` makes it. */
  async recommend(count: number, request: readonly number[]): Promise<RowScore[]> {
    this.#setRequest(request);
    if (this.#call((session) => session.changesOrder()) === 1) {
      await this.loadRest();
      // Whoever called meanwhile wrote there, too.
      this.#setRequest(request);
      this.#call((session) => session.rerank(count));
    } else {
      this.#call((session) => session.best(count));
    }
    return this.#picks();
  }

  async similar(row: number, count: number, request: readonly number[]): Promise<RowScore[]> {
    await this.loadRest();
    this.#setRequest(request);
    this.#call((session) => session.similar(row, count));
    return this.#picks();
  }

  /** Of the rest. */
  ask(count: number, request: readonly number[]): RowScore[] {
    this.#setRequest(request);
    this.#call((session) => session.ask(count));
    return this.#picks();
  }

  /** Scores given rows, in the order given. */
  score(rows: readonly number[]): RowScore[] {
    this.#call((session) => {
      const start = session.desk(4 * rows.length) / 4;
      session.HEAPU32.set(rows, start);
      return session.score(rows.length);
    });
    return this.#picks();
  }

  /** What the items of the history add to a score, the largest first: `explain` in brief. */
  contributions(row: number): RowScore[] {
    return this.#call((session) => session.explain(row) && this.#contributions(session));
  }

  explain(row: number): RowExplanation {
    return this.#call((session) => {
      if (!session.explain(row)) return false;
      return {
        score: session.explainedScore(),
        base: session.explainedBase(),
        remainder: session.explainedRemainder(),
        contributions: this.#contributions(session),
        attributes: this.#shares(session, session.shares(), session.shareCount()).sort(
          (a, b) => b.amount - a.amount,
        ) as AttributeAmount[],
        adjustments: this.#shares(session, session.moved(), session.movedCount()),
      };
    });
  }

  /** Sets what the visitor asks for, in place of what was set before. */
  async adjust(adjustments: readonly RowAdjustment[]): Promise<void> {
    if (adjustments.length === 0 && !this.#isAdjusted) return;
    await this.loadRest();
    this.#call((session) => {
      const start = session.desk(4 * shareWords * adjustments.length) / 4;
      adjustments.forEach(({ attribute, category, weight }, index) => {
        const word = start + index * shareWords;
        session.HEAPU32.set([attribute, category], word);
        session.HEAPF32[word + 2] = weight;
      });
      return session.adjust(adjustments.length);
    });
    this.#isAdjusted = adjustments.length > 0;
  }

  /** Of the rest: the categories of the history and of the adjustments. */
  taste(): { attribute: string; category: string; share: number; usual: number }[] {
    return this.#call((session) => {
      if (!session.taste()) return false;
      const count = session.tasteCount();
      const shares = this.#floats(session.tastes(), count * tasteWords).slice();
      return this.#categories(session, session.tastes(), count, tasteWords).map((of, index) => ({
        attribute: of.attribute,
        category: of.category!,
        share: shares[index * tasteWords + 2]!,
        usual: shares[index * tasteWords + 3]!,
      }));
    });
  }

  /** Of the rest: lets what is known of the visit hold for all later calls. */
  setContext(cells: RowCells): void {
    this.#call((session) => {
      this.#setRow(session, cells, this.facts.features.length);
      return session.setContext();
    });
  }

  /** Of the rest: scores the cells of one row. */
  scoreRow(cells: RowCells): RowPrediction {
    return this.#call((session) => {
      this.#setRow(session, cells, 0);
      if (!session.scoreRow()) return false;
      const { length } = this.facts.features;
      return {
        numbers: this.#floats(session.rowNumbers(), 7).slice(),
        contributions: this.#floats(session.rowContributions(), 2 * length).slice(),
      };
    });
  }

  #setRow(session: WasmModule, cells: RowCells, first: number): void {
    session.clearRow();
    for (const [column, cell] of cells) {
      if (typeof cell === 'number') session.setNumber(first + column, cell);
      else for (const category of cell) session.addCategory(first + column, category);
    }
  }

  /** Copies: a view would be lost when a later call lets the memory grow. */
  attributes(): RowAttributes[] {
    return this.#call((session) =>
      Array.from({ length: session.attributeCount() }, (_, index) =>
        this.#attribute(session, index),
      ),
    );
  }

  #attribute(session: WasmModule, index: number): RowAttributes {
    const name = session.attributeName(index);
    if (session.attributeIsNumber(index)) {
      const numbers = this.#floats(session.attributeNumbers(index), this.itemCount).slice();
      return { name, kind: 'number', numbers };
    }
    const categories = Array.from({ length: session.categoryCount(index) }, (_, category) =>
      session.category(index, category),
    );
    const offsets = this.#words(session.attributeOffsets(index), this.itemCount + 1).slice();
    const count = offsets[this.itemCount] ?? 0;
    const entries = this.#words(session.attributeEntries(index), count).slice();
    return { name, kind: 'category', categories, offsets, entries };
  }

  #readFacts(bytes: number): ModelFacts {
    return this.#call((session) => ({
      bytes,
      items: this.itemCount,
      dimension: session.dimension(),
      ranker: session.hasRanker(),
      recall: 1,
      attributes: Array.from({ length: session.attributeCount() }, (_, index) => ({
        name: session.attributeName(index),
        kind: session.attributeIsNumber(index) ? 'number' : 'category',
      })),
      features: this.#columns(session, 0, session.featureCount()),
      context: this.#columns(session, session.featureCount(), session.contextCount()),
      label: session.label(),
      recipe: session.recipe(),
      producer: session.producer(),
      users: session.users(),
      interactions: session.interactions(),
      newest: session.newestMs(),
    }));
  }

  #columns(session: WasmModule, first: number, count: number): Feature[] {
    return Array.from({ length: count }, (_, index) => ({
      name: session.columnName(first + index),
      kind: session.columnIsNumber(first + index) ? 'number' : 'category',
    }));
  }

  #setRequest(words: readonly number[]): void {
    this.#call((session) => {
      const start = session.desk(4 * words.length) / 4;
      // `set` looks each number of a plain array up as a property.
      words.forEach((word, index) => (session.HEAPU32[start + index] = word));
      return true;
    });
  }

  #picks(): RowScore[] {
    return this.#call((session) => this.#pairs(session.picks(), session.pickCount()));
  }

  #contributions(session: WasmModule): RowScore[] {
    return this.#pairs(session.contributions(), session.contributionCount());
  }

  #pairs(address: number, count: number): RowScore[] {
    const rows = this.#words(address, count * pairWords);
    const scores = this.#floats(address, count * pairWords);
    const pairs: RowScore[] = [];
    for (let word = 0; word < count * pairWords; word += pairWords) {
      pairs.push({ row: rows[word]!, score: scores[word + 1]! });
    }
    return pairs;
  }

  #shares(session: WasmModule, address: number, count: number): AdjustmentAmount[] {
    const amounts = this.#floats(address, count * shareWords).slice();
    return this.#categories(session, address, count, shareWords).map((of, index) => ({
      ...of,
      amount: amounts[index * shareWords + 2]!,
    }));
  }

  /** What the first two words of each entry name; a number has no categories. */
  #categories(
    session: WasmModule,
    address: number,
    count: number,
    size: number,
  ): { attribute: string; category?: string }[] {
    const rows = this.#words(address, count * size).slice();
    return Array.from({ length: count }, (_, index) => {
      const attribute = rows[index * size]!;
      const name = { attribute: session.attributeName(attribute) };
      if (session.attributeIsNumber(attribute)) return name;
      return { ...name, category: session.category(attribute, rows[index * size + 1]!) };
    });
  }

  #words(address: number, count: number): Uint32Array {
    return this.#module!.HEAPU32.subarray(address / 4, address / 4 + count);
  }

  #floats(address: number, count: number): Float32Array {
    return this.#module!.HEAPF32.subarray(address / 4, address / 4 + count);
  }

  /** Calls into wasm; `false` from a session means that it holds an error. */
  #call<T>(work: (session: WasmModule) => T | false): T {
    const session = this.#module;
    if (session === undefined) throw this.#failure;
    let result: T | false;
    try {
      result = work(session);
    } catch (thrown) {
      // A trap leaves the instance in an unknown state: nothing in it is asked again.
      this.#module = undefined;
      this.#failure = new PalateError(
        'runtime/failed',
        `the runtime stopped: ${reasonOf(thrown)}`,
        { cause: thrown },
      );
      throw this.#failure;
    }
    if (result !== false) return result;
    const code = session.errorCode() as PalateErrorCode;
    throw new PalateError(code, session.errorMessage());
  }
}
