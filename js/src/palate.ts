// The package's face: one class that loads a model and answers for one visitor.
/// <reference lib="esnext.disposable" preserve="true" />
// All from one place: each statement would be one more in the script that a page loads.
import {
  checkLearning,
  checkObject,
  checks,
  isEvent,
  named,
  profileDocument,
  readModelFile,
} from './common.js';
import { PalateError } from './errors.js';
import { openModel, wasmSource } from './opening.js';
import type { OperationName, Operations } from './operations.js';
import type { Place } from './place.js';
import type { Profile } from './profile/lasting.js';
import type {
  Adjustment,
  AdjustmentInput,
  AskOptions,
  EventInput,
  ExplainOptions,
  Explanation,
  Features,
  HistoryEvent,
  Item,
  ItemId,
  LoadOptions,
  ModelFacts,
  ModelSource,
  Neighbour,
  NewItem,
  Prediction,
  ProfileDocument,
  ProfileStatus,
  Question,
  Recommendation,
  RecommendOptions,
  Scored,
  SimilarOptions,
  Taste,
  TasteOptions,
  TrainOptions,
  TrainRow,
  UpdateOptions,
  VisitOptions,
} from './types.js';
import type { WasmSource } from './wasm_file.js';

export { PalateError };
export type { PalateErrorCode } from './errors.js';
export type * from './types.js';

// Browsers without `using` lack the symbol; the name is the one that compilers agree on.
const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/**
 * A model with one visitor's history, which never leaves the browser: it is kept in memory, or with
 * the option `profile` from one visit to the next.
 *
 * ```ts
 * const palate = await Palate.load('/model.palate');
 * await palate.record({ item: '318', type: 'like' });
 * const picks = await palate.recommend({ count: 10 });
 * ```
 *
 * Calls take effect in the order in which they are made, awaited or not. After `dispose` every call
 * rejects with the code `disposed`; an argument that is out of its range rejects with
 * `request/invalid`.
 */
export class Palate {
  #place: Place;
  /** Of what adds items. */
  #wasm: WasmSource;
  #profile: Profile | undefined;
  #watchers: Watchers;

  /**
   * Loads a model. Rejects with a `PalateError`: `fetch/…` if it cannot be downloaded, `model/…` if
   * the file is refused, `runtime/…` if the browser cannot run it.
   */
  static async load(source: ModelSource, options: LoadOptions = {}): Promise<Palate> {
    const wasm = {
      core: wasmSource(options.wasm, 'wasm'),
      rest: wasmSource(options.wasmRest, 'wasmRest'),
    };
    const wasmItems = wasmSource(options.wasmItems, 'wasmItems');
    checkLearning(options.learning);
    const watchers: Watchers = new Set();
    const watched = watchedOptions(options, () => call(watchers));
    const script = options.profile && import('./profile.js');
    script?.catch(() => {});
    const place = await openModel(source, watched, wasm);
    if (script === undefined) return new Palate(place, wasmItems, watchers);
    try {
      const { openProfile } = await script;
      const profile = await openProfile(place, watched.profile!);
      options.signal?.throwIfAborted();
      return new Palate(place, wasmItems, watchers, profile);
    } catch (thrown) {
      place.dispose();
      throw thrown;
    }
  }

  /**
   * Trains a model of rows, for a site without a server: its file's bytes, for `load`, `update` or to
   * be kept. Rejects with `request/invalid` for a row or an item that cannot be used, which the
   * message names, before anything is trained; with `data/empty` where no row is left.
   *
   * ```ts
   * const model = await Palate.train([{ user: 'ann', item: '318' }, { user: 'ben', item: '527' }]);
   * const palate = await Palate.load(model);
   * ```
   */
  static async train(
    rows: Iterable<TrainRow>,
    options: TrainOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const wasm = wasmSource(options.wasm, 'wasm');
    const { train } = await import('./train.js');
    return train(rows, options, wasm);
  }

  private constructor(place: Place, wasm: WasmSource, watchers: Watchers, profile?: Profile) {
    this.#wasm = wasm;
    this.#watchers = watchers;
    this.#place = profile ?? place;
    this.#profile = profile;
  }

  /** What the model file says of itself. */
  get model(): ModelFacts {
    return this.#place.facts;
  }

