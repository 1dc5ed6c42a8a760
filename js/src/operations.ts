// What can be asked of an opened model, on either side of a worker, and the check of arguments.
import { PalateError, reasonOf } from './errors.js';
import { type Entry, eventTypes, isEvent } from './history.js';
import { checkFilter, checkRecommend, type FilterRequest, type OrderRequest } from './request.js';
import type {
  Adjustment,
  EventType,
  Explanation,
  HistoryEvent,
  Item,
  Neighbour,
  Prediction,
  ProfileDocument,
  Question,
  Recommendation,
  Scored,
  Taste,
} from './types.js';

/** Plain, complete arguments: the defaults are filled in and ids are texts. */
export interface Operations {
  record(event: HistoryEvent): Promise<boolean>;
  recommend(request: RecommendRequest): Promise<Recommendation[]>;
  ask(request: AskRequest): Promise<Question[]>;
  rank(request: RankRequest): Promise<Scored[]>;
  similar(request: SimilarRequest): Promise<Neighbour[]>;
  explain(request: ExplainRequest): Promise<Explanation>;
  adjust(adjustment: Adjustment): Promise<void>;
  undo(nothing: undefined): Promise<Adjustment | undefined>;
  taste(request: { count: number }): Promise<Taste[]>;
  history(nothing: undefined): Promise<Entry[]>;
  forget(item: string): Promise<number>;
  erase(nothing: undefined): Promise<number>;
  import(profile: ProfileDocument): Promise<number>;
  /** For a profile that lasts. */
  encoderState(nothing: undefined): Promise<EncoderState>;
  /** Resolves to whether it is one of the open model. */
  restoreEncoder(state: EncoderState): Promise<boolean>;
  item(item: string): Promise<Item | undefined>;
  items(nothing: undefined): Promise<Item[]>;
  score(features: Row): Promise<Prediction>;
}

/** What a sequence network keeps of the history that it has read. */
export interface EncoderState {
  /** The checksum of the model's file. */
  model: string;
  /** None where the model has no such network, or the history says nothing. */
  words: Uint32Array<ArrayBuffer>;
}

/** The cells that are there. */
export type Row = Record<string, number | string[]>;

export interface RecommendRequest extends FilterRequest, OrderRequest {
  count: number;
  excludeSeen: boolean;
  reasons: number;
  adjust: Wish[];
  context: Row;
}

export interface RankRequest {
  items: string[];
  context: Row;
}

/** An adjustment that is checked. */
export interface Wish {
  attribute: string;
  category?: string;
  weight: number;
}

export function profileDocument(entries: readonly Entry[]): ProfileDocument {
  const adjustments = entries.filter((entry) => !isEvent(entry));
  return {
    format: 'palate-profile',
    version: 1,
    events: entries.filter(isEvent),
    ...(adjustments.length > 0 && { adjustments }),
  };
}

export function entriesOf({ events, adjustments = [] }: ProfileDocument): Entry[] {
  return [...events, ...adjustments];
}

export interface AskRequest extends FilterRequest {
  count: number;
}

export interface SimilarRequest extends FilterRequest {
  item: string;
  count: number;
}

export interface ExplainRequest {
  item: string;
  without: number;
  context: Row;
}

export type OperationName = keyof Operations;
export type Argument<Name extends OperationName> = Parameters<Operations[Name]>[0];

/** Makes an operation's argument out of whatever the caller gave, or throws `request/invalid`. */
export const checks: { readonly [Name in OperationName]: (given: unknown) => Argument<Name> } = {
  record: checkEvent,
  recommend: checkRecommend,
  ask(given) {
    const options = checkObject(given, 'options');
    return { count: checkCount(options['count'], 5, 1, 'count'), ...checkFilter(options) };
  },
  rank(given) {
    const { items, context } = checkObject(given, 'options');
    if (!Array.isArray(items)) throw invalid('items', 'an array of ids', items);
    return { items: items.map(checkId), context: checkRow(context ?? {}, 'context') };
  },
  similar(given) {
    const options = checkObject(given, 'options');
    return {
      item: checkId(options['item']),
      count: checkCount(options['count'], 10, 1, 'count'),
      ...checkFilter(options),
    };
  },
  explain(given) {
    const { item, without, context } = checkObject(given, 'options');
    return {
      item: checkId(item),
      without: checkCount(without, 0, 0, 'without'),
      context: checkRow(context ?? {}, 'context'),
    };
  },
  adjust: checkAdjustment,
  undo: checkNothing,
  taste(given) {
    return { count: checkCount(checkObject(given, 'options')['count'], 10, 1, 'count') };
  },
  history: checkNothing,
  forget: checkId,
  erase: checkNothing,
  import: checkDocument,
  encoderState: checkNothing,
  restoreEncoder(given) {
    const { model, words } = checkObject(given, 'state');
    if (!(words instanceof Uint32Array)) throw invalid('words', 'of a state', words);
    return { model: String(model), words: words as EncoderState['words'] };
  },
  item: checkId,
  items: checkNothing,
  score: (given) => checkRow(given, 'features'),
};

