// What a profile's store holds; damaged, outdated and superfluous ones are taken out.
import { type Entry, isEvent } from '../history.js';
import { checkEntry } from '../operations.js';
import { request } from './database.js';
import { beginEpoch, dropState, type KeptState, readState } from './state.js';

export interface Limits {
  maxEvents: number;
  maxAge: number;
}

export interface Read {
  /** Oldest first. */
  events: Entry[];
  /** How many records were no events and were removed. */
  damaged: number;
  state: KeptState;
}

/** An entry as it is stored. */
type Stored = Entry & {
  /** Tells which was first where times are equal. */
  order: number;
};

/** How far ahead the clock may be without having been set back. */
const clockTolerance = 60_000;

let written = 0;

/**
 * Reads all events, and removes from the store what is not to be read again; `isFull`: writes
 * nothing that can wait.
 */
export async function readEvents(
  store: IDBObjectStore,
  settings: IDBObjectStore,
  limits: Limits,
  isFull = false,
): Promise<Read> {
  const [values, keys, stored] = await Promise.all([
    request<unknown[]>(store.getAll()),
    request(store.getAllKeys()),
    readState(settings),
  ]);
  const now = Date.now();
  let damaged = 0;
  let records: Stored[] = [];
  values.forEach((value, place) => {
    const record = recordOf(value);
    if (record === undefined) ++damaged;
    if (record !== undefined && !isOutdated(record, now - limits.maxAge)) records.push(record);
    else store.delete(keys[place]!);
  });
  records.sort((a, b) => a.time - b.time || a.order - b.order);
  const taken = superfluous(records.filter(isEvent), limits);
  for (const { id } of taken) store.delete(id);
  records = records.filter((record) => !taken.has(record));
  records.forEach((record, order) => {
    if (record.time <= now + clockTolerance) return;
    // The clock was ahead and has been set back: from now on the event ages like any other.
    records[order] = { ...record, time: now, order };
    store.put(records[order]);
  });
  let state = stored;
  if (records.length < values.length) {
    dropState(settings);
    state = { entries: 0, epoch: undefined };
  }
  if (state.epoch === undefined && !isFull) state = beginEpoch(settings);
  return { events: records.map(({ order: _, ...event }) => event), damaged, state };
}

const pausedKey = 'paused';

export async function readPaused(settings: IDBObjectStore): Promise<boolean> {
  return (await request<unknown>(settings.get(pausedKey))) === true;
}

export async function writePaused(settings: IDBObjectStore, paused: boolean): Promise<void> {
  settings.put(paused, pausedKey);
}

/** Adds events; where older ones may have to make room, resolves to what is left. */
export async function writeEvents(
  store: IDBObjectStore,
  settings: IDBObjectStore,
  events: readonly Entry[],
  limits: Limits,
): Promise<Read | undefined> {
  for (const event of events) {
    const adding = store.add({ ...event, order: written++ } satisfies Stored);
    adding.onerror = (failed) => {
      // It was written before: the same id twice is one event.
      if (adding.error?.name === 'ConstraintError') failed.preventDefault();
    };
  }
  // With the adjustments, which take no room: reading tells them apart.
  const count = await request(store.count());
  return count > limits.maxEvents ? readEvents(store, settings, limits) : undefined;
}

/** Removes every event of an item. */
export async function removeEvents(
  store: IDBObjectStore,
  settings: IDBObjectStore,
  item: string,
): Promise<void> {
  dropState(settings);
  for (const value of await request<unknown[]>(store.getAll())) {
    const record = recordOf(value);
    if (record !== undefined && isEvent(record) && record.item === item) store.delete(record.id);
  }
}

/** What the visitor asked for stays until they take it back. */
function isOutdated(record: Stored, oldest: number): boolean {
  return isEvent(record) && record.time < oldest;
}

/**
 * The oldest where there are too many, a part at once, so that not every event of a full profile has
 * to make room for itself. What was only shown may take up half of the room.
 */
function superfluous(events: readonly Stored[], { maxEvents }: Limits): Set<Stored> {
  if (events.length <= maxEvents) return new Set();
  const room = maxEvents - (maxEvents >> 4);
  let count = events.length - room;
  let shown = events.filter(({ type }) => type === 'impression').length - (room >> 1);
  const isTaken = ({ type }: Stored) => type === 'impression' && shown-- > 0 && count-- > 0;
  const taken = new Set(events.filter(isTaken));
  const rest = events.filter((event) => !taken.has(event));
  for (const event of rest.slice(0, Math.max(count, 0))) taken.add(event);
  return taken;
}

function recordOf(value: unknown): Stored | undefined {
  try {
    const { order } = value as Partial<Stored>;
    return { ...checkEntry(value), order: Number(order) || 0 };
  } catch {
    return undefined;
  }
}
