// What the wasm exports: wasm/exports.cc, and wasm/threads.cc in the build with threads.

/** 1 where something holds or was done, else 0; from what can fail, 0 leaves the error with the session. */
export type Flag = 0 | 1;

/**
 * Addresses are byte offsets into the memory; those from 2 GiB on come as negative numbers. A stretch is the address of
 * where things lie, and how many: `Memory` reads it, before the next call.
 */
export interface Exports {
  /** 0 where memory is refused. */
  allocate(size: number): number;
  /** Whether what lies there cannot be opened before the rest is loaded. */
  needsRest(): Flag;
  open(halfLifeDays: number, learns: boolean, wasCompared: boolean): Flag;
  /** Stretches of a text. */
  errorCode(): number;
  errorMessage(): number;
  /** Where to write what the next call takes: so many events, ids or items, or a text of so many bytes. */
  desk(size: number): number;
  /** 1 where there are choices to `learn` from, else 0. */
  takeHistory(count: number): Flag;
  /** Rows, one an id. */
  find(count: number): number;
  /** 1 where the request is one for `rerank`, else 0. */
  changesOrder(): Flag;
  best(count: number): Flag;
  score(count: number): Flag;
  /** A stretch. */
  picks(): number;
  /** Where score, base and remainder lie; 0: failed. */
  explain(item: number): number;
  /** Stretches. */
  contributions(): number;
  shares(): number;
  moved(): number;
  eventType(size: number): number;
  /** Stretches of a text. */
  id(item: number): number;
  title(item: number): number;
  popularity(item: number): number;
  attributeCount(): number;
  /** A stretch of a text. */
  attributeName(attribute: number): number;
  attributeIsNumber(attribute: number): Flag;
  /** Stretches. */
  attributeNumbers(attribute: number): number;
  attributeOffsets(attribute: number): number;
  attributeEntries(attribute: number): number;
  categoryCount(attribute: number): number;
  /** A stretch of a text. */
  category(attribute: number, category: number): number;
  findCategory(attribute: number, size: number): number;
  featureCount(): number;
  contextCount(): number;
  /** Columns are the features, then those of the context. A stretch of a text. */
  columnName(column: number): number;
  columnIsNumber(column: number): Flag;
  /** Stretches of a text. */
  label(): number;
  producer(): number;
  recipe(): number;
  hasIndex(): Flag;
  /** Where six numbers lie: items, dimension, whether there is a ranker, users, interactions, time of the newest. */
  facts(): number;

  // Of the rest.
  useIndex(): Flag;
  /** Once the index is used. */
  indexRecall(): number;
  learn(): Flag;
  rerank(count: number): Flag;
  similar(item: number, count: number): Flag;
  ask(count: number): Flag;
  adjust(count: number): Flag;
  taste(): Flag;
  /** A stretch. */
  tastes(): number;
  clearRow(): void;
  setNumber(column: number, value: number): void;
  addCategory(column: number, size: number): void;
  scoreRow(): Flag;
  setContext(): Flag;
  /** Stretches. */
  rowNumbers(): number;
  rowContributions(): number;

  // Of the build with threads.
  /** Lets threads help; whether the open model has any use for them. */
  share?(): Flag;
  /** Lets them go. */
  letGo?(): void;
  /** The end of the stack of a thread that calls `help`; 0 where memory is refused. */
  helperStack?(): number;
}
