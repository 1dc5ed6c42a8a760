// Keeps the history of a place in a database: what is done to the one is done to the other.
import { disposed, type PalateError } from '../errors.js';
import {
  type Argument,
  checkFlag,
  type EncoderState,
  entriesOf,
  type OperationName,
  profileDocument,
} from '../operations.js';
import type { Models, Place } from '../place.js';
import { type Entry, isEvent } from '../history.js';
import type { Adjustment, ModelFacts, ProfileStatus } from '../types.js';
import { Database, type Work } from './database.js';
import {
  type Read,
  readEvents,
  readPaused,
  removeEvents,
  writeEvents,
  writePaused,
} from './events.js';
import { damage, isBlocked } from './faults.js';
import type { Settings } from './options.js';
import {
  digestOf,
  dropState,
  entriesBehind,
  intactState,
  type KeptState,
  writeState,
} from './state.js';
import { type Change, Tabs } from './tabs.js';

/** Calls for which it does not matter what other tabs have done meanwhile. */
const blindCalls: ReadonlySet<OperationName> = new Set([
  'record',
  'adjust',
  'import',
  'erase',
  'similar',
  'item',
  'items',
]);

export class Profile implements Place {
  #place: Place;
  #settings: Settings;
  #database: Database;
  #tabs: Tabs;
  #consent: boolean;
  #isPaused = false;
  /** What is not durable yet, by id. The place has it. */
  #waiting = new Map<string, Entry>();
  /** Of what is waiting, the adjustments that the place may still refuse: not to be written yet. */
  #unchecked = new Set<string>();
  /** Of the store as the place was given it; `undefined`: it was given nothing yet. */
  #epoch: number | undefined;
  /** How many entries the place has beyond those of the state that is stored. */
  #behind = 0;
  /** Whether the store has changed since the place was given what it holds. */
  #isStale = true;
  #isDisposed = false;
  #error: PalateError | undefined;
  #repaired: PalateError | undefined;
  /** Settles when every call so far has reached the place. */
  #issued: Promise<unknown> = Promise.resolve();
  /** Settles when everything so far is done to the database. */
  #worked: Promise<unknown> = Promise.resolve();
  #writing: Promise<void> | undefined;
  #reading: Promise<void> | undefined;

  /** Takes the place over, and gives it what is stored. */
  static async open(place: Place, settings: Settings): Promise<Profile> {
    const profile = new Profile(place, settings);
    await profile.#catchUp();
    return profile;
  }

