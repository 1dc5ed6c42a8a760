// The panel on one film: what its score is made of, and which films are like it.
import type { Explanation } from 'palate';
import { find, make } from './dom.ts';
import { decimal, plural, signed } from './format.ts';
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

/** A line with the scores before and after it. */
interface Step extends Line {
  readonly start: number;
  readonly end: number;
}

/** What the track of the bars stands for: scores from `low` on, `width` of them. */
interface Ruler {
  readonly low: number;
  readonly width: number;
}

/** Opens the panel, or turns it to another film. */
export async function showExplanation(film: Film, source: ExplainSource): Promise<void> {
  const dialog = find<HTMLDialogElement>('explain');
  const [explanation, similar] = await Promise.all([source.explain(film), source.similar(film)]);
  const shut = (): void => dialog.close();
  const close = make(
    'button',
    { class: 'close', type: 'button', 'aria-label': 'Close', onclick: shut },
    '×',
  );
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
    return [
      heading,
      make('p', {}, 'You liked nothing yet, so films stand in the order of their popularity.'),
    ];
  }
  const { base, score } = explanation;
  const steps = toSteps(base, toLines(explanation, source));
  const ends = [base, ...steps.map((step) => step.end)];
  const ruler = { low: Math.min(...ends), width: Math.max(...ends) - Math.min(...ends) || 1 };
  const table = make(
    'table',
    {},
    make('caption', {}, 'Each bar begins where the one above ends; the last ends at the score.'),
    make(
      'tbody',
      {},
      row('Before your likes', decimal(base), mark(base, base, ruler)),
      ...steps.map(({ label, amount, start, end }) =>
        row(label, signed(amount), mark(start, end, ruler)),
      ),
    ),
    make('tfoot', {}, row('Score', decimal(score), mark(score, score, ruler))),
  );
  return [heading, table];
}

function toLines({ contributions, remainder }: Explanation, source: ExplainSource): Line[] {
  const likes = contributions.map(({ item, amount }) => ({
    label: `You liked ${source.film(item)?.title ?? item}`,
    amount,
  }));
  const others = likes.splice(mostLines);
  if (others.length > 0) {
    const amount = others.reduce((total, line) => total + line.amount, 0);
    likes.push({ label: `${plural(others.length, 'more like')} together`, amount });
  }
  return [...likes, { label: 'Remainder of the method', amount: remainder }];
}

/** Each line goes on from where the one before has ended. */
function toSteps(base: number, lines: readonly Line[]): Step[] {
  let end = base;
  return lines.map((line) => ({ ...line, start: end, end: (end += line.amount) }));
}

function row(label: string, figure: string, bar: HTMLElement): HTMLElement {
  return make(
    'tr',
    {},
    make('th', { scope: 'row' }, label),
    make('td', { class: 'track', 'aria-hidden': 'true' }, bar),
    make('td', {}, figure),
  );
}

/** A bar from one score to another; of no length, a mark. */
function mark(start: number, end: number, { low, width }: Ruler): HTMLElement {
  const bar = make('span', { class: end < start ? 'bar less' : 'bar' });
  bar.style.setProperty('--from', String((Math.min(start, end) - low) / width));
  bar.style.setProperty('--length', String(Math.abs(end - start) / width));
  return bar;
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
