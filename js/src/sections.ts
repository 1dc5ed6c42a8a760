// The pieces of what is handed to the runtime or the trainer at once: wasm/sections.h.

/** One after another, each behind its length, at multiples of 8. */
export class Sections {
  #parts: Uint8Array[] = [];
  #size = 0;
  #encoder = new TextEncoder();

  add(values: Uint8Array | Uint32Array | Float32Array | Float64Array): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#parts.push(bytes);
    this.#size += 8 + padded(bytes.length);
  }

  text(text: string): void {
    this.add(this.#encoder.encode(text));
  }

  /** Where each begins, and all of them as one. */
  texts(texts: Iterable<string>): void {
    const offsets = [0];
    const bytes = [...texts].map((text) => {
      const encoded = this.#encoder.encode(text);
      offsets.push(offsets.at(-1)! + encoded.length);
      return encoded;
    });
    const all = new Uint8Array(offsets.at(-1)!);
    bytes.forEach((one, k) => all.set(one, offsets[k]));
    this.add(new Uint32Array(offsets.length === 1 ? [] : offsets));
    this.add(all);
  }

  joined(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#size);
    const lengths = new DataView(all.buffer);
    let at = 0;
    for (const bytes of this.#parts) {
      lengths.setUint32(at, bytes.length, true);
      all.set(bytes, at + 8);
      at += 8 + padded(bytes.length);
    }
    return all;
  }
}

const padded = (size: number) => Math.ceil(size / 8) * 8;

/** Numbers for texts, in order of first appearance. */
export class Numbers {
  #numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#numbers.size));
    return number;
  }

  get texts(): Iterable<string> {
    return this.#numbers.keys();
  }
}
