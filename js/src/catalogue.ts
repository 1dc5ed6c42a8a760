// What an open model says of itself and of its items' attributes.
import type { WasmModule } from 'palate-wasm';
import type { Session } from './session.js';
import type { Feature, ModelFacts } from './types.js';

/** The attributes of all items, by item after item. */
export type RowAttributes =
  | { name: string; kind: 'number'; numbers: Float32Array }
  | {
      name: string;
      kind: 'category';
      categories: string[];
      offsets: Uint32Array;
      entries: Uint32Array;
    };

/** `bytes`: of the model's file. */
export function readFacts(session: Session, bytes: number): ModelFacts {
  return session.call((module) => ({
    bytes,
    items: module.itemCount(),
    dimension: module.dimension(),
    ranker: module.hasRanker(),
    recall: 1,
    attributes: Array.from({ length: module.attributeCount() }, (_, index) => ({
      name: module.attributeName(index),
      kind: module.attributeIsNumber(index) ? 'number' : 'category',
    })),
    features: columns(module, 0, module.featureCount()),
    context: columns(module, module.featureCount(), module.contextCount()),
    label: module.label(),
    recipe: module.recipe(),
    producer: module.producer(),
    users: module.users(),
    interactions: module.interactions(),
    newest: module.newestMs(),
  }));
}

function columns(module: WasmModule, first: number, count: number): Feature[] {
  return Array.from({ length: count }, (_, index) => ({
    name: module.columnName(first + index),
    kind: module.columnIsNumber(first + index) ? 'number' : 'category',
  }));
}

/** Copies: a view would be lost when a later call lets the memory grow. */
export function readAttributes(
  session: Session,
  { attributes, items }: ModelFacts,
): RowAttributes[] {
  return session.call((module) =>
    attributes.map(({ name, kind }, index) => {
      if (kind === 'number') {
        const numbers = session.floats(module.attributeNumbers(index), items).slice();
        return { name, kind, numbers };
      }
      const categories = Array.from({ length: module.categoryCount(index) }, (_, category) =>
        module.category(index, category),
      );
      const offsets = session.words(module.attributeOffsets(index), items + 1).slice();
      const count = offsets[items] ?? 0;
      const entries = session.words(module.attributeEntries(index), count).slice();
      return { name, kind, categories, offsets, entries };
    }),
  );
}
