// What the option `learning` says, checked and complete.
import { checkFlag, checkObject, invalid } from './operations.js';

export interface LearningSettings {
  /** Milliseconds. */
  halfLife: number;
  choices: boolean;
}

export const defaultLearning: LearningSettings = {
  halfLife: 90 * 24 * 60 * 60 * 1000,
  choices: true,
};

export function checkLearning(given: unknown): LearningSettings {
  if (given === undefined) return defaultLearning;
  const { halfLife = defaultLearning.halfLife, choices } = checkObject(given, 'learning');
  if (typeof halfLife !== 'number' || !(halfLife >= 1)) {
    throw invalid('learning.halfLife', 'milliseconds, 1 or more', halfLife);
  }
  return { halfLife, choices: checkFlag(choices, true, 'learning.choices') };
}
