// Another model in the place of the open one: at once, between two calls, with the history kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Palate, PalateError } from '../dist/palate.js';
import { openGolden, readGolden, simd128 as wasm } from './models.ts';

const hybrid = await readGolden('hybrid');

test('An update changes the model and keeps the history', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ id: 'a', item: 'f5', type: 'like', time: 1000 });
  const facts = await palate.update(hybrid);
  assert.deepEqual(palate.model, facts);
  assert.equal(palate.model.recipe, 'hybrid');
  assert.deepEqual(await palate.history(), [{ id: 'a', item: 'f5', type: 'like', time: 1000 }]);
  const fresh = await openGolden(context, 'hybrid');
  await fresh.record({ item: 'f5', type: 'like', time: 1000 });
  assert.deepEqual(await palate.recommend(), await fresh.recommend());
});

test('Who watches is told of an update until it stops, and not of calls', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  let [first, second] = [0, 0];
  const stop = palate.watch(() => ++first);
  palate.watch(() => ++second);
  await palate.record({ item: 'f5', type: 'like' });
  assert.deepEqual([first, second], [0, 0]);
  await palate.update(hybrid);
  stop();
  await palate.update(hybrid);
  assert.deepEqual([first, second], [1, 2]);
});

test('A listener that throws disturbs neither the update nor the others', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const queued = context.mock.method(globalThis, 'queueMicrotask', () => {});
  let told = 0;
  const reason = new Error('of the page');
  palate.watch(() => {
    throw reason;
  });
  palate.watch(() => ++told);
  assert.equal((await palate.update(hybrid)).recipe, 'hybrid');
  assert.equal(told, 1);
  const [report] = queued.mock.calls.map((call) => call.arguments[0] as unknown as () => void);
  assert.throws(report!, reason);
});

test('Calls during an update are answered by one model or the other, each whole', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const [before, after] = [
    await palate.items(),
    await (await openGolden(context, 'hybrid')).items(),
  ];
  const updating = palate.update(hybrid);
  for (let isUpdated = false; !isUpdated;) {
    const catalogue = (await palate.items()).length;
    assert.ok([before.length, after.length].includes(catalogue));
    isUpdated = await Promise.race([updating.then(() => true), setImmediate(false)]);
  }
  assert.deepEqual(await palate.items(), after);
});

test('A model that is refused leaves the old one in its place', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const before = await palate.recommend();
  await assert.rejects(
    palate.update(hybrid.subarray(0, 1000)),
    (error) => error instanceof PalateError && error.code === 'model/truncated',
  );
  assert.deepEqual(await palate.recommend(), before);
});

test('A disposed Palate takes no update, not even one under way', async () => {
  const palate = await Palate.load(hybrid, { wasm });
  const updating = palate.update(hybrid);
  palate.dispose();
  const isDisposed = (error: unknown) => error instanceof PalateError && error.code === 'disposed';
  await assert.rejects(updating, isDisposed);
  await assert.rejects(palate.update(hybrid), isDisposed);
});
