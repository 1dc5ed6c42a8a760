// Numbers as the page words them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, count, duration, percent, plural, signed } from '../src/format.ts';

const spaced = (text: string) => text.replaceAll('\u202f', ' ');

test('Bytes are told in the unit that keeps them short', () => {
  const told = [0, 1, 999, 1000, 9949, 22_179, 999_400, 1_240_000, 31_000_000].map((size) =>
    spaced(bytes(size)),
  );
  assert.deepEqual(told, [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '9.9 kB',
    '22 kB',
    '999 kB',
    '1.2 MB',
    '31 MB',
  ]);
});

test('A size never rounds up to a thousand of its unit', () => {
  assert.equal(spaced(bytes(999_600)), '1.0 MB');
});

test('A duration below the clock’s step is no zero', () => {
  const told = [0, 0.4, 9.94, 31.6].map((time) => spaced(duration(time)));
  assert.deepEqual(told, ['less than 1 ms', '0.4 ms', '9.9 ms', '32 ms']);
});

test('Counts, shares and amounts read as people write them', () => {
  assert.equal(count(3201), '3,201');
  assert.equal(spaced(percent(0.616)), '62 %');
  assert.deepEqual([plural(1, 'film'), plural(2, 'film')], ['1 film', '2 films']);
  assert.deepEqual([signed(0.25), signed(-1.5), signed(-0.0001)], ['+0.250', '−1.500', '0.000']);
});
