// A training that is killed goes on from its checkpoint and comes to the file of an undisturbed one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { generator, ok, palate, ratings, scratch, start } from './palate.mjs';

const kKills = 20;

const flags = (files, recipe, output, ...rest) => ['train', '--interactions', files.path('log.csv'),
  '--recipe', recipe, '--output', files.path(output), ...rest];
const checkpoint = (files) => ['--checkpoint', files.path('c'), '--checkpoint-interval', 0];

for (const [recipe, ...settings] of [
  ['ials', 'ials.epochs=40'],
  ['hybrid', 'ials.epochs=10', 'ranker.epochs=12', 'ranker.patience=12', 'ranker.refit_epochs=10'],
  ['two-tower', 'two_tower.dimension=8', 'two_tower.epochs=12', 'two_tower.patience=12'],
  ['sequence', 'sequence.dimension=8', 'sequence.hidden=8', 'sequence.epochs=8', 'sequence.patience=8'],
]) {
  test(`${recipe}, killed ${kKills} times at random, comes to the undisturbed file`, async (context) => {
    const files = scratch(context);
    files.write('log.csv', ratings({ users: 300, perUser: 16 }));
    const set = settings.flatMap((setting) => ['--set', setting]);
    const began = performance.now();
    ok(...flags(files, recipe, 'undisturbed', ...set));
    const duration = performance.now() - began;
    const draw = generator();
    let resumed = 0;
    for (let kill = 0; kill < kKills; kill += 1) {
      resumed += existsSync(files.path('c')) ? 1 : 0;
      const child = start(...flags(files, recipe, 'm', ...set, ...checkpoint(files)));
      const ended = once(child, 'exit');
      await sleep((duration * draw(1000)) / 1000);
      child.kill('SIGKILL');
      await ended;
    }
    assert.ok(resumed > 0, 'no run found a checkpoint');
    const { out } = ok(...flags(files, recipe, 'm', ...set, ...checkpoint(files)));
    assert.match(out, /^model/m);
    assert.ok(files.bytes('m').equals(files.bytes('undisturbed')));
    assert.equal(existsSync(files.path('c')), false, 'the checkpoint stayed');
  });
}

test('A checkpoint that is damaged or of another training is refused, and nothing is touched', async (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings({ users: 300, perUser: 16 }));
  files.write('m', 'what stood here before');
  const child = start(...flags(files, 'ials', 'm', '--set', 'ials.epochs=1000', ...checkpoint(files)));
  const ended = once(child, 'exit');
  while (!existsSync(files.path('c'))) await sleep(5);
  child.kill('SIGKILL');
  await ended;
  const kept = files.bytes('c');

  const other = palate(...flags(files, 'ials', 'm', '--set', 'ials.epochs=999', ...checkpoint(files)));
  assert.equal(other.code, 1);
  assert.match(other.err, /'epochs = 1000' there, 'epochs = 999' here/);
  assert.match(other.err, /remove it to begin anew/);
  assert.ok(files.bytes('c').equals(kept));

  const cut = files.write('c', kept.subarray(0, kept.length - 1));
  const damaged = palate(...flags(files, 'ials', 'm', '--set', 'ials.epochs=1000', ...checkpoint(files)));
  assert.equal(damaged.code, 1);
  assert.ok(damaged.err.includes(`${cut}: the checkpoint cannot be used: it is cut off`), damaged.err);
  assert.equal(files.read('m'), 'what stood here before');
});

test('The checkpoint may not be the output', (context) => {
  const files = scratch(context);
  const { code, err } = palate(...flags(files, 'ials', 'm', '--checkpoint', files.path('m')));
  assert.equal(code, 2);
  assert.match(err, /--checkpoint and --output name one file/);
});
