// What the list is made of: a band of colours, and a button a genre that is its legend and a filter.
import { make } from './dom.ts';
import { count } from './format.ts';
import type { Film } from './films.ts';
import { hueOf } from './poster.ts';

const mostGenres = 20;

interface Shown {
  readonly button: HTMLButtonElement;
  readonly number: HTMLElement;
  readonly segment: HTMLElement;
}

export class Genres {
  readonly #shown = new Map<string, Shown>();
  #chosen: string | undefined;

  /** `choose` hears the genre to show, or nothing for all. */
  constructor(
    group: HTMLElement,
    spectrum: HTMLElement,
    films: Iterable<Film>,
    choose: (genre?: string) => void,
  ) {
    for (const genre of byFrequency(films).slice(0, mostGenres)) {
      const number = make('span', { class: 'number' });
      const button = make(
        'button',
        { type: 'button', 'aria-pressed': 'false', onclick: () => this.#toggle(genre, choose) },
        genre,
        ' ',
        number,
      );
      const segment = make('span');
      for (const element of [button, segment])
        element.style.setProperty('--hue', String(hueOf(genre)));
      this.#shown.set(genre, { button, number, segment });
      group.append(button);
      spectrum.append(segment);
    }
  }

  /** Counts the genres of the recommended films. */
  show(films: readonly Film[]): void {
    for (const [genre, { button, number, segment }] of this.#shown) {
      const holding = films.filter((film) => film.genres.includes(genre)).length;
      const leading = films.filter((film) => film.genres[0] === genre).length;
      number.textContent = count(holding);
      button.setAttribute('aria-label', `${genre}: ${holding} of the first ${films.length}`);
      segment.style.setProperty('flex-grow', String(leading));
    }
  }

  #toggle(genre: string, choose: (genre?: string) => void): void {
    this.#chosen = this.#chosen === genre ? undefined : genre;
    for (const [name, { button }] of this.#shown) {
      button.setAttribute('aria-pressed', String(name === this.#chosen));
    }
    choose(this.#chosen);
  }
}

function byFrequency(films: Iterable<Film>): string[] {
  const counts = new Map<string, number>();
  for (const film of films) {
    for (const genre of film.genres) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([genre]) => genre);
}
