// The second file of the runtime, which a page loads when it first needs it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { test } from 'node:test';
import { compileWasm, isError, open, readGolden, simd128Rest } from './models.ts';

const withoutRest = { wasmRest: new Uint8Array(8) };

/** What cannot be opened without it: what `asks_for_seldom` in core/model/reader.cc names. */
const asking: readonly string[] = [
  'context',
  'cosines',
  'indexed',
  'int4',
  'item_weights',
  'retrievers',
  'tabular',
  'value_fold_in',
  'weighted_mean',
];

const folder = new URL('../../tests/golden/', import.meta.url);
const files = (await readdir(folder)).filter((file) => file.endsWith('.palate'));
const names = files.map((file) => basename(file, '.palate')).sort();

test('The models that open with it alone are among the golden ones', () => {
  assert.deepEqual(
    names.filter((name) => asking.includes(name)),
    asking,
  );
});

for (const name of names) {
  const asks = asking.includes(name);
  test(`A model of the kind ${name} works ${asks ? 'with it alone' : 'without it'}`, async (context) => {
    const model = await readFile(new URL(`${name}.palate`, folder));
    const refused = isError('runtime/load', /cannot be compiled/);
    if (asks) await assert.rejects(open(context, model, withoutRest), refused);
    const palate = await open(context, model, asks ? {} : withoutRest);
    if (palate.model.items === 0) {
      assert.ok(Number.isFinite((await palate.score({})).score));
      return;
    }
    for (const { item } of (await palate.items()).slice(1, 3)) {
      await palate.record({ item, type: 'rate', value: 5 });
    }
    const picks = await palate.recommend({ count: 3, where: { kind: 'space' } });
    assert.ok(picks.length > 0);
    if (name !== 'popularity') assert.ok(picks.some(({ reasons }) => reasons.length > 0));
    const items = picks.map(({ item }) => item);
    assert.equal((await palate.rank(items)).length, items.length);
    assert.equal((await palate.explain(items[0]!)).item, items[0]);
    if (!asks) await assert.rejects(palate.taste(), refused);
  });
}

test('It is loaded with the first call that needs it, and again where that failed', async (context) => {
  let asked = 0;
  const server = createServer((_, response) => {
    if (++asked === 1) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'application/wasm' }).end(rest);
  });
  const rest = await readFile(new URL('../dist/palate-simd128-rest.wasm', import.meta.url));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const wasmRest = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rest.wasm`;
  const palate = await open(context, await readGolden('fold_in'), { wasmRest });
  assert.equal(asked, 0);
  await assert.rejects(palate.similar('f5'), isError('runtime/load', /answered 503/));
  const [one, other] = await Promise.all([palate.similar('f5'), palate.similar('f5')]);
  assert.deepEqual(one, other);
  assert.equal(asked, 2);
});

test('It says what is wrong with a whole model file', async (context) => {
  const wrong = Uint8Array.from(await readGolden('fold_in'));
  wrong.fill(255, 64, 68); // where the body begins
  const counted = createHash('sha256').update(wrong.subarray(0, 24)).update(wrong.subarray(56));
  wrong.set(counted.digest(), 24);
  await assert.rejects(
    open(context, wrong, { wasmRest: simd128Rest }),
    isError('model/structure', /^the body of the model file is no FlatBuffer/),
  );
  await assert.rejects(
    open(context, wrong, withoutRest),
    isError('model/structure', /: it is broken, how cannot be said: .* cannot be compiled/),
  );
});

test('It compares the checksum where the browser does not', async (context) => {
  const model = await readGolden('fold_in');
  const damaged = Uint8Array.from(model);
  damaged[100]! ^= 1;
  // As in a page that is neither on https nor on localhost.
  context.mock.getter(globalThis.crypto, 'subtle', () => undefined);
  await assert.rejects(
    open(context, model, withoutRest),
    isError('runtime/load', /cannot be compiled/),
  );
  assert.equal((await open(context, model)).model.bytes, model.length);
  await assert.rejects(open(context, damaged), isError('model/checksum', /differs/));
});

test('What a visitor asks for counts from the time that it is there', async (context) => {
  const palate = await open(context, await readGolden('fold_in'), withoutRest);
  const wish = { attribute: 'kind', category: 'space', weight: 1 } as const;
  await palate.adjust(wish);
  await assert.rejects(palate.recommend(), isError('runtime/load', /cannot be compiled/));
  await palate.undo();
  assert.ok((await palate.recommend()).length > 0);
});

test('That of another build is refused', async (context) => {
  const palate = await open(context, await readGolden('fold_in'), {
    wasm: await compileWasm('relaxed'),
    wasmRest: simd128Rest,
  });
  await assert.rejects(palate.similar('f5'), isError('runtime/load', /not of one build/));
});
