// Adds items that the model lacks: makes a file that has them behind its own, which takes its place.
import { itemsWasm } from './beside_items.js';
import { PalateError, type PalateErrorCode, reasonOf } from './errors.js';
import { checkIterable, checkSize, checkText, checkTitle, longestText } from './given_cells.js';
import { checkObject, invalid } from './operations.js';
import { packItems } from './packed_items.js';
import type { Place } from './place.js';
import { Sections } from './sections.js';
import { bytesOf, type Standalone, startStandalone, textOf } from './standalone.js';
import type { Item, ModelFacts } from './types.js';
import { compileFrom, type WasmSource } from './wasm_file.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** An item that is checked. */
interface NewRow {
  item: string;
  title: string;
  vector: Float32Array | undefined;
  attributes: Record<string, number | string[]>;
}

/** What the page has added to the model of a place, and to those that take its place. */
export class AddedItems {
  readonly rows: readonly NewRow[];
  /** Outside of the page's memory, on disk where the browser likes. */
  #base: Blob;
  /** One a row, as `Placement` has them: 0 where the open model has it. */
  #placements: Uint8Array;
  #wasm: WasmSource;

  constructor(base: Bytes, rows: readonly NewRow[], placements: Uint8Array, wasm: WasmSource) {
    this.#base = new Blob([base]);
    this.rows = rows;
    this.#placements = placements;
    this.#wasm = wasm;
  }

