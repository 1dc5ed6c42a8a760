// The head of a model file, checked as soon as it has come: a wrong file is not downloaded whole.
import { PalateError } from './errors.js';

export const headBytes = 64;
const formatVersion = 1;
const magic = [0x89, 0x50, 0x41, 0x4c, 0x41, 0x54, 0x45, 0x0a];

/** What a download has to be. */
export interface FileKind {
  /** As an error calls it. */
  name: string;
  /** What `check` has to see. */
  headBytes: number;
  /** The length that a file states of itself. Throws unless `head` begins one that will do. */
  check(head: Uint8Array<ArrayBuffer>, origin: Origin): number;
}

/** What is known of a download besides its bytes. */
export interface Origin {
  name: string;
  /** The content type that the server stated; may be empty. */
  type: string;
  maxBytes: number;
}

/** Of this format and of a size that is allowed. */
export const modelFile: FileKind = { name: 'a model file', headBytes, check: checkHead };

function checkHead(head: Uint8Array, { name, type, maxBytes }: Origin): number {
  if (magic.some((byte, place) => head[place] !== byte)) {
    const text = new TextDecoder().decode(head.subarray(0, 24)).replace(/[^ -~]/g, '.');
    throw new PalateError(
      'model/not-palate',
      `${name} is no model file but ${type || 'of no content type'}, beginning "${text}": ` +
        `give the address of what palate train wrote`,
    );
  }
  if (head.length < headBytes) {
    throw new PalateError(
      'model/truncated',
      `${name} ends after ${head.length} bytes: it was cut on its way, load it again`,
    );
  }
  const view = new DataView(head.buffer, head.byteOffset);
  const version = view.getUint32(8, true);
  if (version !== formatVersion) {
    throw new PalateError(
      'model/version',
      `${name} has format version ${version}, this Palate reads ${formatVersion}: ` +
        `train it again or use the matching release`,
    );
  }
  const length = Number(view.getBigUint64(16, true));
  checkSize(length, name, maxBytes);
  return length;
}

export function checkSize(bytes: number, name: string, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new PalateError(
    'fetch/too-large',
    `${name} has ${bytes} bytes, over the limit of ${maxBytes}: raise maxBytes if it is meant`,
  );
}

/** The checksum that the file states of itself: two files with one are the same file. */
export function statedChecksum(head: Uint8Array): string {
  return toHex(head.subarray(24, 56));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
