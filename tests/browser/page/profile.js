// Hands the package, and a way into its store behind its back, to the scripts that the tests evaluate here.
import { Palate } from '/palate/palate.js';

/** Opens a model with a profile; the visitor has agreed unless the test says otherwise. */
function open(profile = {}, options = {}, model = 'fold_in') {
  return Palate.load(`/models/${model}.palate`, {
    ...options,
    profile: { consent: true, ...profile },
  });
}

/** What a test compares: JSON keeps neither errors nor missing values. */
function statusOf(palate) {
  const { error, repaired, ...rest } = palate.profile;
  return { ...rest, error: error?.code ?? null, repaired: repaired?.code ?? null };
}

const codeOf = (promise) =>
  promise.then(
    () => 'no error',
    (error) => error.code,
  );

/** Resolves when `holds` does; rejects after ten seconds. */
async function until(holds) {
  for (let attempt = 0; !(await holds()); ++attempt) {
    if (attempt === 500) throw new Error(`never came true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Opens the profile's database as any script of the page could. */
async function rawDatabase(version, upgrade) {
  const request = indexedDB.open('palate/default', version);
  request.onupgradeneeded = () => upgrade?.(request.result);
  return asked(request);
}

/** Does something to the stored events. */
async function rawEvents(work) {
  const database = await rawDatabase();
  try {
    return await work(database.transaction('events', 'readwrite').objectStore('events'));
  } finally {
    database.close();
  }
}

/** The version that the package gives to a profile's database. */
async function currentVersion({ keep = false } = {}) {
  (await open()).dispose();
  const database = await rawDatabase();
  database.close();
  if (!keep) await deleteProfile();
  return database.version;
}

const deleteProfile = (name = 'default') => asked(indexedDB.deleteDatabase(`palate/${name}`));

Object.assign(globalThis, { Palate, open, statusOf, codeOf, until, asked });
Object.assign(globalThis, { rawDatabase, rawEvents, currentVersion, deleteProfile });
