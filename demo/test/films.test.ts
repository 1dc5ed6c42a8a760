// How a catalogue's items become the films of the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { search, toFilm } from '../src/films.ts';

const item = (title: string, attributes: Record<string, number | string[]> = {}) => {
  return { item: '7', title, popularity: 3, attributes };
};

test('A film takes title, year, genres and director from the attributes', () => {
  const film = toFilm(item('Alien', { year: 1979, genre: ['Horror'], Director: ['Ridley Scott'] }));
  assert.deepEqual(
    [film.id, film.title, film.year, film.genres, film.director, film.popularity],
    ['7', 'Alien', 1979, ['Horror'], 'Ridley Scott', 3],
  );
});

test('A MovieLens title gives up its year and turns its article round', () => {
  const film = toFilm(item('Matrix, The (1999)', { genres: ['Action', 'Sci-Fi'] }));
  assert.deepEqual(
    [film.title, film.year, film.genres],
    ['The Matrix', 1999, ['Action', 'Sci-Fi']],
  );
});

test('A title that only looks like a MovieLens one is left alone', () => {
  assert.equal(toFilm(item('2001: A Space Odyssey')).title, '2001: A Space Odyssey');
  assert.equal(toFilm(item('Crazy, Stupid, Love')).title, 'Crazy, Stupid, Love');
  assert.equal(toFilm(item('(500) Days of Summer')).title, '(500) Days of Summer');
});

test('A film may have nothing but an id', () => {
  const film = toFilm(item(''));
  assert.deepEqual(
    [film.title, film.year, film.genres, film.director],
    ['7', undefined, [], undefined],
  );
});

test('The absence of genres is no genre', () => {
  assert.deepEqual(toFilm(item('Hidden', { genres: ['(no genres listed)'] })).genres, []);
});

test('The search finds words by their beginnings, whatever their case, accents and punctuation', () => {
  const titles = ['Amélie', 'Alien', 'Aliens', 'The Thin Red Line', '(500) Days of Summer'];
  const films = titles.map((title) => toFilm(item(title)));
  const found = (query: string) => search(films, query).map((film) => film.title);
  assert.deepEqual(found('amelie'), ['Amélie']);
  assert.deepEqual(found('ALIEN'), ['Alien', 'Aliens']);
  assert.deepEqual(found('line thin'), ['The Thin Red Line']);
  assert.deepEqual(found('500 days'), ['(500) Days of Summer']);
  assert.deepEqual(found('ine'), []);
  assert.equal(found('').length, 5);
});

test('The search finds a director', () => {
  const film = toFilm(item('Alien', { director: ['Ridley Scott'] }));
  assert.deepEqual(search([film], 'ridley'), [film]);
});