  /** How many threads look through the catalogue: more than one where the option `threads` has them. */
  get threads(): number {
    return this.#place.threads ?? 1;
  }

  /**
   * Loads another model and puts it in the place of this one at once, between two calls; the
   * history stays. Where it rejects, the old model stays.
   */
  async update(source: ModelSource, options: UpdateOptions = {}): Promise<ModelFacts> {
    const { models } = this.#place;
    if (options.delta !== undefined) {
      const { byDelta } = await import('./delta.js');
      const put = (model: Uint8Array<ArrayBuffer>) => models.replace(model);
      const facts = await byDelta(await models.file(), options, put);
      if (facts !== undefined) return this.#changed(facts);
    }
    const model = await readModelFile(source, options);
    return this.#changed(await named(source, models.replace(model)));
  }

  /**
   * Adds items that the model lacks: they are listed, explained, similar to others and counted like
   * its own, in this page, and are added again to a model that takes its place and lacks them. An item
   * is placed by its vector, or by the attributes it shares with others where the model was trained
   * with `--content-map`. Resolves to what the model then knows of them. Rejects with
   * `request/invalid` for an item that it has already or cannot place, with `model/unsupported`
   * where it can place none; nothing is added then.
   */
  async addItems(items: Iterable<NewItem>): Promise<Item[]> {
    const { addItems } = await import('./new_items.js');
    return this.#changed(await addItems(items, this.#place, this.#wasm));
  }

  /**
   * Has `listener` called when lists made before are out of date though nothing was recorded or
   * forgotten here: another tab has changed the history, or another model has taken the place of
   * this one. Returns how to end that; `dispose` ends it too.
   */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  /**
   * Adds an event to the history; the next list takes it into account. Resolves to whether it counts:
   * an item that the model does not know stays in the history and counts nothing, and while the
   * profile is paused nothing is added. With the option
   * `profile`, resolves when the event is as durable as asked for, and rejects with `profile/…` where
   * it is not: it is then held in memory, and written as soon as the store works again.
   */
  async record(event: EventInput): Promise<boolean> {
    return this.#do('record', event);
  }

  /** The best items for this visitor, best first. A new visitor gets the popular ones. */
  async recommend(options: RecommendOptions = {}): Promise<Recommendation[]> {
    return this.#do('recommend', options);
  }

  /**
   * What to ask a visitor about, in a taste quiz for instance: popular items whose answers are least
   * foretold by those before them and by the history; none that an event was recorded of. Record the answers as events (`like`,
   * `dislike`, or `skip` where the visitor does not know the item), and ask again or recommend.
   */
  async ask(options: AskOptions = {}): Promise<Question[]> {
    return this.#do('ask', options);
  }

  /** Puts given items in order, best first, each once. Those that the model lacks are left out. */
  async rank(items: readonly ItemId[], options: VisitOptions = {}): Promise<Scored[]> {
    return this.#do('rank', { ...options, items });
  }

  /** The items nearest to one, whoever the visitor is. */
  async similar(item: ItemId, options: SimilarOptions = {}): Promise<Neighbour[]> {
    return this.#do('similar', { ...options, item });
  }

  /** Why an item has its score, and where it would stand without items of the history. */
  async explain(item: ItemId, options: ExplainOptions = {}): Promise<Explanation> {
    return this.#do('explain', { ...options, item });
  }

  /**
   * The categories of the visitor's history, those first whose share is furthest above what is usual,
   * and after them any further ones that they have adjusted: a profile to show and to edit.
   */
  async taste(options: TasteOptions = {}): Promise<Taste[]> {
    return this.#do('taste', options);
  }

  /**
   * More or less of something, from now on; the last word on a category or number counts. Kept,
   * exported and erased with the history, and no item is ever forgotten by it. Rejects with
   * `request/invalid` for what the model does not know. To try one first:
   * `recommend({ adjust: [adjustment] })`.
   */
  async adjust(adjustment: AdjustmentInput): Promise<void> {
    return this.#do('adjust', adjustment);
  }

  /** Takes the newest adjustment back; resolves to it, or to `undefined` where there is none. */
  async undo(): Promise<Adjustment | undefined> {
    return this.#do('undo', undefined);
  }

