// Means with their 95 % intervals (normal, over the visitors), paired differences, and a seeded generator.

/** Mulberry32: numbers in [0, 1), the same everywhere. */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Mean and half the width of its interval. */
export function interval(numbers) {
  const middle = mean(numbers);
  const squares = numbers.reduce((sum, number) => sum + (number - middle) ** 2, 0);
  const error = Math.sqrt(squares / (numbers.length - 1) / numbers.length);
  return { mean: middle, half: 1.96 * error };
}

const digits = (number) => number.toFixed(4).replace('0.', '.');
export const shown = ({ mean: middle, half }) => `${digits(middle)} ± ${digits(half)}`;

/** A row of a table for each arm, and one for each difference to the arm before it. */
export function compare(names, ratesOf) {
  const lines = names.map((name) => `| ${name} | ${shown(interval(ratesOf(name)))} |`);
  const differences = names.slice(1).map((name, place) => {
    const before = names[place];
    const [more, less] = [ratesOf(name), ratesOf(before)];
    const difference = interval(more.map((rate, visitor) => rate - less[visitor]));
    const verdict = difference.mean > difference.half ? '' : ' (not above 0)';
    return `| ${name} - ${before} | ${shown(difference)}${verdict} |`;
  });
  return [...lines, ...differences].join('\n');
}
