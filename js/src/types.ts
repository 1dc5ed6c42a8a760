// The shapes of what goes into Palate and of what comes out.
import type { PalateError } from './errors.js';

/** An item's id, as it stood in the interaction log: `318` and `'318'` are one item. */
export type ItemId = string | number;

/**
 * What a visitor did. `rate` carries a value, on the scale of the log's own ratings, and `dwell` the
 * seconds that were spent. A `dislike` takes back what the item's earlier events said, and keeps the
 * item out of the lists until a later event speaks for it. An item that was shown, by an `impression`,
 * or passed over, by a `skip`, sinks for a while where a list asks for that
 * (`RecommendOptions.fatigue`). `dwell` is kept in the history and does not change the lists.
 */
export type EventType =
  'view' | 'like' | 'dislike' | 'cart' | 'buy' | 'rate' | 'impression' | 'skip' | 'dwell';

/** An event to record. */
export interface EventInput {
  /** What it happened to; the model need not know it. */
  item: ItemId;
  /** What happened. */
  type: EventType;
  /** The rating with `rate`, the seconds with `dwell`; only there. */
  value?: number | undefined;
  /** When it happened, in milliseconds since 1970 or as a date. Default: now. */
  time?: number | Date | undefined;
  /** The same id twice is one event, so recording can be tried again. Default: a random one. */
  id?: string | undefined;
}

/** One event of the history. */
export interface HistoryEvent {
  /** Unique; says nothing of the visitor. */
  id: string;
  /** What it happened to. */
  item: string;
  /** What happened. */
  type: EventType;
  /** The rating of a `rate`, the seconds of a `dwell`. */
  value?: number;
  /** Milliseconds since 1970-01-01 UTC. */
  time: number;
}

/**
 * Which items may be listed. What is left out is left out within the search, so a list is as long as
 * if the catalogue held nothing else. Ids that the model does not know are passed over.
 */
export interface FilterOptions {
  /** Never these. */
  exclude?: readonly ItemId[] | undefined;
  /** None but these. */
  only?: readonly ItemId[] | undefined;
  /**
   * Items whose attributes are so, all of them: a category or a number, several of which one will
   * do, or a range of numbers, as in `{ genre: ['War', 'Drama'], year: { min: 1990 } }`. A missing
   * value will not do. Attributes that the model lacks are refused.
   */
  where?:
    | Readonly<Record<string, string | number | readonly (string | number)[] | NumberRange>>
    | undefined;
}

/** Both ends belong to it; one that is left out is open. */
export interface NumberRange {
  /** The smallest number. */
  min?: number | undefined;
  /** The largest. */
  max?: number | undefined;
}

/** How items sink that were shown. */
export interface Fatigue {
  /** By how much at most: 1 is what the scores of all candidates differ by. */
  strength: number;
  /** Milliseconds after which half of an exposure is left. Default: 3 days. */
  halfLife?: number | undefined;
}

/** How far a list tries what might be liked. */
export interface Exploration {
  /** 1: as far as the visitor's vector is uncertain. */
  strength: number;
  /** The same one gives the same list. Default: another one each time. */
  seed?: number | undefined;
}

/** How a list is made of items that differ. */
export interface Diversity {
  /** Maximal marginal relevance, or a determinantal point process. Default: `mmr`. */
  method?: 'mmr' | 'dpp' | undefined;
  /** 0 (none) to 1. */
  strength: number;
}

