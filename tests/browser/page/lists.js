// The whole list of each history, as the package gives it: in Node and in a page.
/** When a visitor took the item in this place of a history, in ms since 1970: ever longer gaps. */
export const timeOf = (place) => 1_700_000_000_000 + 1000 * 7 ** place;

export async function packageLists({ Palate, source, histories, options }) {
  const palate = await Palate.load(source, options);
  const lists = [];
  for (const items of histories) {
    for (const [place, item] of items.entries())
      await palate.record({ item, type: 'view', time: timeOf(place) });
    const picks = await palate.recommend({ count: 100_000, reasons: 0 });
    lists.push(picks.map(({ item, score }) => ({ item, score })));
    for (const item of items) await palate.forget(item);
  }
  palate.dispose();
  return lists;
}
