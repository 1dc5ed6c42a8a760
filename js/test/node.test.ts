// The entry for Node: models and the runtime come from files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { load, PalateError } from '../dist/node.js';
import { readGolden } from './models.ts';

const path = fileURLToPath(new URL('../../tests/golden/hybrid.palate', import.meta.url));

test('In Node a model loads from a path, a file URL and bytes, and the runtime is found', async () => {
  for (const source of [
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    await readGolden('hybrid'),
  ]) {
    const palate = await load(source);
    assert.equal((await palate.recommend({ count: 3 })).length, 3);
    palate.dispose();
  }
});

test('In Node a file that is not there is an error that names it', async () => {
  await assert.rejects(
    load('no/model.palate'),
    (error) =>
      error instanceof PalateError &&
      error.message ===
        "no/model.palate cannot be read: ENOENT: no such file or directory, open 'no/model.palate'",
  );
});
