// What a visitor of a history did, and the whole list of each history, as the package gives it: in Node and in a page.

/** When something happened in this place of a history, in ms since 1970: ever longer gaps. */
const timeOf = (place, step) => 1_700_000_000_000 + 1000 * 7 ** place + step;

/**
 * A history as events: each item is shown beside the next one and then rated (on a scale of 1 to 5), viewed or, one in
 * five, disliked. So what follows is a choice against what was shown before.
 */
export function eventsOf(items) {
  return items.flatMap((item, place) => {
    const type = place % 5 === 4 ? 'dislike' : place % 2 === 0 ? 'rate' : 'view';
    const value = type === 'rate' ? 1 + ((place * 3) % 5) : undefined;
    const shown = items.length > 1 ? [items[(place + 1) % items.length], item] : [];
    return [
      ...shown.map((each, step) => ({ item: each, type: 'impression', time: timeOf(place, step) })),
      { item, type, value, time: timeOf(place, shown.length) },
    ];
  });
}

/** What the package makes of each row of features. */
export async function packagePredictions({ Palate, source, features, options }) {
  const palate = await Palate.load(source, options);
  const predictions = [];
  for (const row of features) predictions.push(await palate.score(row));
  palate.dispose();
  return predictions;
}

export async function packageLists({
  Palate,
  source,
  histories,
  options,
  request = {},
  newItems = [],
}) {
  const palate = await Palate.load(source, options);
  if (newItems.length > 0) await palate.addItems(newItems);
  const lists = [];
  for (const items of histories) {
    for (const event of eventsOf(items)) await palate.record(event);
    const picks = await palate.recommend({ count: 100_000, reasons: 0, ...request });
    lists.push(picks.map(({ item, score }) => ({ item, score })));
    await palate.erase();
  }
  palate.dispose();
  return lists;
}

/** Lists of a visitor who likes one item after the other, filtered and of neighbours too. */
export async function listsOf(palate) {
  const lists = [];
  for (const item of ['5', '77', '4001']) {
    await palate.record({ item, type: 'like', time: 1000 });
    lists.push(await palate.recommend({ count: 50, reasons: 0 }));
    lists.push(await palate.recommend({ count: 9, exclude: ['6', '13', '20'], reasons: 0 }));
    lists.push(await palate.similar(item, { count: 20 }));
  }
  return lists;
}
