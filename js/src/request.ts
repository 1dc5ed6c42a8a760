// What a page may ask of a list, checked.
import { defaultHalfLife, type Fatigue } from './fatigue.js';
import {
  checkCount,
  checkFlag,
  checkId,
  checkNumber,
  checkObject,
  checkRow,
  checkWish,
  invalid,
  type RecommendRequest,
} from './operations.js';

/** Which items may be listed. */
export interface FilterRequest {
  exclude: string[];
  only?: string[];
  where: Record<string, Wanted>;
  exact: boolean;
}

/** Categories or numbers of which an item has one, or a range of numbers. */
export type Wanted = (string | number)[] | { min?: number; max?: number };

/** How they are put in order. */
export interface OrderRequest {
  pin: string[];
  atMost: Record<string, number>;
  atLeast: Record<string, Record<string, number>>;
  diversity: { method: 'mmr' | 'dpp'; strength: number };
  popularity: number;
  freshness?: { attribute: string; halfLife: number; weight: number; now?: number };
  pool: number;
  fatigue: Fatigue;
  explore: { strength: number; seed: number };
}

export function checkRecommend(given: unknown): RecommendRequest {
  const options = checkObject(given, 'options');
  const { count, excludeSeen, reasons, freshness, adjust = [] } = options;
  if (!Array.isArray(adjust)) throw invalid('adjust', 'an array of adjustments', adjust);
  const request: RecommendRequest = {
    count: checkCount(count, 10, 1, 'count'),
    excludeSeen: checkFlag(excludeSeen, true, 'excludeSeen'),
    reasons: checkCount(reasons, 3, 0, 'reasons'),
    adjust: adjust.map(checkWish),
    context: checkRow(options['context'] ?? {}, 'context'),
    ...checkFilter(options),
    pin: checkIds(options['pin'] ?? [], 'pin'),
    atMost: mapped(options['atMost'], 'atMost', checkLimit),
    atLeast: mapped(options['atLeast'], 'atLeast', (counts, name) =>
      mapped(counts, name, checkLimit),
    ),
    diversity: checkDiversity(options['diversity'] ?? 0),
    popularity: checkNumber(options['popularity'] ?? 0, 'popularity'),
    pool: checkCount(options['pool'], 100, 1, 'pool'),
    fatigue: checkFatigue(options['fatigue'] ?? 0),
    explore: checkExploration(options['explore'] ?? 0),
  };
  if (freshness !== undefined) request.freshness = checkFreshness(freshness);
  return request;
}

export function checkFilter({
  exclude,
  only,
  where,
  exact,
}: Record<string, unknown>): FilterRequest {
  const filter: FilterRequest = {
    exclude: checkIds(exclude ?? [], 'exclude'),
    where: mapped(where, 'where', checkWanted),
    exact: checkFlag(exact, false, 'exact'),
  };
  if (only !== undefined) filter.only = checkIds(only, 'only');
  return filter;
}

function checkIds(given: unknown, name: string): string[] {
  if (!Array.isArray(given)) throw invalid(name, 'an array of ids', given);
  return given.map(checkId);
}

/** Own properties, whatever their names are, each checked. */
function mapped<T>(
  given: unknown,
  name: string,
  check: (value: unknown, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(checkObject(given ?? {}, name)).map(([key, value]) => [
      key,
      check(value, `${name}.${key}`),
    ]),
  );
}

function checkLimit(given: unknown, name: string): number {
  return checkCount(given ?? NaN, 0, 0, name);
}

function checkWanted(given: unknown, name: string): Wanted {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return (Array.isArray(given) ? given : [given]).map((one: unknown) => {
      if (typeof one === 'string' || Number.isFinite(one)) return one as string | number;
      throw invalid(name, 'a text, a number, an array of them or { min, max }', one);
    });
  }
  const range: Wanted = {};
  for (const end of ['min', 'max'] as const) {
    const number = (given as Record<string, unknown>)[end];
    if (number !== undefined) range[end] = checkNumber(number, `${name}.${end}`);
  }
  if (range.min! > range.max!) throw invalid(name, 'a range with min at most max', given);
  return range;
}

function checkDiversity(given: unknown): OrderRequest['diversity'] {
  const { method = 'mmr', strength } =
    typeof given === 'number' ? { strength: given } : checkObject(given, 'diversity');
  if (method !== 'mmr' && method !== 'dpp') {
    throw invalid('diversity.method', '"mmr" or "dpp"', method);
  }
  if (typeof strength !== 'number' || !(strength >= 0 && strength <= 1)) {
    throw invalid('diversity', 'a number from 0 to 1', strength);
  }
  return { method, strength };
}

function checkFatigue(given: unknown): Fatigue {
  const { strength, halfLife = defaultHalfLife } =
    typeof given === 'number' ? { strength: given } : checkObject(given, 'fatigue');
  if (!(checkNumber(strength, 'fatigue') >= 0)) throw invalid('fatigue', '0 or more', strength);
  return { strength: strength as number, halfLife: checkHalfLife(halfLife, 'fatigue.halfLife') };
}

function checkExploration(given: unknown): OrderRequest['explore'] {
  const { strength, seed } =
    typeof given === 'number' ? { strength: given } : checkObject(given, 'explore');
  if (typeof strength !== 'number' || !(strength >= 0 && strength <= 1000)) {
    throw invalid('explore', 'a number from 0 to 1000', strength);
  }
  const byChance = () => crypto.getRandomValues(new Uint32Array(1))[0]!;
  return { strength, seed: checkSeed(seed ?? (strength > 0 ? byChance() : 0)) };
}

function checkSeed(given: unknown): number {
  if (Number.isInteger(given) && given === (given as number) >>> 0) return given;
  throw invalid('explore.seed', 'a whole number from 0 to 4294967295', given);
}

function checkHalfLife(given: unknown, name: string): number {
  const halfLife = checkNumber(given, name);
  if (halfLife > 0) return halfLife;
  throw invalid(name, 'above 0', given);
}

function checkFreshness(given: unknown): NonNullable<OrderRequest['freshness']> {
  const { attribute, halfLife, weight, now } = checkObject(given, 'freshness');
  if (typeof attribute !== 'string') throw invalid('freshness.attribute', 'a name', attribute);
  const freshness = {
    attribute,
    halfLife: checkHalfLife(halfLife, 'freshness.halfLife'),
    weight: checkNumber(weight ?? 0.2, 'freshness.weight'),
  };
  return now === undefined ? freshness : { ...freshness, now: checkNumber(now, 'freshness.now') };
}
