// Carries out a delta. It is untrusted: arrays throw where it would have them written outside of their
// bounds, reading there gives nothing, and what comes of it is held against its checksum.

type Bytes = Uint8Array<ArrayBuffer>;

/** What a zlib stream holds, if it is `size` bytes. */
export async function unpack(packed: Bytes, size: number): Promise<Bytes> {
  // No such stream holds more a byte: a small file cannot ask for a large memory.
  check(size <= packed.length * 1032);
  const content = new Uint8Array(size);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  let place = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    content.set(value, place);
    place += value.length;
  }
  check(place === size);
  return content;
}

/** The newer file: what the instructions, which `content` begins with, predict of it, plus the differences behind them. */
export function patch(base: Bytes, content: Bytes, instructions: number): Bytes {
  return new Patch(base, content, instructions).result();
}

class Patch {
  #base: Bytes;
  #content: Bytes;
  #instructions: number;
  #file: Bytes;
  #at = 0;
  #place = 0;

  constructor(base: Bytes, content: Bytes, instructions: number) {
    this.#base = base;
    this.#content = content;
    this.#instructions = instructions;
    this.#file = new Uint8Array(content.length - instructions);
  }

  result(): Bytes {
    this.#predict();
    this.#addDifferences();
    check(this.#at === this.#instructions);
    return this.#file;
  }

  /** A number of 32 bits: seven a byte, the lowest first. */
  #next(): number {
    for (let number = 0, factor = 1; ; factor *= 128) {
      check(this.#at < this.#instructions);
      const byte = this.#content[this.#at++]!;
      number += (byte & 127) * factor;
      check(number < 2 ** 32 && factor < 2 ** 35);
      if (byte < 128) return number;
    }
  }

  #predict(): void {
    const rows = this.#readRows();
    let visited = 0;
    for (let fills = this.#next(); fills > 0; --fills) {
      this.#place += this.#next();
      const kind = this.#next();
      const unit = this.#next();
      const from = this.#next();
      // A row of a file takes a byte of it at least: all fills together meet no more rows.
      if (kind > 0) check((visited += rows.length) <= this.#file.length);
      if (kind === 0) this.#copy(from, unit);
      else if (kind === 1) this.#copyRows(rows, unit, from);
      else this.#copyTexts(rows, unit, from);
    }
  }

  /** The base's row of each item; -1: it has none. */
  #readRows(): Int32Array {
    const count = this.#next();
    check(count <= this.#instructions);
    let expected = 0;
    return Int32Array.from({ length: count }, () => {
      const code = this.#next() - 1;
      if (code < 0) return code;
      const row = expected + (code % 2 === 0 ? code / 2 : -(code + 1) / 2);
      expected = row + 1;
      return row;
    });
  }

  #copy(from: number, length: number): void {
    this.#file.set(this.#base.subarray(from, from + length), this.#place);
    this.#place += length;
  }

  #copyRows(rows: Int32Array, unit: number, from: number): void {
    for (const row of rows) {
      if (row < 0) this.#place += unit;
      else this.#copy(from + row * unit, unit);
    }
  }

  #copyTexts(rows: Int32Array, unit: number, offsetsFrom: number): void {
    const { buffer, byteOffset, length } = this.#base;
    const offsets = new DataView(buffer, byteOffset + offsetsFrom, length - offsetsFrom);
    const from = this.#next();
    let exceptions = this.#next();
    let exception = exceptions > 0 ? this.#next() : -1;
    rows.forEach((row, index) => {
      if (index === exception) {
        this.#place += this.#next() * unit;
        exception = --exceptions > 0 ? index + 1 + this.#next() : -1;
        return;
      }
      const start = offsets.getUint32(4 * row, true);
      const end = offsets.getUint32(4 * row + 4, true);
      check(start <= end);
      this.#copy(from + start * unit, (end - start) * unit);
    });
  }

  #addDifferences(): void {
    const file = this.#file;
    const differences = this.#content.subarray(this.#instructions);
    const words = new DataView(file.buffer);
    let place = 0;
    const addBytes = (end: number) => {
      check(end <= file.length);
      for (; place < end; ++place) file[place]! += differences[place]!;
    };
    for (let regions = this.#next(); regions > 0; --regions) {
      const start = place + this.#next();
      addBytes(start);
      const code = this.#next();
      const isByPrevious = code % 2 === 1;
      const count = (code - (code % 2)) / 2;
      const end = start + 4 * count;
      check(end <= file.length);
      let word = 0;
      for (let k = 0; k < count; ++k, place += 4) {
        let difference = 0;
        for (let byte = 3; byte >= 0; --byte) {
          difference = (difference << 8) | differences[start + byte * count + k]!;
        }
        if (!isByPrevious) word = words.getUint32(place, true);
        word += (difference >>> 1) ^ -(difference & 1);
        words.setUint32(place, word, true);
      }
    }
    addBytes(file.length);
  }
}

export function check(isSound: boolean): void {
  if (!isSound) throw new RangeError('out of bounds');
}
