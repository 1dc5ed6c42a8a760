// The second file of the runtime, which a page loads when it first needs it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { compileWasm, isError, open, readGolden, simd128Rest } from './models.ts';

const withoutRest = { wasmRest: new Uint8Array(8) };

for (const name of [
  'popularity',
  'fold_in',
  'sequence',
  'recurrence',
  'hybrid',
  'byte_ranker',
  'int8',
] as const) {
  test(`A list with reasons of ${name}, ranks and explanations do without it`, async (context) => {
    const palate = await open(context, await readGolden(name), withoutRest);
    for (const item of ['f5', 'f2']) await palate.record({ item, type: 'like' });
    const picks = await palate.recommend({ count: 3, where: { kind: 'space' } });
    assert.ok(picks.length > 0);
    if (name !== 'popularity') assert.ok(picks.some(({ reasons }) => reasons.length > 0));
    await palate.rank(['f1', 'f3']);
    await palate.explain('f3');
    await assert.rejects(palate.taste(), isError('runtime/load', /cannot be compiled/));
  });
}

for (const name of ['weighted_mean', 'item_weights', 'context'] as const) {
  test(`A model of the kind ${name} opens with it alone`, async (context) => {
    const model = await readGolden(name);
    await assert.rejects(
      open(context, model, withoutRest),
      isError('runtime/load', /cannot be compiled/),
    );
    await open(context, model);
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
