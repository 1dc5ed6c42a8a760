// What a visitor did and wished, and how it is kept.
import type { PalateError } from '../errors.js';
import type { ItemId } from './requests.js';

/**
 * What a visitor did. `rate` carries a value, on the scale of the log's own ratings, and `dwell` the
 * seconds that were spent. A `dislike` takes back what the item's earlier events said, speaks against
 * it and what is like it, and keeps it out of the lists until a later event speaks for it.
 * `impression` says that it was shown, `skip` that it was passed over: what is chosen later is
 * learned as a choice against these (`LearningOptions.choices`), and they sink for a while where a
 * list asks for that (`RecommendOptions.fatigue`).
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

/** How the visitor's events count, and what is learned from them, in this page. */
export interface LearningOptions {
  /**
   * The age at which an event counts half as much as the newest one, in milliseconds, 1 or more;
   * `Infinity`: events do not age. Default: 90 days.
   */
  halfLife?: number | undefined;
  /**
   * Whether to learn from what was shown and what became of it: `impression` and `skip` beside what
   * speaks for an item. Default: true.
   */
  choices?: boolean | undefined;
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
  /**
   * Where there are more events, the oldest go: impressions first, if they take up more than half of
   * the room. Default: 1000.
   */
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
  /** Whether new events are left out. */
  paused: boolean;
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
