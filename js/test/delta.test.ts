// Newer models by delta files: made of the open one, and downloaded whole where that does not work.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import { type DeltaEvent, type Palate, PalateError, type UpdateOptions } from '../dist/palate.js';
import { patch } from '../src/patch.ts';
import { type Golden, openGolden, readGolden, readGoldenDelta as readDelta } from './models.ts';
import { serve } from './server.ts';

const checksumOf = (model: Uint8Array) => Buffer.from(model.subarray(24, 56)).toString('hex');

const [hybrid, int8] = [await readGolden('hybrid'), await readGolden('int8')];
const [delta, other] = [await readDelta('hybrid_to_int8'), await readDelta('fold_in_to_hybrid')];
const content = inflateSync(delta.subarray(96));
const instructions = delta.readUInt32LE(16);

let served: Uint8Array;
let wholes = 0;
const origin = await serve({
  '/model': (response) => {
    ++wholes;
    response.writeHead(200).end(int8);
  },
  '/delta': (response) => response.writeHead(200).end(served),
  '/page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
});

interface Updated {
  palate: Palate;
  event: DeltaEvent;
  /** How often the whole file was downloaded. */
  whole: number;
}

/** Brings an open golden model up to date by a delta that is served. */
async function update(
  context: TestContext,
  file: Uint8Array,
  options: UpdateOptions = {},
  from: Golden = 'hybrid',
): Promise<Updated> {
  const palate = await openGolden(context, from);
  const events: DeltaEvent[] = [];
  const onDelta = (event: DeltaEvent) => events.push(event);
  served = file;
  wholes = 0;
  await palate.update(`${origin}/model`, { delta: `${origin}/delta`, onDelta, ...options });
  assert.equal(events.length, 1);
  return { palate, event: events[0]!, whole: wholes };
}

/** The delta with another content, and its header as it was. */
function packed(forged: Uint8Array): Buffer {
  const file = Buffer.concat([delta.subarray(0, 96), deflateSync(forged)]);
  file.writeUInt32LE(file.length, 12);
  return file;
}

/** The delta with another size of its result. */
function sized(bytes: number): Buffer {
  const file = Buffer.from(delta);
  file.writeUInt32LE(bytes, 28);
  return file;
}

test('A delta makes the newer model of the open one, and the history stays', async (context) => {
  const { palate, event, whole } = await update(context, delta);
  assert.deepEqual(event, { state: 'applied', bytes: delta.length });
  assert.equal(whole, 0);
  const fresh = await openGolden(context, 'int8');
  for (const one of [palate, fresh]) await one.record({ item: 'f5', type: 'like', time: 0 });
  assert.deepEqual(palate.model, fresh.model);
  assert.deepEqual(await palate.recommend(), await fresh.recommend());
});

test('Items are found again where the catalogue has changed', async (context) => {
  const checksums: string[] = [];
  const options: UpdateOptions = {
    delta: (checksum) => {
      checksums.push(checksum);
      return new URL(`${origin}/delta`);
    },
  };
  const { palate, event } = await update(context, other, options, 'fold_in');
  assert.equal(event.state, 'applied');
  assert.deepEqual(checksums, [checksumOf(await readGolden('fold_in'))]);
  assert.deepEqual(await palate.items(), await (await openGolden(context, 'hybrid')).items());
});

test('A pinned model may come by a delta, and no other', async (context) => {
  const integrity = createHash('sha256').update(int8).digest('hex');
  assert.equal((await update(context, delta, { integrity })).whole, 0);
  const isPin = (error: unknown) =>
    error instanceof PalateError && error.code === 'fetch/integrity';
  await assert.rejects(update(context, delta, { integrity: '0'.repeat(64) }), isPin);
  assert.equal(wholes, 1);
});

const noDelta = (url: string, type: string) =>
  `${url} is no delta file that this Palate reads but ${type}: give the address of what palate diff wrote`;
const isDamaged = `${origin}/delta is damaged: make it again with palate diff`;

