// Training in the page: what comes of rows, what is refused, and how it can be watched and stopped.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { load, train } from '../dist/node.js';
import {
  Palate,
  PalateError,
  type TrainItem,
  type TrainOptions,
  type TrainRow,
} from '../dist/palate.js';
import { open } from './models.ts';

const wasm = await WebAssembly.compile(
  await readFile(new URL('../dist/palate-train.wasm', import.meta.url)),
);

/** 60 users with one of two tastes: the even items or the odd ones, of 40. */
const rows: TrainRow[] = [];
for (let user = 0; user < 60; ++user) {
  for (let k = 0; k < 8; ++k) {
    const item = ((user * 7 + k * 3) % 20) * 2 + (user % 2);
    rows.push({ user: `u${user}`, item, value: 1 + ((user + item) % 5), time: 1e12 + rows.length });
  }
}
const items: TrainItem[] = Array.from({ length: 41 }, (_, item) => ({
  item,
  title: `Item ${item}`,
  attributes: { side: item % 2 === 0 ? 'even' : ['odd'], size: item },
}));

test('Rows become a model that lists, filters and explains as any other', async (context) => {
  const palate = await open(context, await train(rows, { items, dimension: 8 }));
  assert.equal(palate.model.recipe, 'ials');
  assert.equal(palate.model.dimension, 8);
  assert.equal(palate.model.users, 60);
  assert.equal(palate.model.newest, 1e12 + rows.length - 1);
  assert.deepEqual(palate.model.attributes, [
    { name: 'side', kind: 'category' },
    { name: 'size', kind: 'number' },
  ]);
  await palate.record({ item: 4, type: 'like' });
  await palate.record({ item: '10', type: 'like' });
  const picks = await palate.recommend({ count: 5 });
  assert.equal(picks.length, 5);
  for (const { item, title, reasons } of picks) {
    assert.equal(Number(item) % 2, 0);
    assert.equal(title, `Item ${item}`);
    assert.ok(reasons.length > 0);
  }
  for (const { item } of await palate.recommend({ where: { side: 'odd', size: { min: 20 } } })) {
    assert.ok(Number(item) % 2 === 1 && Number(item) >= 20);
  }
  const best = picks[0]!.item;
  const why = await palate.explain(best);
  const sum = why.contributions.reduce((all, { amount }) => all + amount, why.base + why.remainder);
  assert.ok(Math.abs(sum - why.score) < 1e-5);
  assert.equal((await palate.similar(best, { count: 3 })).length, 3);
  // Nobody took item 40.
  assert.equal(await palate.item(40), undefined);
  assert.deepEqual((await palate.item(3))?.attributes, { side: ['odd'], size: 3 });
});

test('A model that was trained in the page takes the place of another', async () => {
  const palate = await load(await train(rows.slice(0, 200), { dimension: 4 }));
  await palate.record({ item: 4, type: 'like' });
  await palate.update(await train(rows, { dimension: 6 }));
  assert.equal(palate.model.dimension, 6);
  assert.equal((await palate.history()).length, 1);
  palate.dispose();
});

test('The same rows, options and seed give the same bytes', async () => {
  const first = await train(rows, { dimension: 8 });
  function* oneByOne() {
    yield* rows;
  }
  assert.deepEqual(await train(oneByOne(), { dimension: 8, seed: 1 }), first);
  assert.notDeepEqual(await train(rows, { dimension: 8, seed: 2 }), first);
});

test('Of the same user and item the newest row counts, and small values are left out', async () => {
  const twice = [
    { user: 'a', item: 'x', value: 5, time: 2000 },
    { user: 'a', item: 'x', value: 1, time: new Date(1000) },
    { user: 'b', item: 'y', value: 2, time: 3000 },
  ];
  const facts = async (options: TrainOptions) => {
    const palate = await load(await train(twice, options));
    palate.dispose();
    return palate.model;
  };
  assert.equal((await facts({})).interactions, 2);
  assert.equal((await facts({})).newest, 3000);
  assert.deepEqual([(await facts({ minValue: 3 })).items, (await facts({})).items], [1, 2]);
});

