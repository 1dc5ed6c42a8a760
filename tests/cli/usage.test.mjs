// What the command line says to those who ask how, or get it wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { palate } from './palate.mjs';

test('The version is printed', () => {
  const { code, out } = palate('--version');
  assert.equal(code, 0);
  assert.match(out, /^palate \d+\.\d+\.\d+\n$/);
});

test('Help lists the commands, and the flags of one', () => {
  for (const args of [['help'], ['--help'], []]) {
    const { code, out } = palate(...args);
    assert.equal(code, 0);
    for (const command of ['train', 'evaluate', 'recommend', 'compress', 'inspect', 'simulate']) {
      assert.match(out, new RegExp(`^  ${command} `, 'm'));
    }
  }
  assert.match(palate('help', 'train').out, /--interactions/);
});

test('An unknown flag is a usage error that names the nearest one', () => {
  const { code, err } = palate('train', '--interaction', 'a.csv', '--recipe', 'ials', '--output', 'm');
  assert.equal(code, 2);
  assert.match(err, /^palate train: there is no '--interaction'; did you mean '--interactions'\?/);
});

test('An unknown command is a usage error that names the nearest one', () => {
  for (const args of [['trian', '--recipe', 'ials'], ['help', 'trian']]) {
    const { code, err } = palate(...args);
    assert.equal(code, 2);
    assert.match(err, /^palate: there is no 'trian'; did you mean 'train'\?/);
  }
});

test('A missing flag is a usage error that names it', () => {
  const { code, err } = palate('train', '--recipe', 'ials', '--output', 'm.palate');
  assert.equal(code, 2);
  assert.match(err, /--interactions is required/);
});

test('Values out of range are usage errors', () => {
  for (const args of [
    ['recommend', '--model', 'm', '--history', '1', '--k', '0'],
    ['recommend', '--model', 'm', '--history', '1', '--k', 'ten'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--k', '10,0'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--bootstrap', '-1'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--protocol', 'user-split', '--test-share', '1'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--protocol', 'user-split', '--held-share', 'all'],
    ['train', '--interactions', 'a', '--recipe', 'ials', '--output', 'm', '--max-bad', '1.5'],
    ['train', '--interactions', 'a', '--recipe', 'ials', '--output', 'm', '--set', 'epochs'],
    ['train', '--interactions', 'a', '--recipe', 'ials', '--output', 'm', '--threads', '-1'],
    ['train', '--interactions', 'a', '--recipe', 'ials', '--output', 'm', '--columns', 'user'],
  ]) {
    assert.equal(palate(...args).code, 2, args.join(' '));
  }
});

test('Flags that do not belong together are usage errors', () => {
  for (const args of [
    ['evaluate'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--test-share', '0.1'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--protocol', 'time-split', '--held-share', '0.1'],
    ['evaluate', '--model', 'm', '--histories', 'a', '--test', 'b', '--test-share', '0.1'],
    ['evaluate', '--model', 'm', '--histories', 'a', '--test', 'b', '--against-recipe', 'ials'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--against', 'm'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--against-set', 'ials.dimension=4'],
    ['evaluate', '--interactions', 'a.csv'],
    ['evaluate', '--model', 'm', '--histories', 'a.csv'],
    ['evaluate', '--model', 'm', '--histories', 'a', '--test', 'b', '--interactions', 'c'],
    ['evaluate', '--model', 'm', '--histories', 'a', '--test', 'b', '--recipe', 'ials'],
    ['evaluate', '--model', 'm', '--histories', 'a', '--test', 'b', '--items', 'c'],
    ['evaluate', '--model', 'm', '--histories', 'a', '--test', 'b', '--protocol', 'time-split'],
    ['evaluate', '--model', 'm', '--histories', 'a', '--test', 'b', '--min-value', '3'],
    ['evaluate', '--interactions', 'a', '--recipe', 'ials', '--histories', 'b'],
    ['recommend', '--model', 'm'],
    ['recommend', '--model', 'm', '--history', '1', '--histories', 'a', '--output', 'b'],
    ['recommend', '--model', 'm', '--histories', 'a', '--explain'],
    ['recommend', '--model', 'm', '--history', '1', '--output', 'b'],
    ['recommend', '--model', 'm', '--history', '1', '--columns', 'user=a'],
    ['recommend', '--model', 'm', '--history', '1', '--max-bad', '0.5'],
    ['recommend', '--model', 'm', '--history', '1', '--threads', '1'],
    ['train', '--interactions', 'a', '--recipe', 'ials', '--output', 'm', '--checkpoint', './m'],
  ]) {
    assert.equal(palate(...args).code, 2, args.join(' '));
  }
});

test('An unknown protocol is refused with the known ones', () => {
  const { code, err } = palate(
    'evaluate', '--interactions', 'a', '--recipe', 'popular', '--protocol', 'leave-one-out');
  assert.equal(code, 2);
  assert.match(err, /no protocol 'leave-one-out'; did you mean 'leave-last-out'\?/);
  assert.match(err, /user-split, time-split/);
});