  /** All adjustments, oldest first, those that later ones have replaced included. */
  async adjustments(): Promise<Adjustment[]> {
    return (await this.#do('history', undefined)).filter((entry) => entry.type === 'adjust');
  }

  /**
   * What a model of the recipe `click` makes of a row of features, and why. Rejects with
   * `request/invalid` for a column that the model does not know or a value of another kind.
   */
  async score(features: Features): Promise<Prediction> {
    return this.#do('score', features);
  }

  /** All events, oldest first. */
  async history(): Promise<HistoryEvent[]> {
    return (await this.#do('history', undefined)).filter(isEvent);
  }

  /**
   * Removes every event of an item from the history, in the store and in all tabs; resolves to how
   * many there were. Lists are then what they would be had there been none. Rejects with
   * `profile/…` where something is still stored.
   */
  async forget(item: ItemId): Promise<number> {
    return this.#do('forget', item);
  }

  /** Removes all events and adjustments, as `forget` does; resolves to how many there were. */
  async erase(): Promise<number> {
    return this.#do('erase', undefined);
  }

  /** The history and the adjustments as JSON, for the visitor to take along. */
  async export(): Promise<ProfileDocument> {
    return profileDocument(await this.#do('history', undefined));
  }

  /**
   * Adds what an exported history has and this one has not, by their ids; resolves to how many
   * entries they were. One that is malformed rejects with `request/invalid`, and nothing is added.
   */
  async import(profile: ProfileDocument): Promise<number> {
    return this.#do('import', profile);
  }

  /** Where the history is kept. */
  get profile(): ProfileStatus {
    const none = { store: 'memory', consent: false, paused: false, waiting: 0 } as const;
    return this.#profile?.status ?? none;
  }

  /**
   * From now on new events are left out: `record` resolves to `false`. In all tabs with this profile,
   * and at later visits, until `resume`. Rejects with `profile/…` where that cannot be stored; it
   * holds in this page all the same.
   */
  async pause(): Promise<void> {
    return this.#lasting().setPaused(true);
  }

  /** Ends a pause. */
  async resume(): Promise<void> {
    return this.#lasting().setPaused(false);
  }

  /**
   * The visitor agrees to what the option `profile` keeps: events of this page are stored from now
   * on, those before included. With `false`, what is stored is deleted, and the history with it.
   */
  async consent(given: boolean): Promise<void> {
    return this.#lasting().setConsent(given);
  }

  /** What the model knows of an item; `undefined` where it knows none of this id. */
  async item(item: ItemId): Promise<Item | undefined> {
    return this.#do('item', item);
  }

  /** The whole catalogue, most popular first. */
  async items(): Promise<Item[]> {
    return this.#do('items', undefined);
  }

  /** Frees the model and the history, and ends the worker. */
  dispose(): void {
    this.#watchers.clear();
    this.#place.dispose();
  }

  /** The same as `dispose`, for `using`. */
  [disposeSymbol](): void {
    this.dispose();
  }

  /** Tells of a change; returns what came of it. */
  #changed<T>(result: T): T {
    call(this.#watchers);
    return result;
  }

  #lasting(): Profile {
    if (this.#profile !== undefined) return this.#profile;
    throw new PalateError('request/invalid', 'load the model with the option profile');
  }

  /** Checks the argument here, where the caller's stack is, and has the operation carried out. */
  #do<Name extends OperationName>(operation: Name, given: unknown): ReturnType<Operations[Name]> {
    return this.#place.call(operation, checks[operation](given)) as ReturnType<Operations[Name]>;
  }
}

type Watchers = Set<() => void>;

/** What one throws goes to the page, as uncaught, and not to the others or to what they watch. */
function call(watchers: Watchers): void {
  for (const watcher of [...watchers]) {
    try {
      watcher();
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}

/** Tells of what changes the lists from outside, besides what the page wants to be told. */
function watchedOptions(options: LoadOptions, changed: () => void): LoadOptions {
  const { profile, onCache } = options;
  if (profile) checkObject(profile, 'profile');
  return {
    ...options,
    onCache: (event) => {
      onCache?.(event);
      if (event.state === 'updated') changed();
    },
    profile: profile && {
      ...profile,
      onChange: () => {
        profile.onChange?.();
        changed();
      },
    },
  };
}
