// The page: loads the model, and turns every click into a new list.
import { type Explanation, Palate } from 'palate';
import { type Card, Cards } from './cards.ts';
import { find, make } from './dom.ts';
import { showExplanation, type ExplainSource } from './explain.ts';
import { type Film, search, toFilm } from './films.ts';
import { bytes, count, duration, plural } from './format.ts';
import { Genres } from './genres.ts';
import { HistoryStrip } from './history.ts';
import { glide } from './motion.ts';
import { because } from './reasons.ts';
import { showTraffic } from './traffic.ts';
import { trouble } from './trouble.ts';

const listLength = 60;
const modelUrl = new URL('model.palate', document.baseURI).href;
const originUrl = new URL('model.json', document.baseURI).href;

/** Who stands behind the model's interactions; tools/demo.sh writes it beside the model. */
interface Origin {
  source: 'simulated' | 'file';
}

async function start(): Promise<void> {
  const status = find('status');
  const progress = find<HTMLProgressElement>('progress');
  const [palate, origin] = await Promise.all([
    Palate.load(modelUrl, {
      onProgress: ({ loaded, total }) => {
        if (total) progress.value = loaded / total;
        status.textContent = `Loading the model: ${bytes(loaded)}`;
      },
    }),
    fetch(originUrl).then((response) => response.json() as Promise<Origin>),
  ]);
  progress.remove();
  find('tools').hidden = false;
  showOrigin(palate, origin);
  await new Page(palate, (await palate.items()).map(toFilm), origin).refresh();
  showTraffic(find('loaded'), find('sent'), modelUrl);
}

/** The list, the history and the tools around one loaded model. */
class Page {
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

  constructor(palate: Palate, films: readonly Film[], origin: Origin) {
    this.#palate = palate;
    this.#viewer = origin.source === 'simulated' ? 'simulated viewer' : 'viewer';
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
    const likes = this.#toFilms(await this.#palate.history());
    const began = performance.now();
    const best = this.#toFilms(await this.#palate.recommend({ count: listLength, reasons: 0 }));
    const took = performance.now() - began;
    const wanted = this.#wanted();
    const shown = wanted ? await this.#rank(wanted) : best;
    const why = await Promise.all(shown.map((film) => this.#palate.explain(film.id)));
    if (turn !== this.#turn) return;
    this.#likes = likes;
    glide(
      () => [...this.#cards.elements(), ...this.#strip.elements()],
      () => {
        this.#strip.show(likes.toReversed());
        this.#genres.show(best);
        this.#cards.show(shown.map((film, index) => this.#card(film, why[index]!)));
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

  #card(film: Film, why: Explanation): Card {
    const liked = this.#likes.includes(film);
    if (liked) return { film, liked, reason: 'you like it' };
    if (this.#likes.length > 0) return { film, liked, reason: because(why, this.#film) };
    return { film, liked, reason: `liked by ${plural(film.popularity, this.#viewer)}` };
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

  #source(): ExplainSource {
    return {
      explain: (film) => this.#palate.explain(film.id),
      similar: async (film) => this.#toFilms(await this.#palate.similar(film.id, { count: 8 })),
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

function showOrigin(palate: Palate, origin: Origin): void {
  const { users, interactions, recipe, producer } = palate.model;
  const note = find('origin');
  note.hidden = false;
  note.append(
    ...(origin.source === 'simulated'
      ? [make('strong', {}, 'Simulated viewers.'), ` The films are real; the ${count(users)} viewers whose ${count(interactions)} likes trained this model were made up by a program.`]
      : [make('strong', {}, 'Your own data.'), ` The model was trained on ${count(interactions)} interactions of ${count(users)} viewers from the file you gave.`]),
  );
  find('facts').append(make('p', {}, `Recipe “${recipe}”, trained by ${producer}.`));
}

start().catch((error: unknown) => {
  find('status').hidden = true;
  find('progress').remove();
  find('cards').replaceWith(trouble(error));
});
