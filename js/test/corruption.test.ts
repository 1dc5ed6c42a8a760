// A model file is untrusted bytes: whatever is cut off or flipped is refused with a typed error.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Palate, PalateError } from '../dist/palate.js';
import { readGolden, simd128 as wasm, simd128Rest as wasmRest } from './models.ts';

const model = await readGolden('hybrid');

async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    (await Palate.load(bytes, { wasm, wasmRest })).dispose();
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof PalateError, String(error));
    assert.ok(error.message.length > 10);
    return error.code;
  }
}

// The core's tests take every length and every bit; these test the way of the error.
const step = 5;

test('A truncated file is refused', async () => {
  for (let length = 0; length < model.length; length += step) {
    const code = await codeOf(model.subarray(0, length));
    assert.match(code, /^model\/(not-palate|truncated)$/, `${length} bytes`);
  }
});

test('A file with a flipped bit is refused', async () => {
  for (let place = 0; place < model.length; place += step) {
    const flipped = model.slice();
    flipped[place]! ^= 1 << (place & 7);
    const code = await codeOf(flipped);
    assert.match(code, /^model\/(not-palate|version|truncated|checksum)$/, `byte ${place}`);
  }
});
