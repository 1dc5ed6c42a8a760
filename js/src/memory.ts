// The memory of an instance, and what the session writes and reads there.

// A text may begin with a byte order mark, which is part of it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export class Memory {
  readonly whole: WebAssembly.Memory;
  /** Replaced whenever the memory grows: to be read anew after every call. */
  bytes!: Uint8Array<ArrayBuffer>;
  words!: Uint32Array;
  floats!: Float32Array;

  constructor(whole: WebAssembly.Memory) {
    this.whole = whole;
    this.grown();
  }

  grown(): void {
    const { buffer } = this.whole;
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.floats = new Float32Array(buffer);
  }

  /** What a stretch holds: things of so many words each. Both views go where a later call lets the memory grow. */
  list(stretch: number, size = 1): { words: Uint32Array; floats: Float32Array } {
    const first = this.words[stretch >>> 2]! >>> 2;
    const end = first + size * this.words[(stretch >>> 2) + 1]!;
    return { words: this.words.subarray(first, end), floats: this.floats.subarray(first, end) };
  }

  /** No browser decodes memory that threads share: it is given a copy. */
  text(stretch: number): string {
    const start = this.words[stretch >>> 2]!;
    const end = start + this.words[(stretch >>> 2) + 1]!;
    return decoder.decode(this.bytes.slice(start, end));
  }

  /**
   * Writes a text to where there is room for three bytes a unit; how many it took. Most are ids in ASCII, which need no
   * encoder and the array that it makes of each.
   */
  write(text: string, address: number): number {
    const { bytes } = this;
    let length = 0;
    let unit;
    while ((unit = text.charCodeAt(length)) < 128) bytes[address + length++] = unit;
    if (length === text.length) return length;
    const encoded = encoder.encode(text);
    bytes.set(encoded, address);
    return encoded.length;
  }
}
