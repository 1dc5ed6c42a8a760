// The module that Emscripten makes of wasm/bindings.cc; the build knows where it lies.
declare module 'palate-wasm' {
  /** Addresses are byte offsets into the heap; a count of bytes or things follows from the call. */
  export interface Session {
    allocate(size: number): number;
    /** Whether what lies there cannot be opened before the rest is loaded. */
    needsRest(): boolean;
    open(halfLifeDays: number, learns: boolean, wasCompared: boolean): boolean;
    /** Of the rest. */
    useIndex(): boolean;
    errorCode(): string;
    errorMessage(): string;
    /** Where to write what the next call takes. */
    desk(size: number): number;
    /** Whether there are choices to `learn` from. */
    takeHistory(count: number): boolean;
    /** Of the rest. */
    learn(): boolean;
    /** Where the address of a state and its length in numbers stand, which is 0 where there is none. */
    encoderState(): number;
    /** Takes a state of so many numbers; false where it is of no use. */
    restoreEncoder(count: number): boolean;
    /** Whether the request is one for `rerank`. */
    changesOrder(): boolean;
    best(count: number): boolean;
    /** Of the rest. */
    rerank(count: number): boolean;
    /** Of the rest. */
    similar(item: number, count: number): boolean;
    /** Of the rest. */
    ask(count: number): boolean;
    score(count: number): boolean;
    pickCount(): number;
    picks(): number;
    explain(item: number): boolean;
    explainedScore(): number;
    explainedBase(): number;
    explainedRemainder(): number;
    contributionCount(): number;
    contributions(): number;
    shareCount(): number;
    shares(): number;
    movedCount(): number;
    moved(): number;
    /** Of the rest. */
    adjust(count: number): boolean;
    /** Of the rest. */
    taste(): boolean;
    /** Of the rest. */
    tasteCount(): number;
    /** Of the rest. */
    tastes(): number;
    find(count: number): number;
    eventType(name: string): number;
    itemCount(): number;
    id(item: number): string;
    title(item: number): string;
    popularity(item: number): number;
    attributeCount(): number;
    attributeName(attribute: number): string;
    attributeIsNumber(attribute: number): boolean;
    attributeNumbers(attribute: number): number;
    attributeOffsets(attribute: number): number;
    attributeEntries(attribute: number): number;
    categoryCount(attribute: number): number;
    category(attribute: number, category: number): string;
    findCategory(attribute: number, name: string): number;
    featureCount(): number;
    contextCount(): number;
    /** Columns are the features, then those of the context. */
    columnName(column: number): string;
    columnIsNumber(column: number): boolean;
    label(): string;
    /** Of the rest. */
    clearRow(): void;
    /** Of the rest. */
    setNumber(column: number, value: number): void;
    /** Of the rest. */
    addCategory(column: number, category: string): void;
    /** Of the rest. */
    scoreRow(): boolean;
    /** Of the rest. */
    setContext(): boolean;
    /** Of the rest. */
    rowNumbers(): number;
    /** Of the rest. */
    rowContributions(): number;
    dimension(): number;
    hasIndex(): boolean;
    /** Of the rest: once the index is used. */
    indexRecall(): number;
    hasRanker(): boolean;
    producer(): string;
    recipe(): string;
    users(): number;
    interactions(): number;
    newestMs(): number;
    /** Of the build with threads: lets threads help; whether the open model has any use for them. */
    share?(): boolean;
    /** Lets them go. */
    letGo?(): void;
    /** What a helper calls, by its place in the table of functions, with the end of its stack. */
    helperEntry?(): number;
    helperStack?(): number;
  }

  export interface WasmModule extends Session {
    /** Replaced whenever the memory grows: read them anew after every call. */
    HEAPU8: Uint8Array<ArrayBuffer>;
    HEAPU32: Uint32Array;
    HEAPF32: Float32Array;
    /** Returns how many bytes a text took at an address with room for three a unit. */
    writeText(text: string, address: number): number;
  }

  export interface ModuleOptions {
    instantiate(imports: WebAssembly.Imports): Promise<{ instance: WebAssembly.Instance }>;
  }

  export default function createModule(options: ModuleOptions): Promise<WasmModule>;
}

// The wasm itself, in the single-file entry.
declare module 'palate-wasm-rest-bytes' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module 'palate-wasm-bytes' {
  const bytes: Uint8Array;
  export default bytes;
}