/** What to recommend. */
export interface RecommendOptions extends FilterOptions {
  /** How many items at most. Default: 10. */
  count?: number | undefined;
  /** Leave out the items of the history. Default: true. */
  excludeSeen?: boolean | undefined;
  /** How many reasons a pick at most; with 0 no time is spent on them. Default: 3. */
  reasons?: number | undefined;
  /** What the list would be with these adjustments too. Nothing of them is kept. */
  adjust?: readonly AdjustmentInput[] | undefined;
  /**
   * These come first, in this order, whatever the filter says, unless `exclude` names them or the
   * visitor dislikes them. They count for all that follows.
   */
  pin?: readonly ItemId[] | undefined;
  /** At most so many items of any one category: `{ director: 2 }`. */
  atMost?: Readonly<Record<string, number>> | undefined;
  /** At least so many items of a category, if there are any: `{ genre: { Documentary: 2 } }`. */
  atLeast?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  /**
   * How much likeness to the items above counts against an item, beside its score: 0 (nothing) to 1.
   * By maximal marginal relevance, or by a determinantal point process, which looks at all items
   * above and not only at the nearest one. Default: 0.
   */
  diversity?: number | Diversity | undefined;
  /**
   * How much popularity counts against an item: 1 is as much for the most popular one as the scores
   * of all candidates differ by. Default: 0.
   */
  popularity?: number | undefined;
  /** How much newer items come up. Default: not at all. */
  freshness?: Freshness | undefined;
  /**
   * How much an item sinks that was shown or passed over and not taken since: by `strength` · (1 -
   * 2^(-exposure)), with an exposure of 0.1 for an impression and 1 for a skip, of which half is left
   * after `halfLife` milliseconds. With 1 an item that is shown for ever sinks by as much as the
   * scores of all candidates differ by. Default: 0, not at all; the half-life's is 3 days.
   */
  fatigue?: number | Fatigue | undefined;
  /**
   * How far the list tries what might be liked: it is made for a vector drawn from what is still
   * possible of this visitor's (Thompson sampling), its deviations times `strength`; 1 is the
   * posterior's own. The same `seed`, a whole number below 2^32, gives the same list; by default it is
   * another one each time.
   * For models that fold in (recipes `ials`, `rating` and hybrids of them); others refuse it. The list
   * of a new visitor stays as it is. Default: 0.
   */
  explore?: number | Exploration | undefined;
  /** How many of the best items are put in order so. Default: 100, or `count` if that is more. */
  pool?: number | undefined;
}

/** An item gains `weight` · 2^(-age / `halfLife`); one without a number gains nothing. */
export interface Freshness {
  /** The number that says how new an item is, in whatever unit. */
  attribute: string;
  /** The age, in that unit, at which half is left of the gain. */
  halfLife: number;
  /** 1 is as much as the scores of all candidates differ by. Default: 0.2. */
  weight?: number | undefined;
  /** What age is counted from, in that unit. Default: the newest item of the catalogue. */
  now?: number | undefined;
}

/** What to ask about. */
export interface AskOptions extends FilterOptions {
  /** How many items at most. Default: 5. */
  count?: number | undefined;
}

/** An item to ask about; its score is its popularity. */
export interface Question extends Scored {
  /** Empty where the model has no titles. */
  title: string;
}

/** How similar items are listed. */
export interface SimilarOptions extends FilterOptions {
  /** How many items at most. Default: 10. */
  count?: number | undefined;
}

/** An item with its score: the higher, the better. Scores compare within one list only. */
export interface Scored {
  /** The item's id, as a text. */
  item: string;
  /** The higher, the better. */
  score: number;
}

/** What one item of the history adds to a score. */
export interface Contribution {
  /** The item of the history. */
  item: string;
  /** Empty where the model has no titles. */
  title: string;
  /** What it adds; negative where it speaks against. */
  amount: number;
}

/** An item near to another. `score` is the cosine of their vectors; without vectors, a weight. */
export interface Neighbour extends Scored {
  /** Empty where the model has no titles. */
  title: string;
}

/** One line of a ranked list. */
export interface Recommendation extends Scored {
  /** Empty where the model has no titles. */
  title: string;
  /** Items of the history that speak for this one, the strongest first; none for a newcomer. */
  reasons: Contribution[];
}

/** What of a score comes through a category that the item and items of the history have. */
export interface AttributeAmount {
  /** The attribute's name, such as `genre`. */
  attribute: string;
  /** The category, such as `War`. */
  category: string;
  /** What comes through it; negative where it speaks against. */
  amount: number;
}

/** What an adjustment of the visitor's adds to a score. */
export interface AdjustmentAmount {
  /** The attribute's name. */
  attribute: string;
  /** The category; left out where the attribute is a number. */
  category?: string;
  /** What it adds; negative where it takes away. */
  amount: number;
}

