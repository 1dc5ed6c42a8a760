// Turns the film facts of npm's vega-datasets into an items file for palate.
//
//   node tools/demo_data.mjs movies.json films.csv
import { readFileSync, writeFileSync } from 'node:fs';

const newest = 2012; // the facts end here: a later year had two digits once, and means the century before

// Some titles were read in the Mac's character set though they were written in Windows': AmÈlie is Amélie.
const misread = {
  '·': 'á',
  '‡': 'à',
  '‰': 'ä',
  Ë: 'è',
  È: 'é',
  Í: 'ê',
  Î: 'ë',
  Û: 'ó',
  Ù: 'ô',
  '˘': 'ù',
  Ω: '½',
  Ö: '…',
};

const columns = {
  title: titleOf,
  genre: (film) => film['Major Genre'],
  creative_type: (film) => film['Creative Type'],
  director: (film) => film.Director,
  year: yearOf,
  source: (film) => film.Source,
  rating: (film) => film['IMDB Rating'],
  votes: (film) => film['IMDB Votes'],
};

function titleOf(film) {
  return String(film.Title ?? '(untitled)').replace(
    /[^\0-\x7f]/g,
    (letter) => misread[letter] ?? letter,
  );
}

function yearOf(film) {
  const year = Number(film['Release Date'].slice(-4));
  return year > newest ? year - 100 : year;
}

/** An id that people can type, as "alien-1979"; films of one title and year are numbered. */
function idsOf(films) {
  const used = new Map();
  return films.map((film) => {
    const plain = titleOf(film)
      .normalize('NFD')
      .toLowerCase()
      .replace(/[\p{Mark}'’]/gu, '');
    const id = [...(plain.match(/[a-z0-9]+/g) ?? []), yearOf(film)].join('-');
    const times = (used.get(id) ?? 0) + 1;
    used.set(id, times);
    return times === 1 ? id : `${id}-${times}`;
  });
}

function toCell(value) {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const [input, output] = process.argv.slice(2);
const films = JSON.parse(readFileSync(input, 'utf8'));
const ids = idsOf(films);
const rows = films.map((film, index) => [
  ids[index],
  ...Object.values(columns).map((read) => read(film)),
]);
const lines = [['item', ...Object.keys(columns)], ...rows].map((row) => row.map(toCell).join(','));
writeFileSync(output, `${lines.join('\n')}\n`);
