// Numbers and sentences as people read them.

const whole = new Intl.NumberFormat('en');
const thin = '\u202f'; // a narrow space that does not break, between a number and its unit

export const count = (value: number): string => whole.format(value);

export const percent = (share: number): string => `${Math.round(share * 100)}${thin}%`;

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export function bytes(value: number): string {
  if (value < 1000) return plural(value, 'byte');
  const [scale, unit] = value < 999_500 ? [1e3, 'kB'] : [1e6, 'MB'];
  const scaled = value / scale;
  return `${scaled.toFixed(scaled < 10 ? 1 : 0)}${thin}${unit}`;
}

/** Browsers round their clocks, some to a whole millisecond: a zero says no more than that. */
export function duration(milliseconds: number): string {
  if (milliseconds < 0.1) return `less than 1${thin}ms`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)}${thin}ms`;
}

/** A number with three decimals, and without a sign where it rounds to nothing. */
export function decimal(value: number): string {
  const size = Math.abs(value).toFixed(3);
  return value < 0 && Number(size) > 0 ? `−${size}` : size;
}

/** The same for an amount to add: it shows that it adds. */
export function signed(value: number): string {
  const text = decimal(value);
  return value > 0 && Number(text) > 0 ? `+${text}` : text;
}

/** Lower case without accents and punctuation, so that "amelie" finds "Amélie" and "500" finds "(500) Days". */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\p{Mark}'’]/gu, '')
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ');
