// The visitor's history and adjustments: where they are kept, and what can stand among them.
import type { Adjustment, EventType, HistoryEvent } from './types.js';

/** What is kept of a visitor. */
export type Entry = HistoryEvent | Adjustment;

export function isEvent(entry: Entry): entry is HistoryEvent {
  return entry.type !== 'adjust';
}

/** Keeps a history while the page lives; src/profile keeps it from one visit to the next. */
export interface Store {
  /** All entries, oldest first. */
  entries(): Promise<readonly Entry[]>;
  /** Resolves to whether it is new: the same id twice is one entry. */
  append(entry: Entry): Promise<boolean>;
  /** Removes everything, or the events of one item; resolves to how many entries there were. */
  remove(item?: string): Promise<number>;
  /** Removes the entry of this id. */
  drop(id: string): Promise<void>;
}

export class MemoryStore implements Store {
  #entries: Entry[];
  #ids: Set<string>;

  /** Starts with what was kept before, oldest first. */
  constructor(entries: readonly Entry[] = []) {
    this.#entries = [...entries];
    this.#ids = new Set(entries.map(({ id }) => id));
  }

  get kept(): readonly Entry[] {
    return this.#entries;
  }

  async entries(): Promise<readonly Entry[]> {
    return this.#entries;
  }

  async append(entry: Entry): Promise<boolean> {
    if (this.#ids.has(entry.id)) return false;
    this.#ids.add(entry.id);
    // They come in order but for a clock set back or a page that records late.
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1]!.time > entry.time) --place;
    this.#entries.splice(place, 0, entry);
    return true;
  }

  async remove(item?: string): Promise<number> {
    return this.#keep((entry) => item !== undefined && !(isEvent(entry) && entry.item === item));
  }

  async drop(id: string): Promise<void> {
    this.#keep((entry) => entry.id !== id);
  }

  #keep(stays: (entry: Entry) => boolean): number {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter(stays);
    this.#ids = new Set(this.#entries.map(({ id }) => id));
    return before - this.#entries.length;
  }
}

/** In the order of the runtime's kinds of events, from 1. */
export const eventTypes: readonly EventType[] = [
  'view',
  'like',
  'dislike',
  'cart',
  'buy',
  'rate',
  'impression',
  'skip',
  'dwell',
];
