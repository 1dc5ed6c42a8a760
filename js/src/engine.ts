// Answers operations from a runtime and a store; the same in the page and in the worker.
import type { RowAttributes } from './catalogue.js';
import { cellsOf } from './cells.js';
import { disposed, PalateError } from './errors.js';
import { Exposures } from './fatigue.js';
import { type Entry, eventTypes, isEvent, type Store } from './history.js';
import {
  type Argument,
  type AskRequest,
  type EncoderState,
  entriesOf,
  type ExplainRequest,
  type OperationName,
  type Operations,
  type RankRequest,
  type RecommendRequest,
  type Row,
  type SimilarRequest,
  type Wish,
} from './operations.js';
import { Models, type Place } from './place.js';
import { anyItems, type ListRequest, requestWords } from './request_words.js';
import type { RowEvent, RowScore, Runtime } from './runtime.js';
import type {
  Adjustment,
  Contribution,
  Counterfactual,
  Explanation,
  Item,
  ModelFacts,
  Neighbour,
  Prediction,
  ProfileDocument,
  Question,
  Recommendation,
  Scored,
  Taste,
} from './types.js';
import { isAdjustment, keyOf, knownRows, latest, rowOf } from './wishes.js';

/** How far down a list an item's place is looked for. */
const placesAtMost = 1000;

type Name = Pick<Item, 'item' | 'title'>;

export class Engine implements Operations, Place {
  #runtime: Runtime;
  #store: Store;
  #openRuntime: (model: Uint8Array) => Promise<Runtime>;
  /** Whether the runtime holds the store's events. */
  #isCurrent = false;
  /** Whether the runtime holds a context. */
  #knowsVisit = false;
  #exposures = new Exposures();
  #isDisposed = false;
  /** Settles when everything that was asked so far is done. */
  #done: Promise<unknown> = Promise.resolve();

  constructor(
    runtime: Runtime,
    store: Store,
    openRuntime: (model: Uint8Array) => Promise<Runtime>,
  ) {
    this.#runtime = runtime;
    this.#store = store;
    this.#openRuntime = openRuntime;
  }

  get facts(): ModelFacts {
    return this.#runtime.facts;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Carries out an operation, its argument checked, after all that were asked before it. */
  call<Name extends OperationName>(operation: Name, argument: Argument<Name>): Promise<unknown> {
    return this.#next(() =>
      (this[operation] as (argument: Argument<Name>) => Promise<unknown>)(argument),
    );
  }

  readonly models = new Models(
    (model) => this.#put(model),
    () => this.#next(async () => this.#runtime.model()),
  );