/** More or less of something, as the visitor wishes. */
export interface AdjustmentInput {
  /** The name of an attribute of the model, such as `genre`. */
  attribute: string;
  /** One of its categories, such as `War`; left out where the attribute is a number. */
  category?: string | undefined;
  /**
   * From -10 to 10: by how many standard deviations of the visitor's scores every item of the
   * category is moved up or down; for a number, times how many deviations it is above the
   * catalogue's mean. 0 takes back what was said before.
   */
  weight: number;
}

/** An adjustment as it is kept. */
export interface Adjustment {
  /** Unique; says nothing of the visitor. */
  id: string;
  /** Tells it from an event. */
  type: 'adjust';
  /** The attribute's name. */
  attribute: string;
  /** The category; left out where the attribute is a number. */
  category?: string;
  /** As it was given. */
  weight: number;
  /** Milliseconds since 1970-01-01 UTC. */
  time: number;
}

/** How tastes are listed. */
export interface TasteOptions {
  /** How many at most. Default: 10. */
  count?: number | undefined;
}

/** A category of the visitor's history, or one that they have adjusted. */
export interface Taste {
  /** The attribute's name. */
  attribute: string;
  /** The category. */
  category: string;
  /** `share` - `usual`, from -1 to 1. */
  weight: number;
  /** Of the history's weight on items of the category, from 0 to 1. */
  share: number;
  /** Of all interactions of the training log, from 0 to 1. */
  usual: number;
  /** The weight of the visitor's own adjustment; 0 where there is none. */
  adjustment: number;
}

/** How an explanation is told. */
export interface ExplainOptions {
  /**
   * For how many items of the history, the strongest reasons first, to compute where this one would
   * stand without them. Each takes as long as a list. Default: 0.
   */
  without?: number | undefined;
}

/** Where the explained item would stand, had there been nothing with an item of the history. */
export interface Counterfactual {
  /** The item of the history. */
  item: string;
  /** Empty where the model has no titles. */
  title: string;
  /** As `Explanation.place`. */
  place: number | undefined;
}

/**
 * Why an item has its score: `score` = `base` + the sum of all amounts of `contributions` and of
 * `adjustments` + `remainder`.
 */
export interface Explanation extends Scored {
  /**
   * The ranker's score for a visitor of whom nothing is known (0 without a ranker); the whole score
   * where it is popularity.
   */
  base: number;
  /** What rounding leaves over; through a very large ranker also what the integration misses. */
  remainder: number;
  /** One an item of the history, the largest amount first. */
  contributions: Contribution[];
  /**
   * The same amounts, told by what the items have in common, the largest first: one a category of the
   * item. An amount is shared out among the categories that both items have, the rarer the more;
   * where they have none in common it is in none.
   */
  attributes: AttributeAmount[];
  /** What the visitor's adjustments add; those that move the item. */
  adjustments: AdjustmentAmount[];
  /**
   * The item's place in the list of `recommend`, from 1; `undefined` where it is not among the first
   * 1000, or left out as seen. With the option `without` alone.
   */
  place?: number | undefined;
  /** The list made anew without an item of the history; that item may then stand in it. */
  counterfactuals: Counterfactual[];
}

/**
 * A row of features for `score`, by the names of the log's columns: a number, or a category or
 * several. `null`, `undefined`, an empty text and a column that is left out are missing.
 */
export type Features = Readonly<
  Record<string, number | string | readonly (number | string)[] | null | undefined>
>;

/** A column that `score` takes. */
export interface Feature {
  /** As it was called in the log. */
  name: string;
  /** Whether its values are numbers or texts. */
  kind: 'category' | 'number';
}

/** What a column adds to the two sums of a row. */
export interface FeatureReason {
  /** The column's name. */
  feature: string;
  /** To the network's. */
  amount: number;
  /** To the linear head's: the sum of its w · x. */
  linear: number;
}

/**
 * What the model makes of a row. A `score` is a probability, 1 / (1 + exp(-sum)), or where the
 * label is a value the `sum` itself.
 */
