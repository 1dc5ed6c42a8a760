// The panel on one film: what its score is made of, and which films are like it.
import type { Explanation } from 'palate';
import { find, make } from './dom.ts';
import { plural, signed } from './format.ts';
import type { Film } from './films.ts';
import { tint } from './poster.ts';

const mostLines = 10;

export interface ExplainSource {
  explain(film: Film): Promise<Explanation>;
  similar(film: Film): Promise<Film[]>;
  film(id: string): Film | undefined;
  liked(film: Film): boolean;
  like(film: Film): void;
}

/** One line of the sum. */
interface Line {
  readonly label: string;
  readonly amount: number;
}

/** Opens the panel, or turns it to another film. */
export async function showExplanation(film: Film, source: ExplainSource): Promise<void> {
  const dialog = find<HTMLDialogElement>('explain');
  const [explanation, similar] = await Promise.all([source.explain(film), source.similar(film)]);
  const shut = (): void => dialog.close();
  const close = make('button', { class: 'close', type: 'button', 'aria-label': 'Close', onclick: shut }, '×');
  const wish = source.liked(film) ? 'Remove from your likes' : 'Like it';
  const like = make('button', { class: 'act', type: 'button' }, wish);
  like.addEventListener('click', () => {
    dialog.close();
    source.like(film);
  });
  const facts = [film.year, film.director, film.genres.join(', ')].filter(Boolean).join(' · ');
  dialog.replaceChildren(
    make('header', {}, make('h2', { id: 'explain-title', tabindex: -1 }, film.title), close),
    make('p', { class: 'facts-line' }, facts),
    like,
    ...sum(explanation, source),
    ...neighbours(similar, source),
  );
  tint(dialog, film);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  find('explain-title').focus();
}

function sum(explanation: Explanation, source: ExplainSource): Node[] {
  const heading = make('h3', {}, 'Why it stands where it stands');
  if (explanation.contributions.length === 0) {
    return [heading, make('p', {}, 'You liked nothing yet, so films stand in the order of their popularity.')];
  }
  const lines = toLines(explanation, source);
  const scale = toScale(lines.map((line) => line.amount));
  const total = make('td', {}, explanation.score.toFixed(3));
  const table = make(
    'table',
    {},
    make('caption', {}, 'These lines add up to its score.'),
    make('tbody', {}, ...lines.map((line) => row(line, scale))),
    make('tfoot', {}, make('tr', {}, make('th', { scope: 'row' }, 'Score'), make('td'), total)),
  );
  return [heading, table];
}

function toLines(explanation: Explanation, source: ExplainSource): Line[] {
  const likes = explanation.contributions.map(({ item, amount }) => ({
    label: `You liked ${source.film(item)?.title ?? item}`,
    amount,
  }));
  const others = likes.splice(mostLines);
  if (others.length > 0) {
    const amount = others.reduce((total, line) => total + line.amount, 0);
    likes.push({ label: `${plural(others.length, 'more like')} together`, amount });
  }
  const base = { label: 'The film itself', amount: explanation.base };
  const remainder = { label: 'Remainder of the method', amount: explanation.remainder };
  return [...likes, base, remainder];
}

/** The bars' common ruler: where zero lies on the track, and what the whole track stands for. */
function toScale(amounts: readonly number[]): { zero: number; width: number } {
  const lowest = Math.min(0, ...amounts);
  const width = Math.max(0, ...amounts) - lowest || 1;
  return { zero: -lowest / width, width };
}

function row({ label, amount }: Line, { zero, width }: { zero: number; width: number }): HTMLElement {
  const bar = make('span', { class: amount < 0 ? 'bar less' : 'bar' });
  bar.style.setProperty('--from', String(zero + Math.min(0, amount) / width));
  bar.style.setProperty('--length', String(Math.abs(amount) / width));
  return make(
    'tr',
    {},
    make('th', { scope: 'row' }, label),
    make('td', { class: 'track', 'aria-hidden': 'true' }, bar),
    make('td', {}, signed(amount)),
  );
}

function neighbours(films: readonly Film[], source: ExplainSource): Node[] {
  if (films.length === 0) return [];
  const entries = films.map((film) => {
    const open = make(
      'button',
      { type: 'button', onclick: () => void showExplanation(film, source) },
      make('span', { class: 'swatch', 'aria-hidden': 'true' }),
      film.title,
      make('small', {}, film.year === undefined ? '' : ` ${film.year}`),
    );
    tint(open, film);
    return make('li', {}, open);
  });
  return [make('h3', {}, 'Similar to this'), make('ul', { class: 'similar' }, ...entries)];
}
