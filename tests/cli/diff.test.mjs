// palate diff: deltas between trained models, their size, and what is refused.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

import { films, ok, palate, ratings, scratch } from './palate.mjs';

/** A folder with an older model, and a newer one that was trained on from it with more events. */
function trained(context) {
  const files = scratch(context);
  const rows = ratings({ users: 400, perUser: 16 }).trimEnd().split('\n');
  files.write('old.csv', `${rows.slice(0, -300).join('\n')}\n`);
  files.write('new.csv', `${rows.join('\n')}\n`);
  files.write('films.csv', films());
  const train = (log, output, ...flags) =>
    ok('train', '--interactions', files.path(log), '--items', files.path('films.csv'), '--recipe', 'ials',
      '--output', files.path(output), ...flags);
  train('old.csv', 'old.palate');
  train('new.csv', 'new.palate', '--from', files.path('old.palate'));
  return files;
}

test('The delta of a model that was trained on is smaller than the model', (context) => {
  const files = trained(context);
  const diff = (output) => ok('diff', files.path('old.palate'), files.path('new.palate'), '--output', files.path(output));
  const { out } = diff('one.delta');
  const [bytes, size] = [files.bytes('one.delta'), files.bytes('new.palate').length];
  assert.ok(bytes.length < 0.8 * size, `${bytes.length} bytes of ${size}`);
  assert.match(out, /^model +[0-9,]+\ndelta +[0-9,]+ +\d+\.\d %$/m);
  const checksum = files.bytes('old.palate').subarray(24, 56).toString('hex');
  assert.match(out, new RegExp(`^for the model with SHA-256 ${checksum}$`, 'm'));
  diff('again.delta');
  assert.deepEqual(files.bytes('again.delta'), bytes);
});

test('What is no model, or no place to write to, is refused', (context) => {
  const files = trained(context);
  const [old, log] = [files.path('old.palate'), files.path('old.csv')];
  const noModel = palate('diff', old, log, '--output', files.path('d'));
  assert.equal(noModel.code, 1);
  assert.match(noModel.err, /old\.csv: the bytes do not begin as a Palate model file does/);
  assert.ok(!existsSync(files.path('d')));
  assert.equal(palate('diff', old, '--output', files.path('d')).code, 2);
  const folder = palate('diff', old, old, '--output', files.path('no/such/d'));
  assert.equal(folder.code, 1);
  assert.match(folder.err, /no\/such/);
});
