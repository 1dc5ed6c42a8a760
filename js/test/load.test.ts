// How a model is fetched and checked, against a real server.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Palate, PalateError, type Progress } from '../dist/palate.js';
import { open, readGolden, simd128 as wasm } from './models.ts';
import { serve } from './server.ts';

const hasCode = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof PalateError && error.code === code && text.test(error.message);

const model = await readGolden('hybrid');
const digest = createHash('sha256').update(model).digest();

const origin = await serve({
  '/model.palate': (response) =>
    response.writeHead(200, { 'content-length': model.length }).end(model),
  '/unknown-length': (response) => void response.writeHead(200).write(model, () => response.end()),
  '/endless': (response) => void response.writeHead(200).write(model.subarray(0, 100)),
});

test('A model loads from an address, an URL, a response and bytes', async (context) => {
  const url = `${origin}/model.palate`;
  const buffer = model.buffer.slice(
    model.byteOffset,
    model.byteOffset + model.length,
  ) as ArrayBuffer;
  for (const source of [url, new URL(url), await fetch(url), model, buffer]) {
    const palate = await open(context, source);
    assert.equal(palate.model.items, 12);
  }
});

test('Progress ends at the whole file', async (context) => {
  const seen: Progress[] = [];
  await open(context, `${origin}/model.palate`, { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(seen.at(-1), { loaded: model.length, total: model.length });
});

test('The total is what the file states, whether the server says so or not', async (context) => {
  const seen: Progress[] = [];
  await open(context, `${origin}/unknown-length`, {
    onProgress: (progress) => seen.push(progress),
  });
  assert.deepEqual(seen.at(-1), { loaded: model.length, total: model.length });
});

test('Integrity is accepted in Base64 and in hexadecimal digits', async (context) => {
  for (const integrity of [
    `sha256-${digest.toString('base64')}`,
    digest.toString('hex'),
    digest.toString('hex').toUpperCase(),
  ]) {
    const palate = await open(context, model, { integrity });
    assert.equal(palate.model.items, 12);
  }
});

test('An integrity that is none is refused before anything is fetched', async () => {
  await assert.rejects(
    Palate.load(`${origin}/missing`, { integrity: 'md5-1234' }),
    hasCode('request/invalid', /integrity/),
  );
});

test('An abort before, at the start and in the middle rejects with its reason', async () => {
  const reason = new Error('changed my mind');
  const url = `${origin}/endless`;
  await assert.rejects(Palate.load(url, { wasm, signal: AbortSignal.abort(reason) }), reason);
  const atStart = new AbortController();
  const starting = Palate.load(url, { wasm, signal: atStart.signal });
  atStart.abort(reason);
  await assert.rejects(starting, reason);
  const inMiddle = new AbortController();
  const onProgress = () => inMiddle.abort(reason);
  await assert.rejects(Palate.load(url, { wasm, signal: inMiddle.signal, onProgress }), reason);
  const ofResponse = new AbortController();
  const response = await fetch(url);
  const reading = Palate.load(response, {
    wasm,
    signal: ofResponse.signal,
    onProgress: () => ofResponse.abort(reason),
  });
  await assert.rejects(reading, reason);
});

test('An error of the progress callback comes back as it is', async () => {
  const error = new Error('the page is at fault');
  const onProgress = () => {
    throw error;
  };
  await assert.rejects(Palate.load(`${origin}/model.palate`, { wasm, onProgress }), error);
});

test('A response that was read before is refused', async () => {
  const used = await fetch(`${origin}/model.palate`);
  await used.arrayBuffer();
  await assert.rejects(Palate.load(used, { wasm }), hasCode('request/invalid', /was read before/));
  const locked = await fetch(`${origin}/model.palate`);
  const reader = locked.body!.getReader();
  await assert.rejects(Palate.load(locked, { wasm }), hasCode('request/invalid', /read before/));
  await reader.cancel();
});

test('A wasm address that is none is refused', async () => {
  for (const address of ['nowhere.wasm', 'http://[']) {
    await assert.rejects(
      Palate.load(model, { wasm: address }),
      hasCode('request/invalid', /wasm is no address/),
    );
  }
});

test('A source of a wrong type is refused', async () => {
  await assert.rejects(Palate.load(42 as never, { wasm }), hasCode('request/invalid', /source/));
});
