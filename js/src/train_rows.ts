// Rows and items to train on, checked and packed as wasm/train/request.h says.
import { checkObject, invalid } from './operations.js';
import { checkIterable, checkSize, checkText, checkTime } from './given_cells.js';
import { packItems } from './packed_items.js';
import { Numbers, Sections } from './sections.js';
import type { Settings } from './train_settings.js';
import type { TrainItem, TrainRow } from './types.js';

export function packRequest(
  rows: Iterable<TrainRow>,
  items: Iterable<TrainItem>,
  settings: Settings,
): Uint8Array<ArrayBuffer> {
  const sections = new Sections();
  const { seed, dimension, epochs, regularization, unobservedRatio } = settings;
  const { minUser, minItem, minValue } = settings;
  sections.add(
    new Float64Array([
      seed,
      dimension,
      epochs,
      regularization,
      unobservedRatio,
      minUser,
      minItem,
      minValue,
    ]),
  );
  addRows(checkIterable(rows, 'rows'), sections);
  packItems(checkIterable(items, 'items'), sections);
  return sections.joined();
}

function addRows(rows: Iterable<unknown>, sections: Sections): void {
  const users = new Numbers();
  const items = new Numbers();
  const columns = { user: [] as number[], item: [] as number[] };
  const values: number[] = [];
  const times: number[] = [];
  let hasValues = false;
  let place = 0;
  for (const row of rows) {
    const name = `rows[${place++}]`;
    const { user, item, value, time } = checkObject(row, name);
    columns.user.push(users.of(checkText(user, `${name}.user`)));
    columns.item.push(items.of(checkText(item, `${name}.item`)));
    hasValues ||= value !== undefined;
    values.push(value === undefined ? NaN : checkSize(value, `${name}.value`));
    if (place > 1 && (time === undefined) !== (times.length === 0)) {
      throw invalid(`${name}.time`, 'given in all rows or in none', time);
    }
    if (time !== undefined) times.push(checkTime(time, `${name}.time`));
  }
  sections.texts(users.texts);
  sections.texts(items.texts);
  sections.add(new Uint32Array(columns.user));
  sections.add(new Uint32Array(columns.item));
  sections.add(new Float32Array(hasValues ? values : []));
  sections.add(new Float64Array(times));
}
