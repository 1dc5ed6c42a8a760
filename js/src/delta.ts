// A newer model made of an older one by a delta file, whose layout stands in models/README.md.
import { get, nameOf, readResponse } from './download.js';
import { PalateError } from './errors.js';
import { named, readModelFile } from './model_file.js';
import { checkSize, type FileKind, statedChecksum, toHex } from './model_head.js';
import { check, patch, unpack } from './patch.js';
import type { UpdateOptions } from './types.js';

type Bytes = Uint8Array<ArrayBuffer>;

const headBytes = 96;
const magicAndVersion = '8950414c444c540a01000000';

/**
 * Has `put` take the model that the delta makes of `base`. `undefined` where that does not work, as
 * `onDelta` is told. With `wanted` the delta has to lead to the model of that checksum.
 */
export async function byDelta<T>(
  base: Bytes,
  { delta, onDelta, ...options }: UpdateOptions,
  put: (model: Bytes) => Promise<T>,
  wanted?: string,
): Promise<T | undefined> {
  try {
    const address = typeof delta === 'function' ? delta(statedChecksum(base)) : delta;
    const response = await get(String(address), options.signal, { cache: 'no-cache' });
    const file = await readResponse(response, options, deltaFile(base, wanted));
    const model = await applied(base, file, nameOf(response));
    const done = await named(String(address), put(await readModelFile(model, options)));
    onDelta?.({ state: 'applied', bytes: file.length });
    return done;
  } catch (thrown) {
    options.signal?.throwIfAborted();
    if (!(thrown instanceof PalateError) || thrown.code === 'disposed') throw thrown;
    onDelta?.({ state: 'unused', error: thrown });
    return undefined;
  }
}

/** One for another base is refused at its head. */
function deltaFile(base: Bytes, wanted: string | undefined): FileKind {
  return {
    name: 'a delta file',
    headBytes,
    check(head, { name, type, maxBytes }) {
      if (head.length < headBytes || toHex(head.subarray(0, 12)) !== magicAndVersion) {
        throw damaged(
          `${name} is no delta file that this Palate reads but ${type || 'of no content type'}: ` +
            `give the address of what palate diff wrote`,
        );
      }
      const kept = statedChecksum(base);
      const from = toHex(head.subarray(32, 64));
      const to = toHex(head.subarray(64, 96));
      if (from !== kept || to !== (wanted ?? to)) {
        throw new PalateError(
          'delta/mismatch',
          `${name} leads from the model with SHA-256 ${from} to ${to}, ` +
            `not from ${kept} to ${wanted ?? 'a newer one'}: serve what palate diff makes of these two`,
        );
      }
      const view = new DataView(head.buffer);
      checkSize(view.getUint32(28, true), name, maxBytes);
      return view.getUint32(12, true);
    },
  };
}

async function applied(base: Bytes, file: Bytes, name: string): Promise<Bytes> {
  let cause: unknown;
  try {
    const head = new DataView(file.buffer);
    const instructions = head.getUint32(16, true);
    const size = head.getUint32(28, true);
    check(instructions <= size);
    const content = await unpack(file.subarray(headBytes), instructions + size);
    const model = patch(base, content, instructions);
    if (statedChecksum(model) === toHex(file.subarray(64, 96))) return model;
  } catch (thrown) {
    cause = thrown;
  }
  throw damaged(`${name} is damaged: make it again with palate diff`, cause);
}

function damaged(message: string, cause?: unknown): PalateError {
  return new PalateError('delta/damaged', message, { cause });
}
