// The history as a strip of chips: what the ranking knows of the visitor, each part removable.
import { make } from './dom.ts';
import type { Film } from './films.ts';
import { tint } from './poster.ts';

export class HistoryStrip {
  readonly #list: HTMLElement;
  readonly #clear: HTMLElement;
  readonly #forget: (film: Film) => void;

  constructor(
    list: HTMLElement,
    clear: HTMLElement,
    forget: (film: Film) => void,
    erase: () => void,
  ) {
    this.#list = list;
    this.#clear = clear;
    this.#forget = forget;
    clear.addEventListener('click', erase);
  }

  /** Shows the liked films, the newest first. */
  show(films: readonly Film[]): void {
    const place = [...this.#list.children].findIndex((chip) =>
      chip.contains(document.activeElement),
    );
    const leaving = document.activeElement === this.#clear && films.length === 0;
    this.#list.replaceChildren(...films.map((film) => this.#chip(film)));
    if (films.length === 0) this.#list.append(make('li', { class: 'none' }, 'none yet'));
    this.#clear.hidden = films.length === 0;
    if (place >= 0 || leaving) this.#refocus(place);
  }

  elements(): Iterable<HTMLElement> {
    return this.#list.querySelectorAll<HTMLElement>('.chip');
  }

  #refocus(place: number): void {
    const buttons = this.#list.querySelectorAll('button');
    const next = buttons[Math.min(place, buttons.length - 1)];
    if (next) next.focus({ preventScroll: true });
    else document.querySelector<HTMLElement>('.poster')?.focus({ preventScroll: true });
  }

  #chip(film: Film): HTMLElement {
    const forget = (): void => this.#forget(film);
    const remove = make(
      'button',
      { type: 'button', 'aria-label': `Remove ${film.title}`, onclick: forget },
      '×',
    );
    const chip = make(
      'li',
      { class: 'chip', 'data-key': `chip ${film.id}`, 'data-from': `card ${film.id}` },
      make('span', {}, film.title),
      remove,
    );
    tint(chip, film);
    return chip;
  }
}
