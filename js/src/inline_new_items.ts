// In the single-file entry, in place of new_items.ts: what adds items is a file of its own.
import { PalateError } from './errors.js';

export function addItems(): never {
  throw new PalateError(
    'runtime/unsupported',
    "palate/inline does not hold what adds items: import 'palate' where items are added",
  );
}
