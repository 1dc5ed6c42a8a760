// The list, the history and the tools around a loaded model: every click becomes a new list.
import { type Explanation, type Palate, PalateError } from 'palate';
import { type Card, Cards } from './cards.ts';
import { find } from './dom.ts';
import { type ExplainSource, showExplanation } from './explain.ts';
import { type Film, search } from './films.ts';
import { count, duration, plural } from './format.ts';
import { Genres } from './genres.ts';
import { HistoryStrip } from './history.ts';
import { glide } from './motion.ts';
import { because } from './reasons.ts';

const listLength = 60;
const similarLength = 8;

/** One visitor in front of one loaded model. */
export class Page {
  readonly #palate: Palate;
  readonly #films: ReadonlyMap<string, Film>;
  readonly #cards: Cards;
  readonly #strip: HistoryStrip;
  readonly #genres: Genres;
  readonly #film = (id: string): Film | undefined => this.#films.get(id);
  readonly #viewer: string;
  #likes: Film[] = []; // as the history has them, oldest first
  #query = '';
  #genre: string | undefined;
  #turn = 0;

  /** `viewer` is the word for one of those whose interactions trained the model. */
  constructor(palate: Palate, films: readonly Film[], viewer: string) {
    this.#palate = palate;
    this.#viewer = viewer;
    this.#films = new Map(films.map((film) => [film.id, film]));
    const toggle = (film: Film): void => void this.#toggle(film);
    this.#cards = new Cards(find('cards'), {
      like: toggle,
      explain: (film) => void showExplanation(film, this.#source()),
    });
    this.#strip = new HistoryStrip(find('likes'), find('clear'), toggle, () => void this.#clear());
    this.#genres = new Genres(find('genres'), find('spectrum'), films, (genre) => {
      this.#genre = genre;
      void this.refresh();
    });
    const input = find<HTMLInputElement>('search');
    input.addEventListener('input', () => {
      this.#query = input.value.trim();
      void this.refresh();
    });
  }

  /** Ranks again and shows the result; of refreshes that overlap, only the newest is shown. */
  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    const likes = [...new Set(this.#toFilms(await this.#palate.history()))];
    const began = performance.now();
    const best = this.#toFilms(await this.#palate.recommend({ count: listLength, reasons: 0 }));
    const took = performance.now() - began;
    const wanted = this.#wanted();
    const shown = wanted ? await this.#rank(wanted) : best;
    const why = await Promise.all(
      likes.length > 0 ? shown.map((film) => this.#palate.explain(film.id)) : [],
    );
    if (turn !== this.#turn) return;
    this.#likes = likes;
    glide(
      () => [...this.#cards.elements(), ...this.#strip.elements()],
      () => {
        this.#strip.show(likes.toReversed());
        this.#genres.show(best);
        this.#cards.show(shown.map((film, index) => this.#card(film, why[index])));
        this.#tell(best, took, wanted?.length);
      },
    );
  }

  /** The films that search and genre ask for; nothing when they ask for nothing. */
  #wanted(): Film[] | undefined {
    if (!this.#query && !this.#genre) return undefined;
    const genre = this.#genre;
    const found = search(this.#films.values(), this.#query);
    return genre ? found.filter((film) => film.genres.includes(genre)) : found;
  }

  async #rank(films: Film[]): Promise<Film[]> {
    const scored = await this.#palate.rank(films.map((film) => film.id));
    return this.#toFilms(scored.slice(0, listLength));
  }

  #card(film: Film, why: Explanation | undefined): Card {
    const liked = this.#likes.includes(film);
    if (liked) return { film, liked, reason: 'you like it' };
    if (why) return { film, liked, reason: because(why, this.#film) };
    return { film, liked, reason: `seen by ${plural(film.popularity, this.#viewer)}` };
  }

  #tell(best: Film[], took: number, found: number | undefined): void {
    const all = `${count(this.#films.size)} films`;
    find('status').textContent =
      this.#likes.length === 0
        ? `${all}, the most popular first. Click one you like, and all are ranked again.`
        : `Re-ranked ${all} in ${duration(took)} on this device. First is now ${best[0]?.title}.`;
    const title = find('list-title');
    title.hidden = found === undefined;
    title.textContent = found === undefined ? '' : heading(found, this.#query, this.#genre);
  }

  #toFilms(entries: readonly { item: string }[]): Film[] {
    return entries.flatMap(({ item }) => this.#film(item) ?? []);
  }

  async #toggle(film: Film): Promise<void> {
    if (this.#likes.includes(film)) await this.#palate.forget(film.id);
    else await this.#palate.record({ item: film.id, type: 'like' });
    await this.refresh();
  }

  async #clear(): Promise<void> {
    for (const film of this.#likes) await this.#palate.forget(film.id);
    await this.refresh();
  }

  /** A model that ranks by popularity alone knows of no films that are alike. */
  async #similar(film: Film): Promise<Film[]> {
    try {
      return this.#toFilms(await this.#palate.similar(film.id, { count: similarLength }));
    } catch (error) {
      if (error instanceof PalateError && error.code === 'model/unsupported') return [];
      throw error;
    }
  }

  #source(): ExplainSource {
    return {
      explain: (film) => this.#palate.explain(film.id),
      similar: (film) => this.#similar(film),
      film: this.#film,
      liked: (film) => this.#likes.includes(film),
      like: (film) => void this.#toggle(film),
    };
  }
}

function heading(found: number, query: string, genre: string | undefined): string {
  const which = [query && `“${query}”`, genre].filter(Boolean).join(' in ');
  if (found === 0) return `No film for ${which}`;
  return `${plural(found, 'film')} for ${which}, ranked for you`;
}
