// The shapes of what goes into Palate and of what comes out.
export type * from './types/loading.js';
export type * from './types/profile.js';
export type * from './types/requests.js';
export type * from './types/answers.js';
export type * from './types/training.js';