  async #put(model: Uint8Array): Promise<ModelFacts> {
    // Opened beside the old one, which answers until the new one is known to be good.
    const runtime = await this.#openRuntime(model);
    return this.#next(async () => {
      this.#runtime.dispose();
      this.#runtime = runtime;
      this.#isCurrent = false;
      this.#knowsVisit = false;
      return this.facts;
    });
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#done.then(() => {
      if (this.#isDisposed) throw disposed();
      return work();
    });
    this.#done = result.catch(() => {});
    return result;
  }

  dispose(): void {
    if (!this.#isDisposed) this.#runtime.dispose();
    this.#isDisposed = true;
  }

  async record(event: Argument<'record'>): Promise<boolean> {
    const isKnown = this.#runtime.find(event.item) >= 0;
    await this.#store.append(event);
    this.#isCurrent = false;
    return isKnown;
  }

  async recommend(request: RecommendRequest): Promise<Recommendation[]> {
    const { count, excludeSeen, reasons, adjust, context } = request;
    await this.#synchronise();
    await this.#visit(context);
    try {
      for (const wish of adjust) rowOf(this.#runtime, wish);
      if (adjust.length > 0) await this.#setWishes([...(await this.#adjustments()), ...adjust]);
      const list = await this.#list(count, excludeSeen, request);
      // An item of the history is a reason for many: it is named once.
      const names = new Map<number, Name>();
      return list.map(({ row, score }) => ({
        ...this.#name(row),
        score,
        reasons: reasons === 0 ? [] : this.#reasons(row, reasons, names),
      }));
    } finally {
      this.#isCurrent &&= adjust.length === 0;
    }
  }

  async adjust(adjustment: Adjustment): Promise<void> {
    rowOf(this.#runtime, adjustment);
    await this.#store.append(adjustment);
    this.#isCurrent = false;
  }

  async undo(): Promise<Adjustment | undefined> {
    const undone = (await this.#adjustments()).at(-1);
    if (undone !== undefined) await this.#store.drop(undone.id);
    this.#isCurrent = false;
    return undone && { ...undone };
  }

  async taste({ count }: Argument<'taste'>): Promise<Taste[]> {
    await this.#synchronise();
    await this.#runtime.loadRest();
    const asked = latest(await this.#adjustments());
    const weights = new Map(asked.map((wish) => [keyOf(wish), wish.weight]));
    const tastes = this.#runtime.taste().map((one) => ({
      ...one,
      weight: one.share - one.usual,
      adjustment: weights.get(keyOf(one)) ?? 0,
    }));
    tastes.sort((a, b) => b.weight - a.weight);
    return tastes.filter(({ adjustment }, place) => place < count || adjustment !== 0);
  }

  async ask(request: AskRequest): Promise<Question[]> {
    await this.#synchronise();
    const events = (await this.#store.entries()).filter(isEvent);
    const touched = this.#runtime.rows(events.map(({ item }) => item));
    const excluded = new Set(touched.filter((row) => row >= 0));
    const words = requestWords(this.#runtime, request, { excluded });
    await this.#runtime.loadRest();
    return this.#runtime.ask(request.count, words).map(({ row, score }) => ({
      ...this.#name(row),
      score,
    }));
  }

  async rank({ items, context }: RankRequest): Promise<Scored[]> {
    await this.#synchronise();
    await this.#visit(context);
    const ids = new Map<number, string>();
    this.#runtime.rows(items).forEach((row, index) => row < 0 || ids.set(row, items[index]!));
    return this.#runtime
      .score([...ids.keys()])
      .sort((a, b) => b.score - a.score || a.row - b.row)
      .map(({ row, score }) => ({ item: ids.get(row)!, score }));
  }

  async similar(request: SimilarRequest): Promise<Neighbour[]> {
    const words = requestWords(this.#runtime, request);
    const nearest = await this.#runtime.similar(this.#row(request.item), request.count, words);
    return nearest.map(({ row, score }) => ({
      ...this.#name(row),
      score,
    }));
  }

  async explain({ item, without, context }: ExplainRequest): Promise<Explanation> {
    await this.#synchronise();
    await this.#visit(context);
    const row = this.#row(item);
    const { contributions, ...rest } = this.#runtime.explain(row);
    const named = contributions.map(({ row, score }) => ({ ...this.#name(row), amount: score }));
    return {
      item,
      ...rest,
      contributions: named,
      ...(without > 0 && { place: await this.#place(row) }),
      counterfactuals: await this.#counterfactuals(row, named.slice(0, without)),
    };
  }

  async #counterfactuals(row: number, of: readonly Contribution[]): Promise<Counterfactual[]> {
    try {
      const found: Counterfactual[] = [];
      for (const { item, title } of of) {
        await this.#synchronise(item);
        found.push({ item, title, place: await this.#place(row) });
      }
      return found;
    } finally {
      this.#isCurrent &&= of.length === 0;
    }
  }

  async #place(row: number): Promise<number | undefined> {
    const index = (await this.#list(placesAtMost, true)).findIndex((one) => one.row === row);
    return index < 0 ? undefined : index + 1;
  }

  #list(count: number, excludeSeen: boolean, request: ListRequest = anyItems): Promise<RowScore[]> {
    const words = requestWords(this.#runtime, request, {
      excludeSeen,
      handicaps: request.fatigue ? this.#exposures.handicaps(request.fatigue) : [],
    });
    return this.#runtime.recommend(count, words);
  }

  async history(): Promise<Entry[]> {
    return (await this.#store.entries()).map((entry) => ({ ...entry }));
  }

  async forget(item?: string): Promise<number> {
    const removed = await this.#store.remove(item);
    this.#isCurrent = false;
    return removed;
  }

  async erase(): Promise<number> {
    return this.forget();
  }

  async import(profile: ProfileDocument): Promise<number> {
    this.#isCurrent = false;
    let added = 0;
    for (const entry of entriesOf(profile)) if (await this.#store.append(entry)) ++added;
    return added;
  }

  async encoderState(): Promise<EncoderState> {
    await this.#synchronise();
    return { model: this.#runtime.checksum, words: this.#runtime.encoderState() };
  }

  async restoreEncoder({ model, words }: EncoderState): Promise<boolean> {
    return model === this.#runtime.checksum && this.#runtime.restoreEncoder(words);
  }

  async item(id: string): Promise<Item | undefined> {
    const row = this.#runtime.find(id);
    return row < 0 ? undefined : this.#facts(row, this.#runtime.attributes());
  }

  async items(): Promise<Item[]> {
    const attributes = this.#runtime.attributes();
    return Array.from({ length: this.#runtime.itemCount }, (_, row) =>
      this.#facts(row, attributes),
    );
  }

  async score(row: Row): Promise<Prediction> {
    const { features } = this.facts;
    if (features.length === 0) {
      throw new PalateError('model/unsupported', 'the model ranks items and scores no features');
    }
    await this.#runtime.loadRest();
    const cells = cellsOf(features, row, 'feature');
    const { numbers, contributions } = this.#runtime.scoreRow(cells);
    const [score, linearScore, sum, base, remainder, linearSum, linearBase] =
      numbers as unknown as [number, number, number, number, number, number, number];
    return {
      score,
      sum,
      base,
      remainder,
      reasons: features
        .map(({ name }, index) => ({
          feature: name,
          amount: contributions[2 * index]!,
          linear: contributions[2 * index + 1]!,
        }))
        .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount)),
      linear: { score: linearScore, sum: linearSum, base: linearBase },
    };
  }

  /** Lets the runtime know what the page says of the visit, for this call alone. */
  async #visit(context: Row): Promise<void> {
    const cells = cellsOf(this.facts.context, context, 'context');
    if (cells.length === 0 && !this.#knowsVisit) return;
    await this.#runtime.loadRest();
    this.#runtime.setContext(cells);
    this.#knowsVisit = cells.length > 0;
  }

  async #adjustments(): Promise<Adjustment[]> {
    return (await this.#store.entries()).filter(isAdjustment);
  }

  #setWishes(wishes: readonly Wish[]): Promise<void> {
    return this.#runtime.adjust(knownRows(this.#runtime, latest(wishes)));
  }

  /** Gives the runtime the history, or what it would be without an item, and the adjustments. */
  async #synchronise(without?: string): Promise<void> {
    const entries = await this.#store.entries();
    if (this.#isCurrent && without === undefined) return;
    await this.#setWishes(entries.filter(isAdjustment));
    const events = entries.filter(isEvent);
    const rows: RowEvent[] = [];
    this.#exposures.clear();
    const found = this.#runtime.rows(events.map(({ item }) => item));
    for (const [index, { item, type, value = NaN, time }] of events.entries()) {
      if (item === without) continue;
      const row = found[index]!;
      // The model may know the item tomorrow: it stays in the history and counts nothing today.
      if (row < 0) continue;
      this.#exposures.add(row, type, time);
      const kind = eventTypes.indexOf(type) + 1;
      rows.push({ row, kind, value, type: this.#runtime.eventType(type), time });
    }
    this.#isCurrent = await this.#runtime.setHistory(rows);
  }

  /** The row of an item that has to be known. */
  #row(item: string): number {
    const row = this.#runtime.find(item);
    if (row >= 0) return row;
    throw new PalateError('request/invalid', `the model knows no item ${JSON.stringify(item)}`);
  }

  #reasons(row: number, count: number, names: Map<number, Name>): Contribution[] {
    const reasons = this.#runtime.contributions(row).filter(({ score }) => score > 0);
    return reasons.slice(0, count).map(({ row: known, score }) => {
      if (!names.has(known)) names.set(known, this.#name(known));
      return { ...names.get(known)!, amount: score };
    });
  }

  #name(row: number): Name {
    return { item: this.#runtime.id(row), title: this.#runtime.title(row) };
  }

  #facts(row: number, attributes: readonly RowAttributes[]): Item {
    const entries = attributes
      .map((attribute) => [attribute.name, valueOf(attribute, row)] as const)
      .filter((entry): entry is readonly [string, number | string[]] => entry[1] !== undefined);
    return {
      ...this.#name(row),
      popularity: this.#runtime.popularity(row),
      // Own properties whatever their names are, `__proto__` included.
      attributes: Object.fromEntries(entries),
    };
  }
}

function valueOf(attribute: RowAttributes, row: number): number | string[] | undefined {
  if (attribute.kind === 'number') {
    const number = attribute.numbers[row]!;
    return Number.isNaN(number) ? undefined : number;
  }
  const { categories, offsets, entries } = attribute;
  const own = Array.from(
    entries.subarray(offsets[row], offsets[row + 1]),
    (entry) => categories[entry]!,
  );
  return own.length === 0 ? undefined : own;
}
