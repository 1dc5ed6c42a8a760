// Named values as the cells of a model's columns: the features that it scores, the context of a visit.
import { PalateError } from './errors.js';
import { invalid, type Row } from './operations.js';
import type { RowCells } from './runtime.js';
import type { Feature } from './types.js';

/** `what` the columns are is told to who names one that is not there. */
export function cellsOf(columns: readonly Feature[], row: Row, what: string): RowCells {
  return Object.entries(row).map(([name, cell]) => {
    const index = columns.findIndex((column) => column.name === name);
    if (index < 0) {
      const names = columns.map((column) => column.name).join(', ') || 'none';
      throw new PalateError(
        'request/invalid',
        `the model knows no ${what} ${JSON.stringify(name)}; it has ${names}`,
      );
    }
    const isNumber = typeof cell === 'number';
    if (columns[index]!.kind !== 'number')
      return [index, isNumber ? [String(cell)] : cell] as const;
    if (!isNumber) throw invalid(name, 'a number', cell[0]);
    return [index, cell] as const;
  });
}
