// What an open model says of itself and of its items' attributes.
import type { Exports, Flag } from './exports.js';
import type { Memory } from './memory.js';
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
  return session.call((wasm, memory) => {
    const numbers = new Float64Array(memory.bytes.buffer, wasm.facts() >>> 0, 6).slice();
    const [items, dimension, ranker, users, interactions, newest] = numbers;
    return {
      bytes,
      items: items!,
      dimension: dimension!,
      ranker: ranker === 1,
      recall: 1,
      attributes: Array.from({ length: wasm.attributeCount() }, (_, index) => ({
        name: memory.text(wasm.attributeName(index)),
        kind: kindOf(wasm.attributeIsNumber(index)),
      })),
      features: columns(wasm, memory, 0, wasm.featureCount()),
      context: columns(wasm, memory, wasm.featureCount(), wasm.contextCount()),
      label: memory.text(wasm.label()),
      recipe: memory.text(wasm.recipe()),
      producer: memory.text(wasm.producer()),
      users: users!,
      interactions: interactions!,
      newest: newest!,
    };
  });
}

function columns(wasm: Exports, memory: Memory, first: number, count: number): Feature[] {
  return Array.from({ length: count }, (_, index) => ({
    name: memory.text(wasm.columnName(first + index)),
    kind: kindOf(wasm.columnIsNumber(first + index)),
  }));
}

function kindOf(isNumber: Flag): 'number' | 'category' {
  return isNumber === 1 ? 'number' : 'category';
}

/** Copies: a view would be lost when a later call lets the memory grow. */
export function readAttributes(session: Session, { attributes }: ModelFacts): RowAttributes[] {
  return session.call((wasm, memory) =>
    attributes.map(({ name, kind }, index) => {
      if (kind === 'number') {
        return { name, kind, numbers: memory.list(wasm.attributeNumbers(index)).floats.slice() };
      }
      const categories = Array.from({ length: wasm.categoryCount(index) }, (_, category) =>
        memory.text(wasm.category(index, category)),
      );
      const offsets = memory.list(wasm.attributeOffsets(index)).words.slice();
      const entries = memory.list(wasm.attributeEntries(index)).words.slice();
      return { name, kind, categories, offsets, entries };
    }),
  );
}
