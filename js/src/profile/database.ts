// The database of one profile: opened when it is needed, and again after it was closed under us.
import { PalateError } from '../errors.js';
import { nameOf, noStore, profileError } from './faults.js';
import { migrate, schemaVersion, stores } from './schema.js';

/** Where another tab holds on to an older schema, opening waits for it without end. */
const openTimeout = 3000;

export interface DatabaseListener {
  /** The browser or another tab has ended the connection. */
  closed(): void;
  damaged(what: string): void;
}

export type Work<T> = (events: IDBObjectStore, settings: IDBObjectStore) => Promise<T>;

export class Database {
  #name: string;
  #durability: 'relaxed' | 'strict';
  #connection: IDBDatabase | undefined;
  #listener: DatabaseListener;

  constructor(name: string, durability: 'relaxed' | 'strict', listener: DatabaseListener) {
    this.#name = `palate/${name}`;
    this.#durability = durability;
    this.#listener = listener;
  }

  /**
   * Resolves to what `work` makes of the stores when all that it wrote is durable. Rejects with
   * `profile/…`, and then nothing was written.
   */
  async transact<T>(work: Work<T>): Promise<T> {
    for (let attempt = 0; ; ++attempt) {
      try {
        return await this.#attempt(work);
      } catch (thrown) {
        const name = nameOf(thrown);
        // The database has not the layout of its version: nothing in it can be read.
        if (name === 'NotFoundError') await this.#clearAway();
        else this.close();
        // Closed under us: what was aborted is done once more, in a new connection, and again where
        // that was opened while the browser still cleared away.
        const isWorthwhile = /^(NotFound|InvalidState|Abort)Error$/.test(name);
        if (attempt > 1 || !isWorthwhile) throw profileError(thrown);
        // The event that says so may come too late, when there is another connection.
        this.#listener.closed();
      }
    }
  }

  /** Deletes the database; other tabs let go of it. */
  async destroy(): Promise<void> {
    this.close();
    try {
      await request(factory().deleteDatabase(this.#name));
    } catch (thrown) {
      throw profileError(thrown);
    }
  }

  /** Transactions that have begun are carried out all the same. */
  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #clearAway(): Promise<void> {
    await this.destroy();
    this.#listener.damaged('its database lacked what it should have had');
  }

  async #attempt<T>(work: Work<T>): Promise<T> {
    const database = (this.#connection ??= await this.#connect());
    const transaction = database.transaction(stores, 'readwrite', {
      durability: this.#durability,
    });
    let abort!: () => void;
    const done = new Promise<void>((resolve, reject) => {
      abort = () => reject(transaction.error ?? new DOMException('', 'AbortError'));
      transaction.oncomplete = () => resolve();
      transaction.onabort = abort;
    });
    // Chromium may end the connection and not tell its transactions.
    database.addEventListener('close', abort);
    const result = work(transaction.objectStore('events'), transaction.objectStore('settings'));
    // Requests of an aborted transaction do not know why it was.
    result.catch(() => {});
    try {
      await done;
    } finally {
      database.removeEventListener('close', abort);
    }
    return result;
  }

  async #connect(): Promise<IDBDatabase> {
    const database = await open(this.#name);
    const isClosed = () => {
      if (this.#connection !== database) return;
      this.close();
      this.#listener.closed();
    };
    database.onclose = isClosed;
    database.onversionchange = isClosed;
    return database;
  }
}

/** Resolves to a request's result. */
export function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function open(name: string): Promise<IDBDatabase> {
  const opening = factory().open(name, schemaVersion);
  opening.onupgradeneeded = ({ oldVersion }) => migrate(opening.result, oldVersion);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new PalateError('profile/failed', `another tab keeps ${name} from opening: close it`));
      opening.onsuccess = () => opening.result.close();
    }, openTimeout);
  });
  try {
    return await Promise.race([request(opening), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reading it throws where the page may store nothing. */
function factory(): IDBFactory {
  const { indexedDB } = globalThis;
  if (indexedDB) return indexedDB;
  throw noStore();
}