  private constructor(place: Place, settings: Settings) {
    this.#place = place;
    this.#settings = settings;
    this.#consent = settings.consent;
    this.#database = new Database(settings.name, settings.durability, {
      closed: () => this.#miss(),
      damaged: (what) => this.#repair(what),
    });
    this.#tabs = new Tabs(
      settings.name,
      (change) => this.#follow(change),
      () => {
        this.#miss();
        void this.#catchUp();
      },
    );
  }

  get threads(): number | undefined {
    return this.#place.threads;
  }

  get facts(): ModelFacts {
    return this.#place.facts;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  get status(): ProfileStatus {
    const isKept = this.#consent && this.#error === undefined;
    return {
      store: isKept ? 'indexeddb' : 'memory',
      consent: this.#consent,
      paused: this.#isPaused,
      error: this.#error,
      waiting: this.#waiting.size,
      repaired: this.#repaired,
    };
  }

  call<Name extends OperationName>(operation: Name, argument: Argument<Name>): Promise<unknown> {
    return this.#inTurn(blindCalls.has(operation), () => this.#issue(operation, argument));
  }

  /** The visitor agrees to what is kept, or no longer: then nothing stays stored. */
  async setConsent(given: boolean): Promise<void> {
    const consent = checkFlag(given, undefined, 'consent');
    return this.#inTurn(true, () => (consent ? this.#agree() : this.#withdraw()));
  }

  get models(): Models {
    return this.#place.models;
  }

  /** Whether new events are left out, in all tabs and at later visits too. */
  async setPaused(paused: boolean): Promise<void> {
    return this.#inTurn(true, async () => {
      this.#pause(paused);
      await this.#savePause();
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#tabs.close();
    this.#database.close();
    this.#place.dispose();
  }

  /** Begins calls in the order in which they are made, without waiting for their answers. */
  #inTurn<T>(isBlind: boolean, begin: () => Promise<T>): Promise<T> {
    const issued = this.#issued
      .then(() => (isBlind ? undefined : this.#catchUp()))
      .then(() => ({ answer: begin() }));
    this.#issued = issued.catch(() => {});
    return issued.then(({ answer }) => answer);
  }

  #issue<Name extends OperationName>(operation: Name, argument: Argument<Name>): Promise<unknown> {
    if (operation === 'record') return this.#record(argument as Argument<'record'>);
    if (operation === 'adjust') return this.#adjust(argument as Argument<'adjust'>);
    if (operation === 'undo') return this.#undo();
    if (operation === 'import') return this.#import(argument as Argument<'import'>);
    if (operation === 'forget') return this.#forget(argument as Argument<'forget'>);
    if (operation === 'erase') return this.#erase();
    const answer = this.#place.call(operation, argument);
    // The network has read the history then.
    if (operation === 'recommend') void answer.then(() => this.#keepState()).catch(() => {});
    return answer;
  }

  async #record(event: Argument<'record'>): Promise<unknown> {
    if (this.#isPaused) return false;
    return this.#withEvents([event], this.#place.call('record', event));
  }

  /** Written when the place has taken it: the model may not know what it is about. */
  async #adjust(adjustment: Adjustment): Promise<void> {
    const { id } = adjustment;
    if (this.#consent) this.#waiting.set(id, adjustment);
    this.#unchecked.add(id);
    try {
      await this.#place.call('adjust', adjustment);
    } catch (thrown) {
      this.#waiting.delete(id);
      // The place may have been given it with the rest meanwhile.
      this.#isStale = true;
      throw thrown;
    } finally {
      this.#unchecked.delete(id);
    }
    await this.#keep();
  }

  async #undo(): Promise<unknown> {
    const undone = (await this.#place.call('undo', undefined)) as Adjustment | undefined;
    if (undone === undefined) return undone;
    this.#waiting.delete(undone.id);
    await this.#change({ type: 'recorded' }, async (store) => void store.delete(undone.id));
    // Until it was removed, the place may have been given it back.
    this.#isStale = true;
    return undone;
  }

  async #import(profile: Argument<'import'>): Promise<unknown> {
    return this.#withEvents(entriesOf(profile), this.#place.call('import', profile));
  }

  /** Resolves to the place's answer when the events are durable. */
  async #withEvents(events: readonly Entry[], answer: Promise<unknown>): Promise<unknown> {
    if (this.#consent) for (const event of events) this.#waiting.set(event.id, event);
    this.#behind += events.length;
    const [result] = await Promise.all([answer, this.#keep()]);
    return result;
  }

  async #forget(item: string): Promise<unknown> {
    this.#drop(item);
    const removed = this.#place.call('forget', item);
    await this.#change({ type: 'forgotten', item }, (store, settings) =>
      removeEvents(store, settings, item),
    );
    // Until they were removed, the place may have been given them back; and the epoch has ended.
    this.#isStale = true;
    return removed;
  }

  async #erase(): Promise<unknown> {
    this.#waiting.clear();
    const removed = this.#place.call('erase', undefined);
    await this.#change({ type: 'erased' }, async (store, settings) => {
      store.clear();
      dropState(settings);
    });
    // Until they were removed, the place may have been given them back; and the epoch has ended.
    this.#isStale = true;
    return removed;
  }

  /** Rejects where the store is still as it was. */
  async #change(change: Change, work: Work<void>): Promise<void> {
    if (!this.#consent) return;
    try {
      await this.#work(() => this.#database.transact(work));
      this.#tabs.tell(change);
    } catch (thrown) {
      if (isBlocked(thrown)) return;
      this.#isStale = true;
      throw thrown;
    }
  }

  async #agree(): Promise<void> {
    if (this.#consent) return;
    const events = (await this.#place.call('history', undefined)) as Entry[];
    this.#consent = true;
    this.#isStale = true;
    if (this.#isPaused) await this.#savePause();
    await this.#withEvents(events, Promise.resolve());
    this.#settings.onStatus(this.status);
  }

  async #withdraw(): Promise<void> {
    this.#forgetAll();
    this.#tabs.tell({ type: 'withdrawn' });
    await this.#work(() => this.#database.destroy());
  }

  #forgetAll(): void {
    this.#consent = false;
    this.#epoch = undefined;
    this.#waiting.clear();
    void this.#place.call('erase', undefined).catch(() => {});
    this.#settings.onStatus(this.status);
  }

  /** Writes what is waiting. While the store fails, what is relaxed does not wait for it. */
  async #keep(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const isRelaxed = this.#error !== undefined && this.#settings.durability === 'relaxed';
    // Whatever is recorded until it begins goes along.
    this.#writing ??= this.#work(() => {
      this.#writing = undefined;
      return this.#write();
    });
    if (!isRelaxed) await this.#writing;
  }

  async #write(): Promise<void> {
    const events = [...this.#waiting.values()].filter(({ id }) => !this.#unchecked.has(id));
    if (events.length === 0) return;
    const left = await this.#database.transact((store, settings) =>
      writeEvents(store, settings, events, this.#settings),
    );
    for (const { id } of events) this.#waiting.delete(id);
    if (left !== undefined && this.#consent) this.#receive(left);
    this.#tabs.tell({ type: 'recorded' });
  }

  /** Gives the place what is stored, if that has changed. A store that fails is not waited for. */
  async #catchUp(): Promise<void> {
    if (!this.#isStale || !this.#consent || this.#isDisposed) return;
    const isFailing = this.#error !== undefined;
    this.#reading ??= this.#work(() => this.#read()).finally(() => (this.#reading = undefined));
    const done = this.#reading.catch(() => {});
    if (!isFailing) await done;
  }

  async #read(): Promise<void> {
    if (!this.#consent) return;
    this.#isStale = false;
    try {
      const [paused, read] = await this.#readStore(false).catch((thrown: PalateError) => {
        if (thrown.code !== 'profile/full') throw thrown;
        return this.#readStore(true);
      });
      if (!this.#consent) return; // withdrawn meanwhile
      const isFirst = this.#epoch === undefined;
      this.#pause(paused);
      this.#receive(read);
      if (isFirst && read.state.digest !== undefined) await this.#restore(read.state);
    } catch (thrown) {
      this.#isStale = true;
      throw thrown;
    }
  }

  #readStore(isFull: boolean): Promise<readonly [boolean, Read]> {
    return this.#database.transact(async (store, settings) => {
      const reading = readPaused(settings);
      return [await reading, await readEvents(store, settings, this.#settings, isFull)];
    });
  }

  #receive({ events, damaged, state }: Read): void {
    this.#epoch = state.epoch;
    this.#behind = Math.abs(events.length - state.entries);
    if (damaged > 0) this.#repair(`${damaged} records were no events`);
    const all = profileDocument([...events, ...this.#waiting.values()]);
    // In one go: no call comes in between.
    void this.#place.call('erase', undefined).catch(() => {});
    void this.#place.call('import', all).catch(() => {});
  }

  /** Gives the place the state of a network that has read the history, or all but its end. */
  async #restore(kept: KeptState): Promise<void> {
    const state = await intactState(kept);
    const refused = () => (this.#behind = Infinity);
    if (this.#epoch !== kept.epoch) return;
    if (state === undefined) return void refused();
    // It may be of another model. What is called from now on comes after it.
    const taking = this.#place.call('restoreEncoder', state);
    void taking.then((isTaken) => isTaken || refused(), refused);
  }

  /** Stores that state when it has gone on far enough. Where that fails the events are read anew. */
  async #keepState(): Promise<void> {
    const epoch = this.#epoch;
    // On http there is no digest.
    if (epoch === undefined || this.#isPaused || !globalThis.isSecureContext) return;
    if (this.#behind < entriesBehind) return;
    this.#behind = 0;
    const state = (await this.#place.call('encoderState', undefined)) as EncoderState;
    if (state.words.length === 0) return;
    const digest = await digestOf(state.words);
    const storing = this.#worked.then(async () => {
      // No more once the visitor has withdrawn.
      if (this.#epoch !== epoch || this.#isPaused || this.#isDisposed) return;
      await this.#database.transact((store, settings) =>
        writeState(store, settings, { ...state, digest }, epoch),
      );
    });
    this.#worked = storing.catch(() => {});
  }

  /** Another tab may have changed the history. */
  #miss(): void {
    this.#isStale = true;
    this.#settings.onChange();
  }

  #follow(change: Change): void {
    if (!this.#consent) return;
    if (change.type === 'withdrawn') this.#forgetAll();
    if (change.type === 'forgotten') this.#drop(change.item);
    if (change.type === 'paused') return this.#pause(change.paused);
    if (change.type === 'erased') {
      this.#waiting.clear();
      // Also where the store cannot be read any more.
      void this.#place.call('erase', undefined).catch(() => {});
    }
    this.#miss();
  }

  #savePause(): Promise<void> {
    const paused = this.#isPaused;
    return this.#change({ type: 'paused', paused }, (_, settings) => writePaused(settings, paused));
  }

  #pause(paused: boolean): void {
    if (this.#isPaused === paused) return;
    this.#isPaused = paused;
    this.#settings.onStatus(this.status);
  }

  #drop(item: string): void {
    for (const [id, entry] of this.#waiting) {
      if (isEvent(entry) && entry.item === item) this.#waiting.delete(id);
    }
  }

  /** Works on the database after all that was begun before; what comes of it is the status. */
  #work<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#worked.then(async () => {
      if (this.#isDisposed) throw disposed();
      try {
        const value = await work();
        this.#note(undefined);
        return value;
      } catch (thrown) {
        this.#note(thrown as PalateError);
        throw thrown;
      }
    });
    this.#worked = result.catch(() => {});
    return result;
  }

  #note(error: PalateError | undefined): void {
    if (this.#error?.code === error?.code) return;
    // What was stored while it failed, by other tabs, is not known here.
    if (error === undefined) this.#isStale = true;
    this.#error = error;
    this.#settings.onStatus(this.status);
  }

  #repair(what: string): void {
    this.#repaired = damage(what);
    this.#settings.onStatus(this.status);
  }
}
