// Every way in which loading fails, with the whole message that a developer gets to read.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { type LoadOptions, type ModelSource, Palate, PalateError } from '../dist/palate.js';
import { readGolden, simd128 as wasm, simd128Rest as wasmRest } from './models.ts';
import { serve } from './server.ts';

const model = await readGolden('hybrid');
const digest = createHash('sha256').update(model).digest('hex');
const pinned = '0'.repeat(64);

/** The model with other bytes at a place of its header. */
function forged(place: number, ...bytes: number[]): Uint8Array {
  const copy = new Uint8Array(model);
  copy.set(bytes, place);
  return copy;
}

const runtime = await readFile(new URL('../dist/palate-simd128.wasm', import.meta.url));

const origin = await serve({
  '/model': (response) => response.writeHead(200).end(model),
  '/page': (response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>'),
  '/text': (response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('Not found,\nsorry.'),
  '/untyped': (response) => response.writeHead(200).end('<!doctype html><title>A page</title>'),
  '/next-format': (response) => response.writeHead(200).end(forged(8, 2)),
  // What comes after the header would be a gigabyte: the answer never ends.
  '/huge': (response) => void response.writeHead(200).write(forged(16, 0, 0, 0, 0x50)),
  // It states a small size, and goes on and on.
  '/liar': (response) =>
    void response.writeHead(200).write(Buffer.concat([model, Buffer.alloc(5000)])),
  '/short': (response) => response.writeHead(200).end(model.subarray(0, 40)),
  '/cut': (response) => response.writeHead(200).end(model.subarray(0, 1000)),
  '/flipped': (response) => response.writeHead(200).end(forged(1000, 255, 254)),
  '/broken': (response) =>
    void response
      .writeHead(200, { 'content-length': model.length })
      .write(model.subarray(0, 100), () => response.destroy()),
  '/cut.wasm': (response) =>
    response.writeHead(200, { 'content-type': 'application/wasm' }).end(runtime.subarray(0, 4)),
  '/broken.wasm': (response) =>
    void response
      .writeHead(200, { 'content-type': 'application/wasm', 'content-length': runtime.length })
      .write(runtime.subarray(0, 100), () => response.destroy()),
  '/broken-untyped.wasm': (response) =>
    void response
      .writeHead(200, { 'content-length': runtime.length })
      .write(runtime.subarray(0, 100), () => response.destroy()),
  '/busy': (response) => response.writeHead(503).end(),
});

const cases: [what: string, code: string, message: string, ModelSource, LoadOptions?][] = [
  [
    'a missing file',
    'fetch/status',
    `${origin}/missing answered 404 Not Found instead of a model file: is the path right, is the file deployed?`,
    `${origin}/missing`,
  ],
  [
    'a server that cannot answer',
    'fetch/status',
    `${origin}/busy answered 503 Service Unavailable instead of a model file: is the path right, is the file deployed?`,
    `${origin}/busy`,
  ],
  [
    'a page in place of the model',
    'fetch/content',
    `${origin}/page is a page (text/html; charset=utf-8) instead of a model file: is the path right, is the file deployed?`,
    `${origin}/page`,
  ],
  [
    'a text in place of the model',
    'model/not-palate',
    `${origin}/text is no model file but text/plain, beginning "Not found,.sorry.": give the address of what palate train wrote`,
    `${origin}/text`,
  ],
  [
    'a page that is not called one',
    'model/not-palate',
    `${origin}/untyped is no model file but of no content type, beginning "<!doctype html><title>A ": give the address of what palate train wrote`,
    `${origin}/untyped`,
  ],
  [
    'a model of another format',
    'model/version',
    `${origin}/next-format has format version 2, this Palate reads 1: train it again or use the matching release`,
    `${origin}/next-format`,
  ],
  [
    'a model over the limit, at its first bytes',
    'fetch/too-large',
    `${origin}/huge has 1342177280 bytes, over the limit of 1073741824: raise maxBytes if it is meant`,
    `${origin}/huge`,
  ],
  [
    'a model over a limit of the page',
    'fetch/too-large',
    `${origin}/model has 2000 bytes, over the limit of 1999: raise maxBytes if it is meant`,
    `${origin}/model`,
    { maxBytes: 1999 },
  ],
  [
    'a download that goes on beyond the limit',
    'fetch/too-large',
    `${origin}/liar has 7000 bytes, over the limit of 4000: raise maxBytes if it is meant`,
    `${origin}/liar`,
    { maxBytes: 4000 },
  ],
  [
    'a download that ends in the header',
    'model/truncated',
    `${origin}/short ends after 40 bytes: it was cut on its way, load it again`,
    `${origin}/short`,
  ],
  [
    'a download that ends early',
    'model/truncated',
    `${origin}/cut: the file has 1000 bytes instead of 2000: it was cut or padded on its way, fetch it again`,
    `${origin}/cut`,
  ],
  [
    'a damaged model',
    'model/checksum',
    `${origin}/flipped: the file differs from its SHA-256: it was damaged, fetch it again`,
    `${origin}/flipped`,
  ],
  [
    'damaged bytes',
    'model/checksum',
    'the model file: the file differs from its SHA-256: it was damaged, fetch it again',
    forged(1000, 255, 254),
  ],
  [
    'a download that breaks off',
    'fetch/network',
    `${origin}/broken broke off: terminated: load it again`,
    `${origin}/broken`,
  ],
  [
    'a server that is not there',
    'fetch/network',
    "GET http://127.0.0.1:1/model failed: fetch failed: is there a network, and do the page's policy and CORS allow it?",
    'http://127.0.0.1:1/model',
  ],
  [
    'another file than the pinned one',
    'fetch/integrity',
    `${origin}/model has SHA-256 ${digest}, not ${pinned}: pin the model that is served, or serve the pinned one`,
    `${origin}/model`,
    { integrity: pinned },
  ],
  [
    'a wasm that is missing',
    'runtime/load',
    `GET ${origin}/missing answered 404 instead of the runtime: is the file deployed beside the scripts?`,
    model,
    { wasm: `${origin}/missing` },
  ],
  [
    'a page in place of the wasm',
    'runtime/load',
    `${origin}/page is no WebAssembly but text/html; charset=utf-8: is the file deployed beside the scripts?`,
    model,
    { wasm: `${origin}/page` },
  ],
  [
    'a wasm that is none',
    'runtime/load',
    "the given wasm cannot be compiled: WebAssembly.compile(): expected magic word 00 61 73 6d, found 89 50 41 4c @+0: is it whole, and does script-src allow 'wasm-unsafe-eval'?",
    model,
    { wasm: model },
  ],
  [
    'a wasm that is cut, compiled while it arrives',
    'runtime/load',
    `${origin}/cut.wasm cannot be compiled: WebAssembly.compileStreaming(): expected 4 bytes, fell off end @+4: is it whole, and does script-src allow 'wasm-unsafe-eval'?`,
    model,
    { wasm: `${origin}/cut.wasm` },
  ],
  [
    'a wasm whose download breaks off',
    'runtime/load',
    `${origin}/broken.wasm cannot be compiled: terminated: is it whole, and does script-src allow 'wasm-unsafe-eval'?`,
    model,
    { wasm: `${origin}/broken.wasm` },
  ],
  [
    'a wasm without a type whose download breaks off',
    'runtime/load',
    `${origin}/broken-untyped.wasm cannot be compiled: terminated: is it whole, and does script-src allow 'wasm-unsafe-eval'?`,
    model,
    { wasm: `${origin}/broken-untyped.wasm` },
  ],
  [
    'a worker where there are none',
    'worker/failed',
    'the worker cannot start: Worker is not defined: load without worker',
    model,
    { worker: true },
  ],
];

for (const [what, code, message, source, options] of cases) {
  test(`Loading says what is wrong with ${what}`, async () => {
    const thrown = await Palate.load(source, { wasm, wasmRest, ...options }).then(
      (palate) => palate.dispose(),
      (error: unknown) => error,
    );
    assert.ok(thrown instanceof PalateError, String(thrown));
    assert.deepEqual([thrown.code, thrown.message], [code, message]);
  });
}

for (const [what, cause, code, message] of [
  [
    'no memory',
    new RangeError('out of memory'),
    'memory/refused',
    'the runtime does not start: out of memory: dispose of models that are no longer asked',
  ],
  [
    'other imports',
    new WebAssembly.LinkError('no such import'),
    'runtime/load',
    'the runtime does not start: no such import',
  ],
  [
    'a policy against it',
    new WebAssembly.CompileError('disallowed'),
    'runtime/load',
    "the runtime does not start: disallowed: does script-src allow 'wasm-unsafe-eval'?",
  ],
] as const) {
  test(`A runtime with ${what} says so`, async (context) => {
    context.mock.method(WebAssembly, 'instantiate', () => Promise.reject(cause));
    await assert.rejects(Palate.load(model, { wasm }), { code, message });
  });
}