export interface Prediction {
  /** The network's. */
  score: number;
  /** `base` + the sum of all amounts + `remainder`. */
  sum: number;
  /** What an average row comes to. */
  base: number;
  /** What rounding leaves over; through a very large network also what the integration misses. */
  remainder: number;
  /** One a column of the model, the largest amount (up or down) first. */
  reasons: FeatureReason[];
  /** The linear model beside the network; its `sum` is `base` + the sum of all `linear`. */
  linear: LinearPrediction;
}

/** What the linear head makes of a row. */
export interface LinearPrediction {
  /** As the network's: a probability, or the `sum` itself. */
  score: number;
  /** `base` + the sum of all `linear`. */
  sum: number;
  /** What an average row comes to. */
  base: number;
}

/** What the model file says of an item. */
export interface Item {
  /** The item's id, as a text. */
  item: string;
  /** Empty where the model has no titles. */
  title: string;
  /** Interactions in the training log. */
  popularity: number;
  /** Properties by name: a number, or a set of categories. A missing value is left out. */
  attributes: Record<string, number | string[]>;
}

/** What the model file says of itself. */
export interface ModelFacts {
  /** Size of the file. */
  bytes: number;
  /** Of the catalogue. */
  items: number;
  /** Of the item vectors; 0 where the model has none. */
  dimension: number;
  /** Whether a ranker re-scores what retrieval finds. */
  ranker: boolean;
  /** The properties that items may have. */
  attributes: { name: string; kind: 'category' | 'number' }[];
  /** The columns that `score` takes; none where the model ranks items. */
  features: Feature[];
  /** What `score` predicts: the name of the label's column; empty without features. */
  label: string;
  /** The recipe that the model was trained by. */
  recipe: string;
  /** The program that wrote the file, with its version. */
  producer: string;
  /** Of the training log. */
  users: number;
  /** Of the training log. */
  interactions: number;
  /** The newest interaction of the log, in milliseconds since 1970; 0 where it has no times. */
  newest: number;
}

/** Where a model file comes from. */
export type ModelSource = string | URL | Response | ArrayBuffer | Uint8Array;

/** How far a download has come. */
export interface Progress {
  /** Bytes so far of the model, or of a delta file, as they are after decompression. */
  loaded: number;
  /** Of the whole file, as it states itself; `undefined` until its first 64 bytes are there. */
  total: number | undefined;
}

/** What became of the model in the browser's cache. */
export type CacheEvent =
  /** The model came from the cache; the server is asked for a newer one in the background. */
  | { state: 'hit' }
  /** The model was downloaded and is kept. */
  | { state: 'stored' }
  /** The server has the same model. */
  | { state: 'current' }
  /** The server had a newer model: it is kept, and took the place of the older one. */
  | { state: 'updated'; model: ModelFacts }
  /** No newer model could be had, offline for instance: the one that was kept stays. */
  | { state: 'stale'; error: PalateError }
  /** What was kept is damaged, or not what `integrity` says: it is downloaded instead. */
  | { state: 'dropped'; error: PalateError }
  /** The browser keeps nothing, for want of space for instance: the page works all the same. */
  | { state: 'unavailable'; error: PalateError };

/** What became of a delta file. */
export type DeltaEvent =
  | {
      /** The newer model was made of the one at hand. */
      state: 'applied';
      /** That were downloaded for it. */
      bytes: number;
    }
  | {
      /** The whole model is downloaded. */
      state: 'unused';
      /** Why the delta could not be had, is for another model, or is damaged. */
      error: PalateError;
    };

/** A history as JSON: what `export` gives and `import` takes. */
export interface ProfileDocument {
  /** What the file is. */
  format: 'palate-profile';
  /** Of this format. */
  version: 1;
  /** Oldest first. */
  events: HistoryEvent[];
  /** Oldest first; left out where there are none. */
  adjustments?: Adjustment[];
}

