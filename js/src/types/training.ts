// The shapes of what `Palate.train` takes and tells.
import type { ItemId } from './requests.js';
import type { LoadOptions } from './loading.js';

/**
 * Somebody took an item: watched, bought, liked or rated it. Rows that speak against one, or only
 * say that it was shown, do not belong here. Of the same user and item the newest row counts.
 */
export interface TrainRow {
  /** Whoever it was; ids of users are not in the model. */
  user: string | number;
  /** What it was. */
  item: ItemId;
  /** A rating, on any scale; with them the model predicts ratings too. */
  value?: number | undefined;
  /** When, in milliseconds since 1970 or as a date: in all rows or in none. */
  time?: number | Date | undefined;
}

/** What is known of an item, for titles, filters and reasons. One that no row names is left out. */
export interface TrainItem {
  /** As in the rows. */
  item: ItemId;
  /** What it is called. */
  title?: string | undefined;
  /** Numbers, or categories: an attribute is the one or the other for all items. */
  attributes?:
    Readonly<Record<string, number | string | readonly string[] | null | undefined>> | undefined;
}

/** How far a training has come. */
export interface TrainProgress {
  /** Rounds that are done. */
  epoch: number;
  /** Of so many. */
  epochs: number;
}

/** How a model is trained: the recipe `ials`, whose defaults these are. */
export interface TrainOptions {
  /** What is known of the items, each once. */
  items?: Iterable<TrainItem> | undefined;
  /** Numbers in an item's vector, 1 to 1024: 4 bytes each in the model. Default: 64. */
  dimension?: number | undefined;
  /** Rounds, 1 to 1000. Default: 10. */
  epochs?: number | undefined;
  /** How much vectors are held back, above 0 to 1000; fewer rows want more. Default: 0.035. */
  regularization?: number | undefined;
  /** The weight of what nobody took beside what was taken, 0 to 1000. Default: 5. */
  unobservedRatio?: number | undefined;
  /** Users with fewer items are left out. Default: 1. */
  minUser?: number | undefined;
  /** Items with fewer users are left out. Default: 1. */
  minItem?: number | undefined;
  /** Rows with a smaller value are left out. Default: none is. */
  minValue?: number | undefined;
  /** A whole number: the same rows, options and seed give the same model. Default: 1. */
  seed?: number | undefined;
  /**
   * Train in a worker, which ends with the training. `true` takes the package's own script. An
   * address names the script, a copy of `palate/train-worker`; a function starts the worker in a way
   * of its own. `false` trains on the thread that asks, which is given a pause after every round.
   * Default: true where there are workers.
   */
  worker?: LoadOptions['worker'];
  /** The trainer's wasm, where `palate-train.wasm` does not lie beside the package's script. */
  wasm?: LoadOptions['wasm'];
  /** Called after every round. */
  onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Stops the training; the call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}
