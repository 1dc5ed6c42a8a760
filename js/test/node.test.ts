// The entry for Node: models and the runtime come from files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { load, PalateError } from '../dist/node.js';
import { compileWasm, readGolden } from './models.ts';

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

test('In Node the package has its own runtime where the page gives none', async () => {
  const own = await load(path, { wasm: undefined, wasmRest: undefined });
  assert.equal((await own.recommend({ diversity: 0.5 })).length, 10);
  own.dispose();
  const other = await load(path, { wasm: await compileWasm('relaxed') });
  assert.equal((await other.recommend()).length, 10);
  await assert.rejects(other.recommend({ diversity: 0.5 }), /GET file:.* failed/);
  other.dispose();
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
