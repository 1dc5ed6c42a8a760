// What a sequence network keeps of the history, stored beside the events that it follows from.
import { toHex } from '../model_head.js';
import type { EncoderState } from '../operations.js';
import { request } from './database.js';

/** A state as it is stored. */
interface Stored extends EncoderState {
  /** Of the words: numbers that were damaged are not to be told from others. */
  digest: string;
  /** How many entries the store had then. */
  entries: number;
}

/** What a store says of a state; what is there of it is yet to be checked. */
export interface KeptState extends Partial<Stored> {
  /** Lasts until events are taken out: no state from before comes after that. `undefined`: none has begun. */
  epoch: number | undefined;
  entries: number;
}

/** How many entries a state may be behind before it is stored anew: a step of the network each. */
export const entriesBehind = 16;

const epochKey = 'epoch';
const stateKey = 'state';

/** Reads it. */
export async function readState(settings: IDBObjectStore): Promise<KeptState> {
  const [epoch, stored] = await Promise.all([
    request<unknown>(settings.get(epochKey)),
    request<unknown>(settings.get(stateKey)),
  ]);
  return typeof epoch === 'number'
    ? { entries: 0, ...(stored as Partial<Stored>), epoch }
    : { entries: 0, epoch: undefined };
}

/** To be called wherever events are taken out of the store: also where nothing can be written. */
export function dropState(settings: IDBObjectStore): void {
  settings.delete(epochKey);
  settings.delete(stateKey);
}

/** To be called with what was read of the events; a full store refuses. */
export function beginEpoch(settings: IDBObjectStore): KeptState {
  const epoch = Math.random();
  settings.put(epoch, epochKey);
  return { entries: 0, epoch };
}

/** Stores a state of the events of an epoch, unless that has ended. */
export async function writeState(
  store: IDBObjectStore,
  settings: IDBObjectStore,
  state: EncoderState & { digest: string },
  epoch: number,
): Promise<void> {
  if ((await request<unknown>(settings.get(epochKey))) !== epoch) return;
  const entries = await request(store.count());
  settings.put({ ...state, entries } satisfies Stored, stateKey);
}

/** `undefined` where it is damaged. */
export async function intactState(kept: KeptState): Promise<EncoderState | undefined> {
  const { model = '', words = new Uint32Array(), digest } = kept;
  const found = await digestOf(words).catch(() => undefined);
  return found !== undefined && found === digest ? { model, words } : undefined;
}

/** Throws where the browser makes no digests: on http. */
export async function digestOf(words: EncoderState['words']): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', words)));
}
