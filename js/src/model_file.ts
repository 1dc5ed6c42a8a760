// How a model file comes here: its download with progress and abort, and its checksum.
import { PalateError, reasonOf } from './errors.js';
import type { LoadOptions, ModelSource } from './types.js';

/** The bytes of a model file; those of a buffer are the caller's own, not a copy. */
export async function readModelFile(
  source: ModelSource,
  options: LoadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const expected = options.integrity === undefined ? undefined : parseIntegrity(options.integrity);
  options.signal?.throwIfAborted();
  const bytes = await readBytes(source, options);
  if (expected !== undefined) await checkIntegrity(bytes, expected);
  options.signal?.throwIfAborted();
  return bytes;
}

async function readBytes(
  source: ModelSource,
  options: LoadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Uint8Array) return source as Uint8Array<ArrayBuffer>;
  if (source instanceof Response) return readResponse(source, options);
  if (typeof source === 'string' || source instanceof URL) {
    return readResponse(await get(String(source), options), options);
  }
  throw new PalateError(
    'request/invalid',
    'source must be an address, a Response, an ArrayBuffer or a Uint8Array',
  );
}

async function get(url: string, { signal }: LoadOptions): Promise<Response> {
  try {
    return await fetch(url, signal === undefined ? {} : { signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new PalateError('fetch/network', `GET ${url} failed: ${reasonOf(thrown)}`, {
      cause: thrown,
    });
  }
}

async function readResponse(
  response: Response,
  options: LoadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const name = response.url || 'the response';
  if (response.bodyUsed || response.body?.locked) {
    throw new PalateError('request/invalid', `${name} was read before: give a clone of it`);
  }
  if (!response.ok) {
    throw new PalateError(
      'fetch/status',
      `${name} answered ${response.status} ${response.statusText}`.trimEnd(),
    );
  }
  const type = response.headers.get('content-type') ?? '';
  // Servers answer a wrong path with a page, often with status 200.
  if (/^text\/html\b/i.test(type)) {
    throw new PalateError(
      'fetch/content',
      `${name} is a page (${type}), no model file: is the path right?`,
    );
  }
  const total = totalOf(response);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  for await (const chunk of chunksOf(response, name, options.signal)) {
    chunks.push(chunk);
    loaded += chunk.length;
    options.onProgress?.({ loaded, total });
  }
  return join(chunks, loaded);
}

async function* chunksOf(
  response: Response,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  // A response that the page fetched itself knows nothing of this signal.
  const stop = () => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', stop);
  try {
    for (;;) {
      const part = await reader.read();
      signal?.throwIfAborted();
      if (part.done) return;
      yield part.value;
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new PalateError('fetch/network', `${name} broke off: ${reasonOf(thrown)}`, {
      cause: thrown,
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await reader.cancel().catch(() => {});
  }
}

/** The length as read here; a compressed answer's header counts other bytes. */
function totalOf(response: Response): number | undefined {
  const length = Number(response.headers.get('content-length') ?? NaN);
  return response.headers.has('content-encoding') || !Number.isInteger(length) ? undefined : length;
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}

/** The digest as hexadecimal digits. */
function parseIntegrity(integrity: string): string {
  if (/^[0-9a-f]{64}$/i.test(integrity)) return integrity.toLowerCase();
  if (/^sha256-[A-Za-z0-9+/]{43}=$/.test(integrity)) {
    return toHex(
      Uint8Array.from(atob(integrity.slice('sha256-'.length)), (character) =>
        character.charCodeAt(0),
      ),
    );
  }
  throw new PalateError(
    'request/invalid',
    'integrity must be "sha256-" and Base64, or 64 hexadecimal digits',
  );
}

async function checkIntegrity(bytes: Uint8Array<ArrayBuffer>, expected: string): Promise<void> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new PalateError(
      'fetch/integrity',
      'integrity can be checked on https and on localhost only',
    );
  }
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  if (digest === expected) return;
  throw new PalateError('fetch/integrity', `the model file has SHA-256 ${digest}, not ${expected}`);
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