const one = { user: 'a', item: 'b' };
const refused: [string, unknown, unknown, string, string][] = [
  ['no rows', [], {}, 'data/empty', 'no interaction'],
  ['none left', [one], { minUser: 2 }, 'data/empty', 'min_user'],
  ['rows that are none', 'abc', {}, 'request/invalid', 'rows must be an array'],
  ['a row that is none', [one, null], {}, 'request/invalid', 'rows[1] must be an object, not null'],
  ['a missing item', [one, { user: 'a' }], {}, 'request/invalid', 'rows[1].item must be'],
  ['a blank user', [{ ...one, user: ' ' }], {}, 'request/invalid', 'rows[0].user must be'],
  ['a user that is no number', [{ ...one, user: NaN }], {}, 'request/invalid', 'rows[0].user'],
  ['half a character', [{ ...one, item: '\ud800' }], {}, 'request/invalid', 'rows[0].item'],
  ['a NUL', [{ ...one, item: 'a\0b' }], {}, 'request/invalid', 'rows[0].item must be of 1024'],
  ['a long id', [{ ...one, item: 'ü'.repeat(513) }], {}, 'request/invalid', 'rows[0].item'],
  ['a text for a value', [{ ...one, value: '5' }], {}, 'request/invalid', 'rows[0].value must be'],
  ['an endless value', [{ ...one, value: Infinity }], {}, 'request/invalid', 'rows[0].value'],
  ['a bad time', [{ ...one, time: new Date('x') }], {}, 'request/invalid', 'rows[0].time must be'],
  ['a time now and then', [one, { ...one, time: 5 }], {}, 'request/invalid', 'rows[1].time must'],
  ['an item twice', [one], { items: [{ item: 1 }, { item: '1' }] }, 'request/invalid', 'items[1]'],
  ['a title that is none', [one], { items: [{ item: 1, title: 5 }] }, 'request/invalid', 'title'],
  [
    'a number among categories',
    [one],
    {
      items: [
        { item: 1, attributes: { a: 'x' } },
        { item: 2, attributes: { a: 5 } },
      ],
    },
    'request/invalid',
    'items[1].attributes.a must be a text or texts',
  ],
  [
    'a category among numbers',
    [one],
    {
      items: [
        { item: 1, attributes: { a: 5 } },
        { item: 2, attributes: { a: 'x' } },
      ],
    },
    'request/invalid',
    'items[1].attributes.a must be a number',
  ],
  ['no dimension', [one], { dimension: 0 }, 'request/invalid', 'dimension must be a whole number'],
  ['half a round', [one], { epochs: 1.5 }, 'request/invalid', 'epochs must be'],
  ['no regularization', [one], { regularization: 0 }, 'request/invalid', 'above 0 to 1000'],
  ['a negative seed', [one], { seed: -1 }, 'request/invalid', 'seed must be'],
  ['no wasm', [one], { wasm: 5 }, 'request/invalid', 'wasm must be'],
];
for (const [what, given, options, code, text] of refused) {
  test(`Training refuses ${what}, and says where`, async () => {
    await assert.rejects(train(given as TrainRow[], options as TrainOptions), (error) => {
      assert.ok(error instanceof PalateError);
      assert.equal(error.code, code);
      assert.ok(error.message.includes(text), error.message);
      return true;
    });
  });
}

test('Attributes without a value are none, and any name and category will do', async (context) => {
  const given: TrainItem[] = [
    { item: 1, attributes: { none: null, nor: '', __proto__x: ['ü|', 'ü|'], constructor: 3 } },
    { item: 2, attributes: { nor: [], constructor: undefined } },
    { item: 3 },
  ];
  const few = [1, 2, 3].map((item) => ({ user: item, item }));
  const palate = await open(context, await train(few, { items: given, dimension: 2 }));
  assert.deepEqual((await palate.item(1))?.attributes, { __proto__x: ['ü|'], constructor: 3 });
  assert.equal((await palate.item(3))?.title, '');
});

