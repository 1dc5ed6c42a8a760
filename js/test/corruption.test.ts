// A model file is untrusted bytes: whatever is cut off or flipped is refused with a typed error.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PalateError } from '../dist/palate.js';
import { openBytes, readGolden } from './models.ts';

const model = await readGolden('hybrid');

async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    (await openBytes(bytes)).dispose();
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof PalateError, String(error));
    assert.ok(error.message.length > 10);
    return error.code;
  }
}

test('Every truncation is refused', async () => {
  for (let length = 0; length < model.length; ++length) {
    const code = await codeOf(model.subarray(0, length));
    assert.match(code, /^model\/(not-palate|truncated)$/, `${length} bytes`);
  }
});

test('Every flip of a bit is refused', async () => {
  for (let bit = 0; bit < 8 * model.length; ++bit) {
    const flipped = model.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const code = await codeOf(flipped);
    assert.match(code, /^model\/(not-palate|version|truncated|checksum)$/, `bit ${bit}`);
  }
});
