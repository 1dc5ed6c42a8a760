// How a model file comes here, from each kind of source, and its checksum.
import { type DownloadOptions, get, nameOf, readResponse } from './download.js';
import { PalateError } from './errors.js';
import { checkIntegrity, parseIntegrity } from './integrity.js';
import type { ModelSource, UpdateOptions } from './types.js';

/** The bytes of a model file; those of a buffer are the caller's own, not a copy. */
export async function readModelFile(
  source: ModelSource,
  options: DownloadOptions & Pick<UpdateOptions, 'integrity'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const expected = options.integrity === undefined ? undefined : parseIntegrity(options.integrity);
  options.signal?.throwIfAborted();
  const bytes = await readBytes(source, options);
  if (expected !== undefined) await checkIntegrity(bytes, expected, nameOfModel(source));
  options.signal?.throwIfAborted();
  return bytes;
}

/** Errors of the file itself come without its name: they get it here. */
export async function named<T>(source: ModelSource, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const name = nameOfModel(source);
    if (!(thrown instanceof PalateError) || !/^model\//.test(thrown.code)) throw thrown;
    if (thrown.message.includes(name)) throw thrown;
    throw new PalateError(thrown.code, `${name}: ${thrown.message}`, { cause: thrown });
  }
}

/** What an error calls the model: its address, where it has one. */
function nameOfModel(source: ModelSource): string {
  return isBytes(source) ? 'the model file' : nameOf(source);
}

function isBytes(source: ModelSource): source is ArrayBuffer | Uint8Array {
  return source instanceof ArrayBuffer || source instanceof Uint8Array;
}

async function readBytes(
  source: ModelSource,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof source === 'string' || source instanceof URL) {
    return readResponse(await get(String(source), options.signal), options);
  }
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Uint8Array) return source as Uint8Array<ArrayBuffer>;
  if (source instanceof Response) return readResponse(source, options);
  throw new PalateError(
    'request/invalid',
    'source must be an address, a Response, an ArrayBuffer or a Uint8Array',
  );
}
