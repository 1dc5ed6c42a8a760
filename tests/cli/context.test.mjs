// The context of a visit on the command line: read, trained on, described, measured, asked with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generator, ok, palate, scratch } from './palate.mjs';

/** A log in which the device decides which half of a user's items comes next; and the items. */
function visits({ users = 300 } = {}) {
  const draw = generator();
  const rows = [];
  for (let user = 0; user < users; ++user) {
    const first = draw(10);
    for (let place = 0; place < 8; ++place) {
      const phone = draw(2);
      const item = (user % 5) * 20 + 2 * ((first + place) % 10) + phone;
      rows.push(`u${user},i${item},${1_000_000 + 100 * place},${phone ? 'phone' : 'desk'},${draw(24)}`);
    }
  }
  const items = Array.from({ length: 100 }, (_, item) => `i${item},${item % 2 ? 'short' : 'long'}`);
  return {
    log: `user,item,timestamp,device,hour\n${rows.join('\n')}\n`,
    items: `item,form\n${items.join('\n')}\n`,
  };
}

const quick = ['ials.dimension=8', 'ranker.hidden=[16,8]', 'ranker.learning_rate=0.005', 'ranker.target_share=0.4']
  .flatMap((field) => ['--set', field]);

test('A model of a log with context is trained, described and asked', (context) => {
  const files = scratch(context);
  const { log, items } = visits();
  const data = ['--interactions', files.write('log.csv', log), '--items', files.write('items.csv', items)];
  const model = files.path('m.palate');
  const { out } = ok('train', ...data, '--recipe', 'hybrid', '--context', 'device,hour', ...quick, '--output', model);
  assert.match(out, /context device +2 categories +missing in 0 rows/);
  assert.match(out, /context hour +number/);
  const { ranker } = JSON.parse(ok('inspect', model, '--json').out);
  assert.deepEqual(ranker.context.map(({ name, kind }) => [name, kind]), [['device', 'category'], ['hour', 'number']]);
  assert.match(ok('inspect', model).out, /context hour +number, 0 to 23/);

  const list = (...more) => ok('recommend', '--model', model, '--history', 'i0,i3', '--k', 6, ...more).out;
  const forms = (text) => [...text.matchAll(/(short|long)$/gm)].map(([form]) => form);
  assert.ok(forms(list('--context', 'device=phone,hour=20')).filter((form) => form === 'short').length >= 5);
  assert.ok(forms(list('--context', 'device=desk')).filter((form) => form === 'long').length >= 5);
  assert.equal(list('--context', 'device=tv'), list());
  assert.match(list('--context', 'device=phone', '--explain'), /base/);

  const twice = palate('recommend', '--model', model, '--history', 'i0', '--context', 'device=phone,device=desk');
  assert.equal(twice.code, 1);
  assert.match(twice.err, /the context 'device' is given twice; several categories are written a\|b/);

  const many = (...more) => ok('recommend', '--model', model, '--histories', data[1], '--k', 3, ...more).out;
  assert.notEqual(many('--context', 'device=phone'), many());

  // A test log without the columns is one of which nothing is known.
  const plain = files.write('plain.csv', 'user,item\na,i0\na,i2\n');
  assert.match(ok('evaluate', '--model', model, '--histories', plain, '--test', files.write('t.csv', 'user,item\na,i4\n'),
    '--bootstrap', 0).out, /device: not in the file, so missing in every row/);
});

test('What the context is worth is measured user by user, each in the context of what was held out', (context) => {
  const files = scratch(context);
  const { log, items } = visits();
  const data = ['--interactions', files.write('log.csv', log), '--items', files.write('items.csv', items)];
  ok('evaluate', ...data, '--recipe', 'hybrid', '--context', 'device,hour', ...quick, '--against-recipe', 'hybrid',
    ...quick.map((word) => (word === '--set' ? '--against-set' : word)), '--against-set', 'ranker.context=false',
    '--k', 5, '--json', files.path('r.json'));
  const report = JSON.parse(files.read('r.json'));
  const found = JSON.stringify(report.against);
  const [difference] = report.against.differences;
  assert.ok(difference.recall.interval[0] > 0.1, found);
});

test('Codes are categories where that is said, and a training that was stopped knows the context', (context) => {
  const files = scratch(context);
  const { log, items } = visits({ users: 60 });
  const data = ['--interactions', files.write('log.csv', log), '--items', files.write('items.csv', items)];
  const train = (...more) => ok('train', ...data, '--recipe', 'hybrid', '--context', 'device,hour', ...quick, ...more);
  train('--categorical', 'hour', '--output', files.path('m.palate'));
  const { ranker } = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.equal(ranker.context[1].kind, 'category');
  train('--output', files.path('whole.palate'), '--threads', 1);
  train('--output', files.path('kept.palate'), '--threads', 3, '--checkpoint', files.path('c'), '--checkpoint-interval', 0);
  assert.deepEqual(files.bytes('kept.palate'), files.bytes('whole.palate'));
});

test('A context that cannot be read is refused with a reason', (context) => {
  const files = scratch(context);
  const { log, items } = visits({ users: 40 });
  const file = files.write('log.csv', log);
  const data = ['--interactions', file, '--items', files.write('items.csv', items)];
  const model = files.path('m.palate');
  ok('train', ...data, '--recipe', 'hybrid', '--context', 'device,hour', ...quick, '--output', model);
  const refused = (says, ...args) => {
    const { code, err } = palate(...args);
    assert.equal(code, 1, err);
    assert.match(err, says);
  };
  const train = ['train', '--interactions', file, '--output', files.path('x.palate')];
  const hybrid = [...train, '--recipe', 'hybrid'];
  refused(/no column 'country' for the context; the columns are user, item/, ...hybrid, '--context', 'country');
  refused(/'user' is the user already/, ...hybrid, '--context', 'user');
  refused(/--context goes with the recipe hybrid/, ...train, '--recipe', 'ials', '--context', 'device');
  refused(/--context goes with the recipe hybrid/, ...train, '--recipe', 'click', '--columns', 'label=hour',
    '--context', 'device');
  refused(/--numeric names 'hour', which --context does not/, ...hybrid, '--context', 'device', '--numeric', 'hour');
  refused(/--ignore goes with the recipe click alone/, ...hybrid, '--context', 'device', '--ignore', 'hour');
  refused(/go with the recipe click, or with --context/, ...hybrid, '--categorical', 'hour');
  refused(/--context goes with the recipe hybrid/, 'evaluate', ...data, '--recipe', 'popular', '--context', 'device');
  const recommend = ['recommend', '--model', model, '--history', 'i0'];
  refused(/knows no context 'country'; it has device, hour/, ...recommend, '--context', 'country=ch');
  refused(/--context hour: 'late' is no number/, ...recommend, '--context', 'hour=late');
  const popular = files.path('p.palate');
  ok(...train.slice(0, 3), '--recipe', 'popular', '--output', popular);
  refused(/knows no context 'device'; it has none/, 'recommend', '--model', popular, '--history', 'i0',
    '--context', 'device=phone');
});
