// A train that is killed at any moment leaves the old model or the new one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { ok, ratings, scratch, start } from './palate.mjs';

const kKills = 40;

test(`Killed ${kKills} times, training leaves the old file or the new one`, async (context) => {
  const files = scratch(context);
  files.write('old.csv', ratings({ users: 40 }));
  files.write('new.csv', ratings({ users: 60 }));
  const flags = (name, output) => ['train', '--interactions', files.path(`${name}.csv`), '--recipe',
    'ials', '--set', 'ials.epochs=1', '--output', files.path(output)];
  ok(...flags('old', 'old.palate'));
  const began = performance.now();
  ok(...flags('new', 'new.palate'));
  const duration = performance.now() - began;
  const [older, newer] = [files.bytes('old.palate'), files.bytes('new.palate')];
  for (let kill = 0; kill < kKills; kill += 1) {
    copyFileSync(files.path('old.palate'), files.path('m.palate'));
    const child = start(...flags('new', 'm.palate'));
    const ended = once(child, 'exit');
    await sleep((duration * (kill + 0.5)) / kKills);
    child.kill(kill % 2 === 0 ? 'SIGKILL' : 'SIGINT');
    await ended;
    const left = files.bytes('m.palate');
    assert.ok(left.equals(older) || left.equals(newer), `after kill ${kill}`);
  }
});
