// The catalogue as films: what the model file says of an item, in the words of this page.
import type { Item } from 'palate';
import { plain } from './format.ts';

export interface Film {
  readonly id: string;
  readonly title: string;
  readonly year: number | undefined;
  readonly genres: readonly string[];
  readonly director: string | undefined;
  readonly popularity: number;
  /** Title and director as plain words, for the search. */
  readonly searchable: string;
}

/** Reads the attributes that film catalogues share, whatever they are called; any may be missing. */
export function toFilm(item: Item): Film {
  const named = parseTitle(item.title || item.item);
  const director = texts(item, 'director', 'directors').join(', ') || undefined;
  return {
    id: item.item,
    title: named.title,
    year: number(item, 'year') ?? named.year,
    genres: texts(item, 'genre', 'genres').filter((genre) => !genre.startsWith('(no genres')),
    director,
    popularity: item.popularity,
    searchable: plain(`${named.title} ${director ?? ''}`),
  };
}

/** Films whose title or director holds every word, each at the start of a word. */
export function search(films: Iterable<Film>, query: string): Film[] {
  const words = plain(query).split(' ').filter(Boolean);
  return [...films].filter((film) => {
    const text = ` ${film.searchable}`;
    return words.every((word) => text.includes(` ${word}`));
  });
}

/** MovieLens writes "Matrix, The (1999)": that is "The Matrix" of 1999. */
function parseTitle(text: string): { title: string; year: number | undefined } {
  const dated = /^(.*\S)\s*\((\d{4})\)$/.exec(text.trim());
  const bare = dated?.[1] ?? text;
  const turned = /^(.+), (The|A|An)$/.exec(bare);
  return {
    title: turned ? `${turned[2]} ${turned[1]}` : bare,
    year: dated ? Number(dated[2]) : undefined,
  };
}

function texts(item: Item, ...names: string[]): string[] {
  const value = attribute(item, names);
  return Array.isArray(value) ? value : [];
}

function number(item: Item, ...names: string[]): number | undefined {
  const value = attribute(item, names);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function attribute(item: Item, names: string[]): unknown {
  const entry = Object.entries(item.attributes).find(([name]) =>
    names.includes(name.toLowerCase()),
  );
  return entry?.[1];
}