test('Rounds are told one by one; a signal stops them, and so does what onProgress throws', async () => {
  const told: number[] = [];
  await train(rows, {
    epochs: 4,
    onProgress: ({ epoch, epochs }) => {
      told.push(epoch);
      assert.equal(epochs, 4);
    },
  });
  assert.deepEqual(told, [1, 2, 3, 4]);

  await assert.rejects(train(rows, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const controller = new AbortController();
  let last = 0;
  const stopped = train(rows, {
    signal: controller.signal,
    onProgress({ epoch }) {
      last = epoch;
      if (epoch === 3) controller.abort(new Error('enough'));
    },
  });
  await assert.rejects(stopped, { message: 'enough' });
  assert.equal(last, 3);

  const onProgress = () => {
    throw new TypeError('mine');
  };
  await assert.rejects(train(rows, { onProgress }), { name: 'TypeError', message: 'mine' });
});

test('Vectors that no model file may hold are refused', async () => {
  const few = Array.from({ length: 80 }, (_, i) => {
    const user = i >> 2;
    return { user, item: (user * user + (i & 3)) % 40 };
  });
  // Hardly anything holds the vectors down.
  const options = { dimension: 16, regularization: 1e-12, minUser: 1, minItem: 1 };
  await assert.rejects(train(few, options), {
    code: 'recipe/invalid',
    message: /above a million; raise ials\.regularization/,
  });
});

test('A text that begins with a byte order mark keeps it', async () => {
  const marked = '\ufeffitem';
  const own = [0, 1, 2, 3, 4, 5].map((user) => ({ user, item: marked, time: 1 }));
  const palate = await load(await train([...rows, ...own], { minUser: 1, minItem: 1 }));
  assert.equal((await palate.item(marked))?.item, marked);
  palate.dispose();
});

/** Stands for a worker: hands its job over. */
class Overheard {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  isEnded = false;
  job: { module: WebAssembly.Module; request: Uint8Array; epochs: number } | undefined;
  postMessage(job: Overheard['job']) {
    this.job = job;
  }
  terminate() {
    this.isEnded = true;
  }
}

async function overhear() {
  const worker = new Overheard();
  const done = Palate.train(rows, { items, wasm, worker: () => worker as unknown as Worker });
  done.catch(() => {});
  while (worker.job === undefined) await new Promise((resolve) => setTimeout(resolve));
  return { worker, done };
}

test('A worker that fails, ends or cannot start is an error, and none stays behind', async () => {
  const failing = await overhear();
  failing.worker.onerror!({ message: 'gone', preventDefault() {} });
  await assert.rejects(failing.done, { code: 'worker/failed', message: 'the worker failed: gone' });
  assert.ok(failing.worker.isEnded);

  const refusing = await overhear();
  refusing.worker.onmessage!({ data: { code: 'memory/refused', message: 'too much' } });
  await assert.rejects(refusing.done, { code: 'memory/refused', message: 'too much' });
  assert.ok(refusing.worker.isEnded);

  const started = Palate.train(rows, { wasm, worker: true });
  await assert.rejects(started, /worker cannot start: .*train with worker: false/);
});

test('A trainer that is not there, or is another file, is an error that names it', async () => {
  const other = await readFile(new URL('../dist/palate-simd128.wasm', import.meta.url));
  await assert.rejects(train(rows, { wasm: other }), { code: 'runtime/load' });
  await assert.rejects(train(rows, { wasm: new Uint8Array(8) }), { code: 'runtime/load' });
  await assert.rejects(Palate.train(rows), { code: 'runtime/load', message: /GET file:.* failed/ });
});

interface Trainer {
  memory: WebAssembly.Memory;
  _initialize(): void;
  request(size: number): number;
  start(): number;
  errorCode(): number;
}

test('A request that is cut short or contradicts itself is refused', async () => {
  const { worker } = await overhear();
  const { request } = worker.job!;
  const startOn = async (bytes: Uint8Array) => {
    const imports = { env: { emscripten_notify_memory_growth() {} } };
    const trainer = (await WebAssembly.instantiate(wasm, imports)).exports as unknown as Trainer;
    trainer._initialize();
    const at = trainer.request(bytes.length);
    new Uint8Array(trainer.memory.buffer).set(bytes, at);
    if (trainer.start() === 1) return 'started';
    const text = new Uint8Array(trainer.memory.buffer, trainer.errorCode());
    return new TextDecoder().decode(text.slice(0, text.indexOf(0)));
  };
  assert.equal(await startOn(request), 'started');
  // Every end but those between two attributes, of which the file then has fewer.
  let started = 0;
  for (let size = 0; size < request.length; size += 8) {
    const code = await startOn(request.slice(0, size));
    if (code === 'started') ++started;
    else assert.equal(code, 'request/invalid');
  }
  assert.equal(started, 2);
  // Each section's length. What then stands elsewhere may by chance be sound, but nothing is read
  // from beyond the end, nor does anything break off.
  const view = new DataView(request.buffer, request.byteOffset);
  for (let at = 0; at < request.length;) {
    const size = view.getUint32(at, true);
    for (const wrong of [size + 4, size + 64, 0xffffffff]) {
      const damaged = request.slice();
      new DataView(damaged.buffer).setUint32(at, wrong, true);
      const code = await startOn(damaged);
      if (code !== 'started' || wrong > request.length) assert.equal(code, 'request/invalid');
    }
    at += 8 + Math.ceil(size / 8) * 8;
  }
});

test('Training that needs more memory than there is says so', async () => {
  function* manyUsers() {
    for (let user = 0; user < 540_000; ++user) yield { user, item: user % 7 };
  }
  await assert.rejects(train(manyUsers(), { dimension: 1024 }), { code: 'memory/refused' });
});
