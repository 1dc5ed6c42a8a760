// The list of films as cards: a button that likes, the reason, and a button that explains.
import { make } from './dom.ts';
import type { Film } from './films.ts';
import { drawing, tint } from './poster.ts';

export interface Card {
  readonly film: Film;
  readonly liked: boolean;
  readonly reason: Node | string;
}

export interface CardActions {
  like(film: Film): void;
  explain(film: Film): void;
}

interface Drawn {
  readonly element: HTMLLIElement;
  readonly like: HTMLButtonElement;
  readonly rank: HTMLElement;
  readonly reason: HTMLElement;
}

export class Cards {
  readonly #list: HTMLElement;
  readonly #actions: CardActions;
  #drawn = new Map<string, Drawn>();

  constructor(list: HTMLElement, actions: CardActions) {
    this.#list = list;
    this.#actions = actions;
    list.addEventListener('keydown', (event) => this.#step(event));
  }

  /** Shows these cards, first one first; a card that stays keeps its element, and the keyboard's focus. */
  show(cards: readonly Card[]): void {
    const focused = document.activeElement;
    const place = [...this.#list.children].findIndex((element) => element.contains(focused));
    const before = this.#drawn;
    this.#drawn = new Map();
    const elements = cards.map((card, index) => {
      const drawn = before.get(card.film.id) ?? this.#draw(card.film);
      this.#drawn.set(card.film.id, drawn);
      drawn.rank.textContent = String(index + 1);
      drawn.reason.replaceChildren(card.reason);
      drawn.like.setAttribute('aria-pressed', String(card.liked));
      return drawn.element;
    });
    this.#list.replaceChildren(...elements);
    if (place >= 0) this.#refocus(focused as HTMLElement, place);
  }

  elements(): Iterable<HTMLElement> {
    return this.#list.children as Iterable<Element> as Iterable<HTMLElement>;
  }

  /** After a like by keyboard the card is gone: the one that took its place goes on. */
  #refocus(focused: HTMLElement, place: number): void {
    const next = this.#list.children[Math.min(place, this.#list.children.length - 1)];
    const target = focused.isConnected ? focused : next?.querySelector('button');
    target?.focus({ preventScroll: true });
  }

  /** The second click of a double click falls on the next card that has come under the pointer: it means no like. */
  #like(film: Film, { detail }: MouseEvent): void {
    if (detail <= 1) this.#actions.like(film);
  }

  /** Arrow keys go from poster to poster. */
  #step(event: KeyboardEvent): void {
    const posters = [...this.#list.querySelectorAll<HTMLElement>('.poster')];
    const at = posters.indexOf(event.target as HTMLElement);
    if (at < 0) return;
    const columns = posters.filter((poster) => poster.offsetTop === posters[0]!.offsetTop).length;
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
    };
    const next = posters[at + (steps[event.key] ?? Number.NaN)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #draw(film: Film): Drawn {
    const rank = make('span', { class: 'rank', 'aria-hidden': 'true' });
    const reason = make('p', { class: 'reason' });
    const like = make(
      'button',
      {
        class: 'poster',
        type: 'button',
        onclick: (event) => this.#like(film, event as MouseEvent),
      },
      drawing(film),
      make('span', { class: 'heart' }, 'Like '),
      titled(film),
      make('span', { class: 'byline' }, [film.director, film.year].filter(Boolean).join(' · ')),
    );
    const why = make(
      'button',
      {
        class: 'why',
        type: 'button',
        'aria-label': `Why? ${film.title}`,
        onclick: () => this.#actions.explain(film),
      },
      'Why?',
    );
    const genre = make('span', { class: 'genre' }, film.genres.join(' · ') || 'No genre');
    const label = make('p', { class: 'label' }, rank, genre, why);
    const element = make(
      'li',
      { class: 'card', 'data-key': `card ${film.id}` },
      like,
      label,
      reason,
    );
    tint(element, film);
    return { element, like, rank, reason };
  }
}

/** The title, as large as its longest word and its length allow (cards.css turns the number into a size). */
function titled(film: Film): HTMLElement {
  const longest = Math.max(...film.title.split(/[\s-]/).map((word) => word.length));
  const element = make('strong', { class: 'title' }, film.title);
  const size = Math.min(15, 150 / longest, 62 / Math.sqrt(film.title.length));
  element.style.setProperty('--size', size.toFixed(2));
  return element;
}