/** How a visitor's history is kept from one visit to the next, in this browser. */
export interface ProfileOptions {
  /**
   * Tells profiles of one origin apart: one for each model and person, such as `'films/anna'`. A new
   * version of a model keeps the name: events know their items by id. Default: `'default'`.
   */
  name?: string | undefined;
  /**
   * Whether the visitor has agreed to it. Until then nothing is stored or read, and the history
   * lives in memory.
   */
  consent: boolean;
  /**
   * When an event counts as recorded. `relaxed`: once the browser has taken it over, which survives
   * the tab, its process and a reload; where it cannot be kept, memory takes its place, as `status`
   * says. `strict`: once the system was asked to flush it, which is to survive a power cut; where
   * it cannot be kept, `record` rejects. Default: `'relaxed'`.
   */
  durability?: 'relaxed' | 'strict' | undefined;
  /** Where there are more events, the oldest go. Default: 1000. */
  maxEvents?: number | undefined;
  /** Older events go when a page opens the profile; in milliseconds. Default: 365 days. */
  maxAge?: number | undefined;
  /** Called when the status has changed. */
  onStatus?: ((status: ProfileStatus) => void) | undefined;
  /** Called when another tab has changed the history: lists made before are out of date. */
  onChange?: (() => void) | undefined;
}

/** Where the history is kept, and why not elsewhere. */
export interface ProfileStatus {
  /** `memory`: the history is gone with the page. */
  store: 'indexeddb' | 'memory';
  /** Whether the visitor has agreed. */
  consent: boolean;
  /**
   * Why events cannot be kept although the visitor has agreed: `profile/…`. They are held in memory
   * and written as soon as the store works again.
   */
  error?: PalateError | undefined;
  /** Events held in memory that are still to be written. */
  waiting: number;
  /** What was found damaged in the store and was removed. */
  repaired?: PalateError | undefined;
}

/** How a model is fetched. */
export interface UpdateOptions {
  /** Called while the model is downloaded. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops loading; the call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** The model file's SHA-256, as `sha256-` and Base64 (as in HTML) or as 64 hexadecimal digits. */
  integrity?: string | undefined;
  /**
   * The largest file to accept, in bytes. A larger one is refused as soon as its first bytes tell.
   * Default: 2^30.
   */
  maxBytes?: number | undefined;
  /**
   * The address of a delta file, `palate diff`'s, that makes the newer model of the one at hand: the
   * open one, or with `cache` the one that was kept. Where it does not, the whole model is
   * downloaded. A function is given the SHA-256 that the model at hand states of itself, as
   * `palate diff` prints it, so that each version of a site's models can have its own delta.
   */
  delta?: string | URL | ((checksum: string) => string | URL) | undefined;
  /** With `delta`, called when something comes of it. */
  onDelta?: ((event: DeltaEvent) => void) | undefined;
}

/** How a model is fetched and run. */
export interface LoadOptions extends UpdateOptions {
  /** Keep the history from one visit to the next. Default: in memory, gone with the page. */
  profile?: ProfileOptions | undefined;
  /**
   * Compute in a worker, off the page's thread; one that dies is replaced with its state. `true`
   * takes the package's own script. An address names the script, a copy of `palate/worker`, where
   * a bundler or server puts it elsewhere; a function starts the worker in a way of its own.
   * Default: false.
   */
  worker?: boolean | string | URL | (() => Worker) | undefined;
  /**
   * Keep the model in the browser's Cache Storage, under the name `palate`: the next visit starts
   * from it, offline too, and looks for a newer one in the background. Default: false.
   */
  cache?: boolean | undefined;
  /** With `cache`, called when something comes of it. */
  onCache?: ((event: CacheEvent) => void) | undefined;
  /**
   * The runtime's wasm, where it does not lie beside the package's script: its address, its bytes,
   * or compiled. Default: the build that this browser runs best.
   */
  wasm?: string | URL | ArrayBuffer | Uint8Array | WebAssembly.Module | undefined;
  /** The same for the second file, `…-rest.wasm`, which is only loaded when it is needed. */
  wasmRest?: string | URL | ArrayBuffer | Uint8Array | WebAssembly.Module | undefined;
}
