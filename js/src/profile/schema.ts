// How a profile's database is laid out, and how an older layout becomes the present one.

/** One step for each version: the first makes a database, a later one changes what the former made. */
const steps: readonly ((database: IDBDatabase) => void)[] = [
  // An event's own id is its key: however often it is written, it is there once.
  (database) => database.createObjectStore('events', { keyPath: 'id' }),
  // What the visitor has set, by its name.
  (database) => database.createObjectStore('settings'),
];

/** The stores of the present version. */
export const stores = ['events', 'settings'] as const;

export const schemaVersion = steps.length;

/** Within the transaction that opens a database of an older version, 0 where there was none. */
export function migrate(database: IDBDatabase, oldVersion: number): void {
  for (const step of steps.slice(oldVersion)) step(database);
}
