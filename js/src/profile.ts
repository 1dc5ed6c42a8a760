// The lasting profile, a script of its own: pages that keep nothing do not download it.
import type { Place } from './place.js';
import { checkSettings } from './profile/options.js';
import { Profile } from './profile/lasting.js';
import type { ProfileOptions } from './types.js';

export async function openProfile(place: Place, options: ProfileOptions): Promise<Profile> {
  return Profile.open(place, checkSettings(options));
}
