// Why a film stands where it stands, in one line.
import type { Explanation } from 'palate';
import { make } from './dom.ts';
import type { Film } from './films.ts';
import { percent } from './format.ts';

const smallest = 0.05; // a like that carries less than this share is not worth a word
const most = 2;

/** "because you liked Alien (62 %), Aliens (31 %)": shares of all that speaks for the film. */
export function because(
  { contributions }: Explanation,
  film: (id: string) => Film | undefined,
): Node {
  const line = document.createDocumentFragment();
  const whole = contributions.reduce((sum, { amount }) => sum + Math.max(amount, 0), 0);
  const told = contributions.filter(({ amount }) => amount > smallest * whole).slice(0, most);
  if (told.length === 0) line.append('despite your likes: it does well with everybody');
  told.forEach(({ item, amount }, index) => {
    line.append(
      index === 0 ? 'because you liked ' : ', ',
      make('cite', {}, film(item)?.title ?? item),
      ` (${percent(amount / whole)})`,
    );
  });
  return line;
}
