// The WebAssembly runtime with one model in it: rows and numbers of what `Engine` is asked by names.
import { type RowAttributes, readAttributes, readFacts } from './catalogue.js';
import type { Exports } from './exports.js';
import { type Instance, instantiate } from './instance.js';
import { isKnownIntact } from './integrity.js';
import { defaultLearning, type LearningSettings } from './learning.js';
import { bits, Session } from './session.js';
import type { AdjustmentAmount, AttributeAmount, ModelFacts } from './types.js';
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

// Sizes in words of 4 bytes; wasm/exports.cc asserts them.
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
  return { ...instance, address: instance.exports.allocate(size) >>> 0 };
}

export function holds({ memory }: Berth, model: Uint8Array): boolean {
  return model.buffer === memory.bytes.buffer;
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
    const { memory, loadRest, address } = berth;
    if (address !== 0 && !holds(berth, model)) memory.bytes.set(model, address);
    const file = memory.bytes.subarray(address, address + model.length);
    const wasCompared = address !== 0 && (await isKnownIntact(file));
    const session = new Session(berth);
    if (session.call((wasm) => wasm.needsRest()) === 1) await loadRest();
    session.do((wasm) => wasm.open(learning.halfLife / day, learning.choices, wasCompared));
    return new Runtime(berth, session, readFacts(session, model.length));
  }

  private constructor({ loadRest, address }: Berth, session: Session, facts: ModelFacts) {
    this.#session = session;
    this.#address = address;
    this.loadRest = loadRest;
    this.facts = facts;
  }

  /** Lists are exact until the code for the model's index is there, and where it cannot be had. */
  async useIndex(): Promise<void> {
    if (this.#session.call((wasm) => wasm.hasIndex()) === 0) return;
    try {
      await this.loadRest();
    } catch {
      return;
    }
    this.#session.do((wasm) => wasm.useIndex());
    this.facts.recall = this.#session.call((wasm) => wasm.indexRecall());
  }

  /** Lets all memory go; nothing may be asked afterwards. */
  dispose(): void {
    this.#session.dispose();
  }

  /** A copy of the model's file. */
  model(): Uint8Array<ArrayBuffer> {
    return this.#session.call((_, { bytes }) =>
      bytes.slice(this.#address, this.#address + this.facts.bytes),
    );
  }

  /** The row of an id, or -1. */
  find(id: string): number {
    return this.rows([id])[0]!;
  }

  /** The rows of ids, each as `find` has it. */
  rows(ids: readonly string[]): Int32Array {
    return this.#session.call((wasm, memory) => {
      const head = 4 * ids.length;
      const start = wasm.desk(ids.reduce((room, { length }) => room + 3 * length, head)) >>> 0;
      let end = start + head;
      ids.forEach((id, index) => {
        const length = memory.write(id, end);
        memory.words[start / 4 + index] = length;
        end += length;
      });
      const rows = wasm.find(ids.length) >>> 0;
      return new Int32Array(memory.bytes.buffer, rows, ids.length).slice();
    });
  }

  /** The number of a type of events, 0 where the model does not tell it from others. */
  eventType(name: string): number {
    const size = this.#session.writeText(name);
    return this.#session.call((wasm) => wasm.eventType(size));
  }

  id(row: number): string {
    return this.#session.text((wasm) => wasm.id(row));
  }

  title(row: number): string {
    return this.#session.text((wasm) => wasm.title(row));
  }

  popularity(row: number): number {
    return this.#session.call((wasm) => wasm.popularity(row)) >>> 0;
  }

  /**
   * Sets the events that all later calls look at, oldest first. Resolves to whether all was learned
   * that their choices teach: not where the rest cannot be had, and lists are then made without.
   */
  async setHistory(events: readonly RowEvent[]): Promise<boolean> {
    const hasChoices = this.#session.call((wasm, memory) => {
      const start = wasm.desk(4 * eventWords * events.length) >>> 2;
      const { words, floats } = memory;
      events.forEach((event, index) => {
        const word = start + index * eventWords;
        words[word] = event.row;
        words[word + 1] = event.kind;
        floats[word + 2] = event.value;
        words[word + 3] = event.type;
        words[word + 4] = event.time; // the lower half: modulo 2^32
        words[word + 5] = Math.floor(event.time / 2 ** 32);
      });
      return wasm.takeHistory(events.length);
    });
    if (hasChoices === 0) return true;
    try {
      await this.loadRest();
    } catch {
      return false;
    }
    this.#session.do((wasm) => wasm.learn());
    return true;
  }

  /** The row of a category in those of a category attribute; 2^32 - 1 where it has none. */
  findCategory(attribute: number, name: string): number {
    const size = this.#session.writeText(name);
    return this.#session.call((wasm) => wasm.findCategory(attribute, size)) >>> 0;
  }

  /** `request`: as `requestWords` makes it. */
  async recommend(count: number, request: readonly number[]): Promise<RowScore[]> {
    this.#session.write(request);
    if (this.#session.call((wasm) => wasm.changesOrder()) === 1) {
      await this.loadRest();
      // Whoever called meanwhile wrote there, too.
      this.#session.write(request);
      this.#session.do((wasm) => wasm.rerank(count));
    } else {
      this.#session.do((wasm) => wasm.best(count));
    }
    return this.#picks();
  }

  async similar(row: number, count: number, request: readonly number[]): Promise<RowScore[]> {
    await this.loadRest();
    this.#session.write(request);
    this.#session.do((wasm) => wasm.similar(row, count));
    return this.#picks();
  }

  /** Of the rest. */
  ask(count: number, request: readonly number[]): RowScore[] {
    this.#session.write(request);
    this.#session.do((wasm) => wasm.ask(count));
    return this.#picks();
  }

  /** Scores given rows, in the order given. */
  score(rows: readonly number[]): RowScore[] {
    this.#session.write(rows);
    this.#session.do((wasm) => wasm.score(rows.length));
    return this.#picks();
  }

  /** What the items of the history add to a score, the largest first: `explain` in brief. */
  contributions(row: number): RowScore[] {
    this.#session.do((wasm) => wasm.explain(row));
    return this.#pairs((wasm) => wasm.contributions());
  }

  explain(row: number): RowExplanation {
    const word = this.#session.do((wasm) => wasm.explain(row)) >>> 2;
    const [score, base, remainder] = this.#session.call((_, { floats }) =>
      floats.slice(word, word + 3),
    );
    return {
      score: score!,
      base: base!,
      remainder: remainder!,
      contributions: this.#pairs((wasm) => wasm.contributions()),
      attributes: this.#shares((wasm) => wasm.shares()).sort(
        (a, b) => b.amount - a.amount,
      ) as AttributeAmount[],
      adjustments: this.#shares((wasm) => wasm.moved()),
    };
  }

  /** Sets what the visitor asks for, in place of what was set before. */
  async adjust(adjustments: readonly RowAdjustment[]): Promise<void> {
    if (adjustments.length === 0 && !this.#isAdjusted) return;
    await this.loadRest();
    this.#session.write(
      adjustments.flatMap(({ attribute, category, weight }) => [attribute, category, bits(weight)]),
    );
    this.#session.do((wasm) => wasm.adjust(adjustments.length));
    this.#isAdjusted = adjustments.length > 0;
  }

  /** Of the rest: the categories of the history and of the adjustments. */
  taste(): { attribute: string; category: string; share: number; usual: number }[] {
    this.#session.do((wasm) => wasm.taste());
    return this.#entries((wasm) => wasm.tastes(), tasteWords).map(
      ({ attribute, category, numbers: [share, usual] }) => ({
        attribute,
        category: category!,
        share: share!,
        usual: usual!,
      }),
    );
  }

  /** Of the rest: lets what is known of the visit hold for all later calls. */
  setContext(cells: RowCells): void {
    this.#setRow(cells, this.facts.features.length);
    this.#session.do((wasm) => wasm.setContext());
  }

  /** Of the rest: scores the cells of one row. */
  scoreRow(cells: RowCells): RowPrediction {
    this.#setRow(cells, 0);
    this.#session.do((wasm) => wasm.scoreRow());
    return this.#session.call((wasm, memory) => ({
      numbers: memory.list(wasm.rowNumbers()).floats.slice(),
      contributions: memory.list(wasm.rowContributions(), pairWords).floats.slice(),
    }));
  }

  #setRow(cells: RowCells, first: number): void {
    const session = this.#session;
    session.call((wasm) => wasm.clearRow());
    for (const [column, cell] of cells) {
      if (typeof cell === 'number') session.call((wasm) => wasm.setNumber(first + column, cell));
      else
        for (const category of cell) {
          const size = session.writeText(category);
          session.call((wasm) => wasm.addCategory(first + column, size));
        }
    }
  }

  attributes(): RowAttributes[] {
    return readAttributes(this.#session, this.facts);
  }

  #picks(): RowScore[] {
    return this.#pairs((wasm) => wasm.picks());
  }

  #pairs(stretchOf: (wasm: Exports) => number): RowScore[] {
    return this.#session.call((wasm, memory) => {
      const { words, floats } = memory.list(stretchOf(wasm), pairWords);
      const pairs: RowScore[] = [];
      for (let word = 0; word < words.length; word += pairWords) {
        pairs.push({ row: words[word]!, score: floats[word + 1]! });
      }
      return pairs;
    });
  }

  #shares(stretchOf: (wasm: Exports) => number): AdjustmentAmount[] {
    const shares = this.#entries(stretchOf, shareWords);
    return shares.map(({ numbers, ...of }) => ({ ...of, amount: numbers[0]! }));
  }

  /** What the first two words of each name, and the numbers behind them; a number has no categories. */
  #entries(
    stretchOf: (wasm: Exports) => number,
    size: number,
  ): { attribute: string; category?: string; numbers: Float32Array }[] {
    return this.#session.call((wasm, memory) => {
      const words = memory.list(stretchOf(wasm), size).words.slice();
      const floats = new Float32Array(words.buffer);
      return Array.from({ length: words.length / size }, (_, index) => {
        const place = index * size;
        const attribute = words[place]!;
        const numbers = floats.subarray(place + 2, place + size);
        const name = { attribute: memory.text(wasm.attributeName(attribute)), numbers };
        if (wasm.attributeIsNumber(attribute) === 1) return name;
        return { ...name, category: memory.text(wasm.category(attribute, words[place + 1]!)) };
      });
    });
  }
}
