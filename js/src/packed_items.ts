// What is known of items to train on, or to add: titles and attributes.
import { checkObject, invalid } from './operations.js';
import { checkSize, checkText, checkTitle, longestText } from './given_cells.js';
import { Numbers, type Sections } from './sections.js';

/** Of models/README.md. */
const mostAttributes = 256;

export function packItems(items: Iterable<unknown>, sections: Sections): void {
  const places = new Map<string, string>();
  const titles: string[] = [];
  const attributes = new Map<string, Column>();
  let hasTitles = false;
  for (const item of items) {
    const place = places.size;
    const name = `items[${place}]`;
    const given = checkObject(item, name);
    const id = checkText(given['item'], `${name}.item`);
    if (places.has(id)) throw invalid(`${name}.item`, `other than that of ${places.get(id)}`, id);
    places.set(id, name);
    hasTitles ||= given['title'] !== undefined;
    titles.push(checkTitle(given['title'] ?? '', `${name}.title`));
    addCells(given['attributes'], place, name, attributes);
  }
  sections.texts(places.keys());
  sections.texts(hasTitles ? titles : []);
  for (const [name, column] of attributes) {
    sections.text(name);
    column.pack(places.size, sections);
  }
}

function addCells(
  given: unknown,
  place: number,
  item: string,
  attributes: Map<string, Column>,
): void {
  if (given === undefined) return;
  for (const [key, cell] of Object.entries(checkObject(given, `${item}.attributes`))) {
    const isNothing = cell === undefined || cell === null || cell === '';
    if (isNothing || (Array.isArray(cell) && cell.length === 0)) continue;
    const name = `${item}.attributes.${key}`;
    let column = attributes.get(key);
    if (column === undefined) {
      checkText(key, `the name of ${name}`);
      if (attributes.size === mostAttributes) {
        throw invalid(name, `one of ${mostAttributes} attributes at most`, cell);
      }
      column = typeof cell === 'number' ? new NumberColumn() : new CategoryColumn();
      attributes.set(key, column);
    }
    column.add(place, cell, name);
  }
}

/** An attribute's cells; items that have none are left out. */
interface Column {
  add(place: number, cell: unknown, name: string): void;
  pack(items: number, sections: Sections): void;
}

class NumberColumn implements Column {
  #cells = new Map<number, number>();

  add(place: number, cell: unknown, name: string): void {
    this.#cells.set(place, checkSize(cell, name));
  }

  pack(items: number, sections: Sections): void {
    sections.add(Float32Array.from({ length: items }, (_, place) => this.#cells.get(place) ?? NaN));
    sections.texts([]);
    sections.add(new Uint32Array());
    sections.add(new Uint32Array());
  }
}

class CategoryColumn implements Column {
  #categories = new Numbers();
  #cells = new Map<number, number[]>();

  add(place: number, cell: unknown, name: string): void {
    const texts = (Array.isArray(cell) ? cell : [cell]) as unknown[];
    const numbers = texts.map((text) => {
      if (typeof text === 'string') return this.#categories.of(checkText(text, name, longestText));
      throw invalid(name, 'a text or texts, or a number in every item', text);
    });
    this.#cells.set(place, [...new Set(numbers)]);
  }

  pack(items: number, sections: Sections): void {
    const offsets = new Uint32Array(items + 1);
    const entries: number[] = [];
    for (let place = 0; place < items; ++place) {
      entries.push(...(this.#cells.get(place) ?? []));
      offsets[place + 1] = entries.length;
    }
    sections.add(new Float32Array());
    sections.texts(this.#categories.texts);
    sections.add(offsets);
    sections.add(new Uint32Array(entries));
  }
}
