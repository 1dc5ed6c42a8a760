// The whole list of each history, as the package gives it: in Node and in a page.
export async function packageLists({ Palate, source, histories, options }) {
  const palate = await Palate.load(source, options);
  const lists = [];
  for (const items of histories) {
    for (const item of items) await palate.record({ item, type: 'view' });
    const picks = await palate.recommend({ count: 100_000, reasons: 0 });
    lists.push(picks.map(({ item, score }) => ({ item, score })));
    for (const item of items) await palate.forget(item);
  }
  palate.dispose();
  return lists;
}
