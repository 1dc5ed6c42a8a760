// The options of a profile, checked and complete.
import { checkCount, checkFlag, invalid } from '../operations.js';
import type { ProfileOptions } from '../types.js';
import type { Limits } from './events.js';

export interface Settings extends Limits {
  name: string;
  consent: boolean;
  durability: 'relaxed' | 'strict';
  onStatus: NonNullable<ProfileOptions['onStatus']>;
  onChange: NonNullable<ProfileOptions['onChange']>;
}

const year = 365 * 24 * 60 * 60 * 1000;

export function checkSettings(given: ProfileOptions): Settings {
  const { name = 'default', consent, durability = 'relaxed', ...rest } = given;
  if (typeof name !== 'string' || name === '' || name.length > 100) {
    throw invalid('profile.name', 'a text of 1 to 100 characters', name);
  }
  if (durability !== 'relaxed' && durability !== 'strict') {
    throw invalid('profile.durability', '"relaxed" or "strict"', durability);
  }
  return {
    name,
    // Without a word of the visitor's there is none.
    consent: checkFlag(consent, false, 'profile.consent'),
    durability,
    maxEvents: checkCount(rest.maxEvents, 1000, 1, 'profile.maxEvents'),
    maxAge: checkAge(rest.maxAge ?? year),
    onStatus: rest.onStatus ?? (() => {}),
    onChange: rest.onChange ?? (() => {}),
  };
}

function checkAge(age: unknown): number {
  if (typeof age === 'number' && age > 0) return age;
  throw invalid('profile.maxAge', 'milliseconds above 0', age);
}