const cases: [
  what: string,
  code: string,
  message: string,
  file: Uint8Array,
  options?: UpdateOptions,
  from?: Golden,
][] = [
  [
    'for another model',
    'delta/mismatch',
    `${origin}/delta leads from the model with SHA-256 ${checksumOf(hybrid)} to ${checksumOf(int8)}, ` +
      `not from ${checksumOf(int8)} to a newer one: serve what palate diff makes of these two`,
    delta,
    {},
    'int8',
  ],
  [
    'that is missing',
    'fetch/status',
    `${origin}/missing answered 404 Not Found instead of a delta file: is the path right, is the file deployed?`,
    delta,
    { delta: `${origin}/missing` },
  ],
  [
    'whose place has a page',
    'fetch/content',
    `${origin}/page is a page (text/html) instead of a delta file: is the path right, is the file deployed?`,
    delta,
    { delta: `${origin}/page` },
  ],
  ['that is a model', 'delta/damaged', noDelta(`${origin}/delta`, 'of no content type'), int8],
  [
    'that ends in its header',
    'delta/damaged',
    noDelta(`${origin}/delta`, 'of no content type'),
    delta.subarray(0, 90),
  ],
  ['that ends early', 'delta/damaged', isDamaged, delta.subarray(0, -1)],
  ['that unpacks to less', 'delta/damaged', isDamaged, packed(content.subarray(1))],
  ['that unpacks to a lot more', 'delta/damaged', isDamaged, packed(Buffer.alloc(1 << 25))],
  ['that asks for a lot of memory', 'delta/damaged', isDamaged, sized(0x3fffffff)],
  [
    'for a model over the limit',
    'fetch/too-large',
    `${origin}/delta has 5000 bytes, over the limit of 4999: raise maxBytes if it is meant`,
    sized(5000),
    { maxBytes: 4999 },
  ],
];

for (const [what, code, message, file, options, from] of cases) {
  test(`A delta ${what} is told, and the whole model downloaded`, async (context) => {
    const { palate, event, whole } = await update(context, file, options, from);
    assert.ok(event.state === 'unused');
    assert.deepEqual([event.error.code, event.error.message], [code, message]);
    assert.equal(whole, 1);
    assert.deepEqual(palate.model, (await openGolden(context, 'int8')).model);
  });
}

test('Whatever is forged in a delta, it ends in time with the model or an error', () => {
  let refused = 0;
  for (let place = 0; place < instructions; ++place) {
    for (const value of [0, 1, 2, 127, 128, 255]) {
      const forged = new Uint8Array(content);
      forged[place] = value;
      const begin = performance.now();
      try {
        assert.equal(patch(new Uint8Array(hybrid), forged, instructions).length, int8.length);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
        ++refused;
      }
      assert.ok(performance.now() - begin < 1000);
    }
  }
  assert.ok(refused > instructions);
});

for (const [what, numbers] of [
  ['a text that ends before it starts', [1, 1, 1, 4, 2, 1, 0, 8, 0, 0]],
  ['a number of 33 bits', [0, 1, 0, 0, 128, 128, 128, 128, 16, 20, 0]],
] as const) {
  test(`A delta with ${what} is refused`, () => {
    const base = new Uint8Array(20);
    base[0] = 4; // the first of two offsets
    const forged = new Uint8Array(2 * numbers.length);
    forged.set(numbers);
    assert.throws(() => patch(base, forged, numbers.length), RangeError);
  });
}

test('Updates by a delta stop at an abort and at the end', async (context) => {
  const reason = new Error('changed my mind');
  const aborted = update(context, delta, { signal: AbortSignal.abort(reason) });
  await assert.rejects(aborted, reason);
  const palate = await openGolden(context, 'hybrid');
  served = delta;
  const updating = palate.update(`${origin}/model`, { delta: `${origin}/delta` });
  palate.dispose();
  await assert.rejects(
    updating,
    (error) => error instanceof PalateError && error.code === 'disposed',
  );
});
