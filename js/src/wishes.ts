// What the visitor asks for in so many words: adjustments, by name and by row.
import { isEvent, type Entry } from './history.js';
import { invalid, type Wish } from './operations.js';
import type { RowAdjustment, Runtime } from './runtime.js';
import type { Adjustment } from './types.js';

export const isAdjustment = (entry: Entry): entry is Adjustment => !isEvent(entry);

/** Of wishes for one thing the last one counts. */
export function latest<T extends Wish>(wishes: readonly T[]): T[] {
  const found = new Map(wishes.map((wish) => [keyOf(wish), wish]));
  return [...found.values()].filter(({ weight }) => weight !== 0);
}

/** One text for each thing that can be wished for. */
export const keyOf = ({ attribute, category }: { attribute: string; category?: string }): string =>
  JSON.stringify([attribute, category]);

/** Throws where the model has no such attribute or category. */
export function rowOf(runtime: Runtime, { attribute, category, weight }: Wish): RowAdjustment {
  const { attributes } = runtime.facts;
  const index = attributes.findIndex(({ name }) => name === attribute);
  if (index < 0) {
    const names = attributes.map(({ name }) => name).join(', ');
    throw invalid('attribute', names ? `one of ${names}` : 'left: the model has none', attribute);
  }
  if (attributes[index]!.kind === 'number') {
    if (category === undefined) return { attribute: index, category: 0, weight };
    throw invalid('category', `left out with ${attribute}, which is a number`, category);
  }
  const row = category === undefined ? noCategory : runtime.findCategory(index, category);
  if (row !== noCategory) return { attribute: index, category: row, weight };
  throw invalid('category', `one of ${attribute}'s`, category);
}

const noCategory = 2 ** 32 - 1;

/** The same, without what another version of the model may know. */
export function knownRows(runtime: Runtime, wishes: readonly Wish[]): RowAdjustment[] {
  return wishes.flatMap((wish) => {
    try {
      return [rowOf(runtime, wish)];
    } catch {
      return [];
    }
  });
}
