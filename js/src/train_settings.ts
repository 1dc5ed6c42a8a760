// The numbers of a training, checked.
import { invalid } from './operations.js';
import type { TrainOptions } from './types.js';

/** Complete, in the order in which wasm/train/request.cc reads them. */
export interface Settings {
  seed: number;
  dimension: number;
  epochs: number;
  regularization: number;
  unobservedRatio: number;
  minUser: number;
  minItem: number;
  /** NaN: none. */
  minValue: number;
}

const largestCount = 0xffffffff;

/** Ranges and defaults are those of models/recipes/ials.toml. */
export function checkSettings(options: TrainOptions): Settings {
  const { regularization, unobservedRatio, minValue } = options;
  return {
    seed: whole(options.seed, 1, 0, Number.MAX_SAFE_INTEGER, 'seed'),
    dimension: whole(options.dimension, 64, 1, 1024, 'dimension'),
    epochs: whole(options.epochs, 10, 1, 1000, 'epochs'),
    regularization: within(regularization, 0.035, Number.MIN_VALUE, 1000, 'regularization'),
    unobservedRatio: within(unobservedRatio, 5, 0, 1000, 'unobservedRatio'),
    minUser: whole(options.minUser, 1, 1, largestCount, 'minUser'),
    minItem: whole(options.minItem, 1, 1, largestCount, 'minItem'),
    minValue: minValue === undefined ? NaN : within(minValue, NaN, -1e20, 1e20, 'minValue'),
  };
}

function whole(
  given: unknown,
  byDefault: number,
  least: number,
  most: number,
  name: string,
): number {
  if (given === undefined) return byDefault;
  if (Number.isInteger(given) && (given as number) >= least && (given as number) <= most) {
    return given as number;
  }
  throw invalid(name, `a whole number from ${least} to ${most}`, given);
}

function within(
  given: unknown,
  byDefault: number,
  least: number,
  most: number,
  name: string,
): number {
  if (given === undefined) return byDefault;
  // As the trainer sees it, in single precision.
  const number = typeof given === 'number' ? Math.fround(given) : NaN;
  if (number >= least && number <= most) return given as number;
  const from = least === Number.MIN_VALUE ? 'above 0' : `from ${least}`;
  throw invalid(name, `a number ${from} to ${most}`, given);
}