function checkEvent(given: unknown): HistoryEvent {
  const { item, type, value, time, id } = checkObject(given, 'event');
  if (!eventTypes.includes(type as EventType)) {
    throw invalid('type', `one of ${eventTypes.join(', ')}`, type);
  }
  const event: HistoryEvent = {
    id: checkEventId(id),
    item: checkId(item),
    type: type as EventType,
    time: checkTime(time),
  };
  if (type === 'rate' || type === 'dwell') {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) {
      throw invalid('value', `a finite number with an event of type ${type}`, value);
    }
    event.value = value;
  } else if (value !== undefined) {
    throw invalid('value', `left out with an event of type ${type}`, value);
  }
  return event;
}

export function checkWish(given: unknown): Wish {
  const { attribute, category, weight } = checkObject(given, 'adjustment');
  if (typeof attribute !== 'string') throw invalid('attribute', 'the name of one', attribute);
  if (category !== undefined && typeof category !== 'string') {
    throw invalid('category', 'the name of one', category);
  }
  if (typeof weight !== 'number' || !(Math.abs(weight) <= largestWeight)) {
    throw invalid('weight', `a number from -${largestWeight} to ${largestWeight}`, weight);
  }
  return { attribute, ...(category !== undefined && { category }), weight };
}

/** The page gives no id and no time: they are of now. */
function checkAdjustment(given: unknown): Adjustment {
  const wish = checkWish(given);
  const { id, time } = given as Partial<Adjustment>;
  return { ...wish, id: checkEventId(id), type: 'adjust', time: checkTime(time) };
}

export function checkRow(given: unknown, what: string): Row {
  const cells: [string, number | string[]][] = [];
  for (const [name, value] of Object.entries(checkObject(given, what))) {
    if (value === undefined || value === null || value === '') continue;
    cells.push([name, typeof value === 'number' ? checkNumber(value, name) : texts(value, name)]);
  }
  return Object.fromEntries(cells); // own properties whatever their names are
}

function texts(given: unknown, name: string): string[] {
  return (Array.isArray(given) ? given : [given]).map((value: unknown) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(checkNumber(value, name));
    throw invalid(name, 'a number, a text or an array of texts', value);
  });
}

export function checkNumber(given: unknown, name: string): number {
  if (Number.isFinite(given)) return given as number;
  throw invalid(name, 'a finite number', given);
}

export function checkId(given: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  if (typeof given === 'number' && Number.isFinite(given)) return String(given);
  throw invalid('item', 'an id: a text or a finite number', given);
}

/** What was stored or exported: complete, its id and time included. */
export function checkEntry(given: unknown): Entry {
  // Neither has a default here.
  const entry = { id: null, time: null, ...checkObject(given, 'event') };
  return 'type' in entry && entry.type === 'adjust' ? checkAdjustment(entry) : checkEvent(entry);
}

function checkDocument(given: unknown): ProfileDocument {
  const { format, version, events, adjustments = [] } = checkObject(given, 'profile');
  const isWhole = Array.isArray(events) && Array.isArray(adjustments);
  if (format !== 'palate-profile' || version !== 1 || !isWhole) {
    throw invalid('profile', 'what export gives, version 1', given);
  }
  return profileDocument([...checkAll('events', events), ...checkAll('adjustments', adjustments)]);
}

function checkAll(name: string, given: readonly unknown[]): Entry[] {
  return given.map((one, place) => {
    try {
      return checkEntry(one);
    } catch (thrown) {
      throw new PalateError('request/invalid', `${name}[${place}]: ${reasonOf(thrown)}`);
    }
  });
}

function checkEventId(given: unknown): string {
  if (given === undefined) return newEventId();
  if (typeof given === 'string' && given !== '' && given.length <= 100) return given;
  throw invalid('id', 'a text of 1 to 100 characters', given);
}

/** 128 random bits; `crypto.randomUUID` is there on https only. */
function newEventId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

let latest = 0;

function checkTime(given: unknown): number {
  // A clock that is set back does not turn the order of events round.
  if (given === undefined) return (latest = Math.max(latest, Date.now()));
  const time = given instanceof Date ? given.getTime() : given;
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    throw invalid('time', 'a date or milliseconds since 1970', given);
  }
  return time;
}

/** Of the runtime: palate/recommender.h. */
const largestWeight = 10;

export function checkCount(given: unknown, byDefault: number, least: number, name: string): number {
  if (given === undefined) return byDefault;
  if (typeof given !== 'number' || !Number.isInteger(given) || given < least) {
    throw invalid(name, `a whole number from ${least}`, given);
  }
  return Math.min(given, 0x7fffffff);
}

export function checkFlag(given: unknown, byDefault: boolean | undefined, name: string): boolean {
  if (given === undefined && byDefault !== undefined) return byDefault;
  if (typeof given !== 'boolean') throw invalid(name, 'true or false', given);
  return given;
}

export function checkObject(given: unknown, name: string): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) throw invalid(name, 'an object', given);
  return given as Record<string, unknown>;
}

function checkNothing(given: unknown): undefined {
  if (given !== undefined) throw invalid('argument', 'left out', given);
  return undefined;
}

/** @internal */
export function invalid(name: string, expected: string, given: unknown): PalateError {
  const shown =
    typeof given === 'string'
      ? JSON.stringify(given)
      : typeof given === 'object'
        ? kindOf(given)
        : String(given);
  return new PalateError('request/invalid', `${name} must be ${expected}, not ${shown}`);
}

function kindOf(given: object | null): string {
  return given === null ? 'null' : Array.isArray(given) ? 'an array' : 'an object';
}
