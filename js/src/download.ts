// A model file's download: progress, abort, size cap, and errors that say what came instead.
import { PalateError, reasonOf } from './errors.js';
import { checkSize, type FileKind, modelFile } from './model_head.js';
import type { LoadOptions } from './types.js';

const defaultMaxBytes = 2 ** 30;
const chunkBytes = 2 ** 18;

type Bytes = Uint8Array<ArrayBuffer>;

export interface DownloadOptions extends Pick<LoadOptions, 'onProgress' | 'signal' | 'maxBytes'> {
  /** Where a file of so many bytes goes; a file may state more than there is memory for. */
  room?: ((size: number) => Promise<Bytes | undefined>) | undefined;
}

/** The response to a GET, whatever its status. */
export async function get(
  url: string,
  signal: AbortSignal | undefined,
  init: RequestInit = {},
): Promise<Response> {
  try {
    return await fetch(url, signal === undefined ? init : { ...init, signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new PalateError(
      'fetch/network',
      `GET ${url} failed: ${reasonOf(thrown)}: is there a network, and do the page's policy and CORS allow it?`,
      { cause: thrown },
    );
  }
}

/** The bytes of an answer that has to be a file of a kind. */
export async function readResponse(
  response: Response,
  { onProgress, signal, maxBytes = defaultMaxBytes, room = roomInScript }: DownloadOptions,
  kind: FileKind = modelFile,
): Promise<Bytes> {
  const name = nameOf(response);
  const type = response.headers.get('content-type') ?? '';
  checkResponse(response, name, type, kind.name);
  let chunks: Uint8Array[] = [];
  // From the head on, so that chunks do not pile up beside what they are joined to.
  let whole: Bytes | undefined;
  let loaded = 0;
  // As the file states it: a compressed answer's header counts other bytes.
  let total: number | undefined;
  for await (const chunk of chunksOf(response, name, signal)) {
    loaded += chunk.length;
    if (whole !== undefined && loaded <= whole.length) whole.set(chunk, loaded - chunk.length);
    else chunks.push(chunk.slice());
    if (total === undefined && loaded >= kind.headBytes) {
      const head = join(chunks, loaded);
      total = kind.check(head, { name, type, maxBytes });
      whole = await room(total);
      if (whole !== undefined && loaded <= total) {
        whole.set(head);
        chunks = [];
      }
    }
    checkSize(loaded, name, maxBytes);
    onProgress?.({ loaded, total });
  }
  // Shorter or longer than it states: whoever reads it says so.
  if (loaded === whole?.length && chunks.length === 0) return whole;
  const kept = loaded - chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const bytes = join(kept > 0 ? [whole!.subarray(0, kept), ...chunks] : chunks, loaded);
  if (total === undefined) kind.check(bytes, { name, type, maxBytes });
  return bytes;
}

export async function roomInScript(size: number): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(size);
  } catch {
    return undefined;
  }
}

export function nameOf(source: unknown): string {
  return source instanceof Response ? source.url || 'the response' : String(source);
}

function checkResponse(response: Response, name: string, type: string, kind: string): void {
  if (response.bodyUsed || response.body?.locked) {
    throw new PalateError('request/invalid', `${name} was read before: give a clone of it`);
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trimEnd();
    throw new PalateError(
      'fetch/status',
      `${name} answered ${status} instead of ${kind}: is the path right, is the file deployed?`,
    );
  }
  // Servers answer a wrong path with a page, often with status 200.
  if (/^text\/html\b/i.test(type)) {
    throw new PalateError(
      'fetch/content',
      `${name} is a page (${type}) instead of ${kind}: is the path right, is the file deployed?`,
    );
  }
}

/** Each is there until the next one is asked for: they may share their memory. */
async function* chunksOf(
  response: Response,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const read = reading(response.body);
  // A response that the page fetched itself knows nothing of this signal.
  const stop = () => void read.cancel().catch(() => {});
  signal?.addEventListener('abort', stop);
  try {
    for (;;) {
      const part = await read.next();
      signal?.throwIfAborted();
      if (part.done) return;
      yield part.value!;
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new PalateError(
      'fetch/network',
      `${name} broke off: ${reasonOf(thrown)}: load it again`,
      { cause: thrown },
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    await read.cancel().catch(() => {});
  }
}

/** Into the same memory again and again, where the browser can: else what was read piles up until it is collected. */
function reading(body: ReadableStream<Bytes>) {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    const plain = body.getReader();
    return { next: () => plain.read(), cancel: () => plain.cancel() };
  }
  let memory = new ArrayBuffer(chunkBytes);
  return {
    async next() {
      const part = await reader.read(new Uint8Array(memory));
      if (part.value !== undefined) memory = part.value.buffer;
      return part;
    },
    cancel: () => reader.cancel(),
  };
}

function join(chunks: readonly Uint8Array[], size: number): Bytes {
  const bytes = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}
