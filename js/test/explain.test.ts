// Why an item stands where it stands: categories, places without items of the history, sentences.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence } from '../dist/sentences.js';
import { openGolden } from './models.ts';

const histories = ['f5', 'f8', 'f0', 'f13'];

test('What comes through categories is what the items of the history have in common', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  for (const item of histories) await palate.record({ item, type: 'view' });
  const { attributes: own } = (await palate.item('f11'))!;
  const { attributes, contributions } = await palate.explain('f11');
  const names = Object.values(own).filter(Array.isArray).flat();
  assert.deepEqual(attributes.map(({ category }) => category).sort(), names.sort());
  assert.ok(attributes.length > 0);
  const sum = (all: readonly { amount: number }[]) => all.reduce((s, { amount }) => s + amount, 0);
  const related: typeof contributions = [];
  for (const one of contributions) {
    const other = Object.values((await palate.item(one.item))!.attributes).flat();
    if (names.some((name) => other.includes(name))) related.push(one);
  }
  assert.ok(related.length > 0);
  assert.ok(Math.abs(sum(attributes) - sum(related)) <= 1e-5);
});

for (const model of ['fold_in', 'hybrid', 'item_weights', 'int8'] as const) {
  test(`Where an item would stand without another is where it does stand (${model})`, async (context) => {
    const palate = await openGolden(context, model);
    for (const item of histories) await palate.record({ item, type: 'view' });
    const list = await palate.recommend({ count: 48 });
    const target = list[4]!.item;
    const why = await palate.explain(target, { without: 3 });
    assert.equal(why.place, 5);
    assert.deepEqual(
      why.counterfactuals.map(({ item }) => item),
      why.contributions.slice(0, 3).map(({ item }) => item),
    );
    assert.deepEqual(await palate.recommend({ count: 48 }), list, 'the history is as before');
    for (const { item, place } of why.counterfactuals) {
      const other = await openGolden(context, model);
      for (const one of histories) {
        if (one !== item) await other.record({ item: one, type: 'view' });
      }
      const without = await other.recommend({ count: 48 });
      assert.equal(place, without.findIndex((pick) => pick.item === target) + 1 || undefined);
    }
  });
}

test('An item that is left out of the list has no place', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'view' });
  await palate.record({ item: 'f8', type: 'dislike' });
  const seen = await palate.explain('f5', { without: 1 });
  assert.equal(seen.place, undefined);
  assert.deepEqual(
    seen.counterfactuals.map(({ item }) => item),
    ['f5'],
  );
  assert.ok(seen.counterfactuals[0]!.place! >= 1);
  assert.equal((await palate.explain('f8', { without: 1 })).place, undefined);
  assert.ok(!('place' in (await palate.explain('f5'))));
  assert.deepEqual((await palate.explain('f5')).counterfactuals, []);
});

test('A sentence names what speaks most, in the words of the page', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  assert.equal(sentence((await palate.recommend({ count: 1 }))[0]!), 'Popular with others');
  for (const item of ['f5', 'f8']) await palate.record({ item, type: 'view' });
  const [pick] = await palate.recommend({ count: 1 });
  const titles = pick!.reasons.map(({ title }) => title);
  assert.equal(sentence(pick!), `Because of ${titles.join(' and ')}`);
  assert.equal(sentence(pick!, { most: 1 }), `Because of ${titles[0]}`);
  const why = await palate.explain(pick!.item);
  assert.match(sentence(why), /^Because of .* and .* \(.*\)$/);
  assert.equal(
    sentence(why, { locale: 'de', template: ({ items, list }) => `Wegen ${list(items)}` }),
    `Wegen ${titles.join(' und ')}`,
  );
});

test('A sentence leaves out what says little, and what speaks against', () => {
  const item = (name: string, amount: number) => ({ item: name, title: '', amount });
  const reasons = [item('a', 9), item('b', 0.5), item('c', -4)];
  assert.equal(sentence({ reasons }), 'Because of a');
  assert.equal(sentence({ reasons }, { least: 0 }), 'Because of a and b');
  const shares = [{ attribute: 'genre', category: 'War', amount: 3 }];
  assert.equal(sentence({ reasons, attributes: shares }), 'Because of a (War)');
});
