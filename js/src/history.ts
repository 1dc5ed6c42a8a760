// The visitor's history: where it is kept, and what each event counts.
import type { EventType, HistoryEvent } from './types.js';

/** Keeps a history while the page lives; src/profile keeps it from one visit to the next. */
export interface Store {
  /** All events, oldest first. */
  events(): Promise<readonly HistoryEvent[]>;
  /** Resolves to whether it is new: the same id twice is one event. */
  append(event: HistoryEvent): Promise<boolean>;
  /** Removes every event, or those of one item; resolves to how many there were. */
  remove(item?: string): Promise<number>;
}

export class MemoryStore implements Store {
  #events: HistoryEvent[];
  #ids: Set<string>;

  /** Starts with events that were kept before, oldest first. */
  constructor(events: readonly HistoryEvent[] = []) {
    this.#events = [...events];
    this.#ids = new Set(events.map(({ id }) => id));
  }

  get kept(): readonly HistoryEvent[] {
    return this.#events;
  }

  async events(): Promise<readonly HistoryEvent[]> {
    return this.#events;
  }

  async append(event: HistoryEvent): Promise<boolean> {
    if (this.#ids.has(event.id)) return false;
    this.#ids.add(event.id);
    // Events come in order but for a clock set back or a page that records late.
    let place = this.#events.length;
    while (place > 0 && this.#events[place - 1]!.time > event.time) --place;
    this.#events.splice(place, 0, event);
    return true;
  }

  async remove(item?: string): Promise<number> {
    const before = this.#events.length;
    this.#events = this.#events.filter((event) => item !== undefined && event.item !== item);
    this.#ids = new Set(this.#events.map(({ id }) => id));
    return before - this.#events.length;
  }
}

/**
 * How much an event counts for the visitor's vector; 1 is what every interaction counted in
 * training. A decision says more than a look: 2 and 3 are a choice, not a measurement. A rating
 * counts as an interaction; its value speaks through the predicted values, and where a model was
 * trained on ratings, through the scores. What weighs 0 says nothing for an item.
 */
export const eventWeights: Readonly<Record<EventType, number>> = {
  view: 1,
  like: 2,
  cart: 2,
  buy: 3,
  rate: 1,
  dislike: 0,
  impression: 0,
  skip: 0,
  dwell: 0,
};
