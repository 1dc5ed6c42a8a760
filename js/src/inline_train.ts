// In the single-file entry, in place of train.ts: the trainer is a file of its own.
import { PalateError } from './errors.js';

export function train(): never {
  throw new PalateError(
    'runtime/unsupported',
    "palate/inline does not hold the trainer: import 'palate' where models are trained",
  );
}
