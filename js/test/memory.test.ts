// Loading and disposing, over and over, must not gather memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Palate } from '../dist/palate.js';
import { readGolden, simd128 as wasm } from './models.ts';

const model = await readGolden('hybrid');

async function loadAndDispose(times: number): Promise<number> {
  for (let time = 0; time < times; ++time) {
    const palate = await Palate.load(model, { wasm });
    await palate.record({ item: 'f5', type: 'like' });
    await palate.recommend();
    palate.dispose();
    // Wasm memories are freed by the collector, which does not see their size.
    if (time % 50 === 49) gc!();
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  gc!();
  return process.memoryUsage().rss;
}

test('A thousand loads and disposals leave the memory flat', async () => {
  const before = await loadAndDispose(500);
  const after = await loadAndDispose(1000);
  assert.ok(after - before < 16e6, `grew by ${after - before} bytes`);
});
