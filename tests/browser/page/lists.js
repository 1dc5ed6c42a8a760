/** Half of a history is rated, on a scale of 1 to 5. */
export function valueAt(place) {
  return place % 2 === 0 ? 1 + ((place * 3) % 5) : undefined;
}

// The whole list of each history, as the package gives it: in Node and in a page.
/** When a visitor took the item in this place of a history, in ms since 1970: ever longer gaps. */
export const timeOf = (place) => 1_700_000_000_000 + 1000 * 7 ** place;

/** What a visitor did in a place of a history: a rated item counts as much as one that was looked at. */
export const typeAt = (place) => (valueAt(place) === undefined ? 'view' : 'rate');

/** What the package makes of each row of features. */
export async function packagePredictions({ Palate, source, features, options }) {
  const palate = await Palate.load(source, options);
  const predictions = [];
  for (const row of features) predictions.push(await palate.score(row));
  palate.dispose();
  return predictions;
}

export async function packageLists({ Palate, source, histories, options, request = {} }) {
  const palate = await Palate.load(source, options);
  const lists = [];
  for (const items of histories) {
    for (const [place, item] of items.entries()) {
      await palate.record({
        item,
        type: typeAt(place),
        value: valueAt(place),
        time: timeOf(place),
      });
    }
    const picks = await palate.recommend({ count: 100_000, reasons: 0, ...request });
    lists.push(picks.map(({ item, score }) => ({ item, score })));
    for (const item of items) await palate.forget(item);
  }
  palate.dispose();
  return lists;
}
