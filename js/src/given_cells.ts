// What a page gives to train on, or to add, cell by cell.
import { invalid } from './operations.js';

// Of models/README.md, in bytes.
const longestId = 1024;
export const longestText = 65_536;

/** What a model file takes for a number. */
const largestNumber = 1e20;
/** The first millisecond of 2200. */
const latestTime = 7_258_118_400_000;

export function checkIterable(given: unknown, name: string): Iterable<unknown> {
  const isIterable = typeof given === 'object' && given !== null && Symbol.iterator in given;
  if (isIterable) return given as Iterable<unknown>;
  throw invalid(name, 'an array or another iterable', given);
}

/** An id, a name or a category, that the model file can hold. */
export function checkText(given: unknown, name: string, longest = longestId): string {
  const text = typeof given === 'number' && Number.isFinite(given) ? String(given) : given;
  if (typeof text !== 'string' || text.trim() === '') {
    throw invalid(name, 'a text that is not blank or a finite number', given);
  }
  return checkLength(text, longest, name);
}

export function checkTitle(given: unknown, name: string): string {
  if (typeof given !== 'string') throw invalid(name, 'a text', given);
  return checkLength(given, longestText, name);
}

function checkLength(text: string, longest: number, name: string): string {
  const isLong = text.length * 3 > longest && new TextEncoder().encode(text).length > longest;
  if (!isLong && !/[\0\p{Surrogate}]/u.test(text)) return text;
  const shown = isLong ? `${text.slice(0, 40)}…` : text;
  throw invalid(name, `of ${longest} bytes at most, whole characters and none of them NUL`, shown);
}

export function checkSize(given: unknown, name: string): number {
  if (typeof given === 'number' && Math.abs(given) <= largestNumber) return given;
  throw invalid(name, 'a number from -1e20 to 1e20', given);
}

export function checkTime(given: unknown, name: string): number {
  const time = given instanceof Date ? given.getTime() : given;
  if (typeof time === 'number' && time >= 0 && time < latestTime) return Math.floor(time);
  throw invalid(name, 'a date or milliseconds since 1970, before 2200', given);
}
