// A request as the runtime reads it: words of 4 bytes. The layout is that of wasm/session.h.
import { invalid } from './operations.js';
import type { FilterRequest, OrderRequest, Wanted } from './request.js';
import type { Runtime } from './runtime.js';
import { bits } from './session.js';

/** What the model lacks: no item has it. */
const none = 0xffffffff;

/** What the visitor's events have to say beside it. */
export interface Circumstances {
  excludeSeen?: boolean;
  /** Rows that are not to be listed besides. */
  excluded?: Iterable<number>;
  handicaps?: readonly (readonly [row: number, amount: number])[];
}

export type ListRequest = FilterRequest & Partial<OrderRequest>;

/** A list of whatever is best. */
export const anyItems: ListRequest = { exclude: [], where: {}, exact: false };

export function requestWords(
  runtime: Runtime,
  request: ListRequest,
  { excludeSeen = false, excluded = [], handicaps = [] }: Circumstances = {},
): number[] {
  const { exclude, only, where, exact } = request;
  const { pin, atMost, atLeast, diversity, popularity, freshness, pool, explore } = request;
  const barred = [...rowsOf(runtime, exclude), ...excluded];
  const allowed = rowsOf(runtime, only ?? []);
  const conditions = Object.entries(where).flatMap(([name, wanted]) =>
    conditionsOf(runtime, name, wanted),
  );
  const pinned = rowsOf(runtime, pin ?? []);
  const caps = Object.entries(atMost ?? {}).map(([name, count]) => [
    attributeRow(runtime, name, 'category', 'atMost'),
    count,
  ]);
  const quotas = Object.entries(atLeast ?? {}).flatMap(([name, counts]) => {
    const attribute = attributeRow(runtime, name, 'category', 'atLeast');
    return Object.entries(counts).map(([category, count]) => [
      attribute,
      runtime.findCategory(attribute, category),
      count,
    ]);
  });
  const strength = diversity?.strength ?? 0;
  return [
    Number(excludeSeen),
    Number(only !== undefined),
    barred.length,
    allowed.length,
    conditions.length,
    pinned.length,
    caps.length,
    quotas.length,
    handicaps.length,
    pool ?? 100,
    strength === 0 ? 0 : diversity?.method === 'dpp' ? 2 : 1,
    bits(strength),
    bits(popularity ?? 0),
    Number(freshness !== undefined),
    ...(freshness === undefined
      ? [0, 0, 0, 0]
      : [
          attributeRow(runtime, freshness.attribute, 'number', 'freshness.attribute'),
          bits(freshness.halfLife),
          bits(freshness.weight),
          bits(freshness.now ?? NaN),
        ]),
    bits(explore?.strength ?? 0),
    explore?.seed ?? 0,
    Number(exact),
    ...barred,
    ...allowed,
    ...conditions.flat(),
    ...pinned,
    ...caps.flat(),
    ...quotas.flat(),
    ...handicaps.flatMap(([row, amount]) => [row, bits(amount)]),
  ];
}

function conditionsOf(runtime: Runtime, name: string, wanted: Wanted): number[][] {
  const attribute = attributeRow(runtime, name, undefined, 'where');
  const isNumber = runtime.facts.attributes[attribute]!.kind === 'number';
  const range = (min: number, max: number) => [attribute, none, bits(min), bits(max)];
  if (!Array.isArray(wanted)) {
    if (!isNumber) throw invalid(`where.${name}`, 'a category or several', wanted);
    return [range(wanted.min ?? -Infinity, wanted.max ?? Infinity)];
  }
  // With no value at all no item will do, either.
  if (wanted.length === 0) return [range(Infinity, Infinity)];
  return wanted.map((one) => {
    if (!isNumber) return [attribute, runtime.findCategory(attribute, String(one)), 0, 0];
    if (typeof one === 'number') return range(one, one);
    throw invalid(`where.${name}`, 'a number or a range', one);
  });
}

function attributeRow(
  { facts }: Runtime,
  name: string,
  kind: 'category' | 'number' | undefined,
  option: string,
): number {
  const isFit = (attribute: { kind: string }) => kind === undefined || attribute.kind === kind;
  const row = facts.attributes.findIndex((one) => one.name === name && isFit(one));
  if (row >= 0) return row;
  const names = facts.attributes.filter(isFit).map((attribute) => attribute.name);
  throw invalid(option, `by one of the model's attributes (${names.join(', ') || 'none'})`, name);
}

/** Of the items that the model knows. */
function rowsOf(runtime: Runtime, items: readonly string[]): number[] {
  return [...runtime.rows(items).filter((row) => row >= 0)];
}