  /** The rows but those of these ids that wait for a model which has a place for them. */
  without(ids: ReadonlySet<string>): NewRow[] {
    return this.rows.filter(({ item }, row) => this.#placements[row] === 0 || !ids.has(item));
  }

  /** The model without them. */
  async base(): Promise<Bytes> {
    return new Uint8Array(await this.#base.arrayBuffer());
  }

  /**
   * Puts another model in place, with those items that it lacks and has a place for; the others wait
   * for a model that has one.
   */
  async onto<T>(model: Bytes, put: (model: Bytes) => Promise<T>): Promise<T> {
    const base = new Blob([model]);
    const grown = await grow(model, this.rows, this.#wasm);
    const done = await put(grown.model ?? model);
    this.#base = base;
    this.#placements = grown.placements;
    return done;
  }
}

/** Adds all or none of the items; resolves to what the model then knows of them. */
export function addItems(given: unknown, place: Place, wasm: WasmSource): Promise<Item[]> {
  const { models } = place;
  return models.change(async (put) => {
    const rows = checkItems(given, place.facts);
    if (rows.length === 0) return [];
    const known = models.added?.without(new Set(rows.map(({ item }) => item))) ?? [];
    const ids = new Set(known.map(({ item }) => item));
    const repeated = rows.findIndex(({ item }) => ids.has(item));
    if (repeated >= 0) throw refusal(1, repeated, rows[repeated]!, place.facts);
    const base = await models.file();
    const all = [...known, ...rows];
    const { placements, model } = await grow(base, all, wasm);
    placements.forEach((placement, index) => {
      // One that an update has left out may find no place here either.
      if (placement !== 0 && index >= known.length) {
        throw refusal(placement, index - known.length, all[index]!, place.facts);
      }
    });
    await put(model!);
    models.added = new AddedItems(base, all, placements, wasm);
    return rows.map(factsOf);
  });
}

function checkItems(given: unknown, facts: ModelFacts): NewRow[] {
  const rows = Array.from(checkIterable(given, 'items'), (item, place) =>
    checkItem(item, `items[${place}]`, facts),
  );
  const places = new Map<string, number>();
  rows.forEach(({ item }, place) => {
    const first = places.get(item);
    if (first !== undefined) {
      throw invalid(`items[${place}].item`, `other than that of items[${first}]`, item);
    }
    places.set(item, place);
  });
  return rows;
}

function checkItem(given: unknown, name: string, facts: ModelFacts): NewRow {
  const { item, title = '', vector, attributes = {} } = checkObject(given, name);
  return {
    item: checkText(item, `${name}.item`),
    title: checkTitle(title, `${name}.title`),
    vector: vector === undefined ? undefined : checkVector(vector, `${name}.vector`, facts),
    attributes: checkAttributes(attributes, `${name}.attributes`, facts),
  };
}

/** Of palate/model.h. */
const largestMagnitude = 1e6;

function checkVector(given: unknown, name: string, { dimension }: ModelFacts): Float32Array {
  const isArray = Array.isArray(given) || ArrayBuffer.isView(given);
  const numbers = isArray ? Array.from(given as ArrayLike<unknown>) : [];
  // A model without vectors has its own error.
  if (!isArray || (numbers.length !== dimension && dimension > 0)) {
    const shown = isArray ? numbers.length : given;
    throw invalid(name, `an array of ${dimension} numbers`, shown);
  }
  const isFit = (one: unknown) => typeof one === 'number' && Math.abs(one) <= largestMagnitude;
  const unfit = numbers.findIndex((one) => !isFit(one));
  if (unfit < 0) return Float32Array.from(numbers as number[]);
  throw invalid(`${name}[${unfit}]`, 'a number of a million at most', numbers[unfit]);
}

function checkAttributes(given: unknown, name: string, facts: ModelFacts): NewRow['attributes'] {
  const cells: [string, number | string[]][] = [];
  for (const [key, cell] of Object.entries(checkObject(given, name))) {
    if (cell === undefined || cell === null || cell === '') continue;
    const attribute = facts.attributes.find((one) => one.name === key);
    if (attribute === undefined) {
      const names = facts.attributes.map((one) => one.name).join(', ');
      throw new PalateError(
        'request/invalid',
        `${name}.${key} is no attribute of the model, which has ${names || 'none'}`,
      );
    }
    if (attribute.kind === 'number') {
      cells.push([key, checkSize(cell, `${name}.${key}`)]);
      continue;
    }
    const texts = (Array.isArray(cell) ? cell : [cell]) as unknown[];
    const checked = texts.map((text) => checkText(text, `${name}.${key}`, longestText));
    if (checked.length > 0) cells.push([key, [...new Set(checked)]]);
  }
  return Object.fromEntries(cells); // own properties whatever their names are
}

/** The order of `Placement` in palate/new_items.h, from 1; `undefined`: the model is at fault. */
function refusal(
  placement: number,
  place: number,
  { item, vector }: NewRow,
  { recipe, dimension }: ModelFacts,
): PalateError {
  const name = `items[${place}]`;
  const faults = [
    `the model has an item ${JSON.stringify(item)} already`,
    undefined,
    `its vector must have ${dimension} numbers, not ${vector?.length}`,
    undefined,
    'none of its attributes says anything to the model: give it a category that the model knows, a number or a vector',
    'beside its vector give attributes that the model knows: in this model they say what an event with the item counts',
    'its numbers lead beyond what a model holds, a million in a vector: give it numbers as the other items have',
  ];
  const fault = faults[placement - 1];
  if (fault !== undefined) return new PalateError('request/invalid', `${name}: ${fault}`);
  return new PalateError(
    'model/unsupported',
    placement === 2
      ? `the recipe ${recipe} gives items no vectors, so none can be added: train with ials, two-tower, sequence, rating or hybrid`
      : `the model cannot place ${name} by its attributes: give it a vector, or train with palate train --content-map`,
  );
}

/** Of wasm/items/placing.cc. */
interface Placing extends Standalone {
  allocate(modelSize: number, requestSize: number): number;
  request(): number;
  place(): number;
  placements(): number;
  model(): number;
  modelSize(): number;
}

/** The file with the items that have a place in it; `undefined` where none has. */
async function grow(
  model: Bytes,
  rows: readonly NewRow[],
  wasm: WasmSource,
): Promise<{ model: Bytes | undefined; placements: Uint8Array }> {
  const module = await compileFrom(wasm, itemsWasm);
  const packed = pack(rows);
  let placing: Placing | undefined;
  let isPlaced: number;
  try {
    // Of an instance of its own, whose memory goes with it; one that fails fails alone.
    placing = await startStandalone<Placing>(module);
    const at = placing.allocate(model.length, packed.length);
    bytesOf(placing, at, model.length).set(model);
    bytesOf(placing, placing.request(), packed.length).set(packed);
    isPlaced = placing.place();
  } catch (cause) {
    const isRefused = cause instanceof RangeError || placing?.ranOutOfMemory() === 1;
    throw isRefused
      ? failed('memory/refused', 'the browser gave less memory than adding the items needs', cause)
      : failed('runtime/failed', `adding the items broke off: ${reasonOf(cause)}`, cause);
  }
  if (isPlaced === 0) {
    const code = textOf(placing, placing.errorCode()) as PalateErrorCode;
    throw failed(code, textOf(placing, placing.errorMessage()));
  }
  const size = placing.modelSize();
  return {
    model: size === 0 ? undefined : new Uint8Array(bytesOf(placing, placing.model(), size)),
    placements: bytesOf(placing, placing.placements(), rows.length).slice(),
  };
}

function failed(code: PalateErrorCode, message: string, cause?: unknown): PalateError {
  return new PalateError(code, message, { cause });
}

/** As wasm/items/placing.cc reads them. */
function pack(rows: readonly NewRow[]): Uint8Array {
  const sections = new Sections();
  const dimension = Math.max(...rows.map(({ vector }) => vector?.length ?? 0));
  const vectors = new Float32Array(rows.length * dimension).fill(NaN);
  rows.forEach(({ vector }, place) => {
    if (vector !== undefined) vectors.set(vector, place * dimension);
  });
  sections.add(vectors);
  packItems(rows, sections);
  return sections.joined();
}

function factsOf({ item, title, attributes }: NewRow): Item {
  return { item, title, popularity: 0, attributes };
}
