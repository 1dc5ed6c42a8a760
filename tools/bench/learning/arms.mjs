// The three ways to serve one visitor that are compared: popularity, fold-in alone, and learning from choices as well.
import { load } from '../../../js/dist/node.js';

/** @param learning more options of the model's own, as `Palate.load` takes them */
export async function openArms(model, learning = {}) {
  const [learns, folds] = await Promise.all([
    load(model, { learning }),
    load(model, { learning: { ...learning, choices: false } }),
  ]);
  const popular = (await folds.items()).map(({ item }) => item);
  return [popularity(popular), personal('fold-in', folds), personal('learning', learns)];
}

function personal(name, palate) {
  return {
    name,
    begin: () => palate.erase(),
    list: async (count) => (await palate.recommend({ count, reasons: 0 })).map(({ item }) => item),
    first: async (items) => (await palate.rank(items))[0]?.item,
    record: (item, type, time) => palate.record({ item, type, time }),
    dispose: () => palate.dispose(),
  };
}

function popularity(popular) {
  const places = new Map(popular.map((item, place) => [item, place]));
  const seen = new Set();
  return {
    name: 'popularity',
    begin: () => seen.clear(),
    list: async (count) => popular.filter((item) => !seen.has(item)).slice(0, count),
    first: async (items) =>
      items.toSorted((a, b) => (places.get(a) ?? Infinity) - (places.get(b) ?? Infinity))[0],
    record: async (item, type) => void (type === 'view' && seen.add(item)),
    dispose() {},
  };
}
