// The built command line, and small made data to run it on.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.PALATE_BINARY ?? path.join(root, 'build/release/tools/palate/palate');

/** Runs `palate` to its end; never throws for an exit code. */
export function palate(...args) {
  const run = spawnSync(binary, args.map(String), { encoding: 'utf8' });
  if (run.error) throw run.error;
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Runs `palate` where it must succeed. */
export function ok(...args) {
  const run = palate(...args);
  if (run.code !== 0) throw new Error(`palate ${args.join(' ')}\nexit ${run.code}\n${run.err}`);
  return run;
}

/** Starts `palate` and returns the child process. */
export const start = (...args) => spawn(binary, args.map(String), { stdio: 'ignore' });

/** A folder that is gone when the test is over. */
export function scratch(context) {
  const folder = mkdtempSync(path.join(tmpdir(), 'palate-cli-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (name) => path.join(folder, name),
    write(name, text) {
      writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    },
    read: (name) => readFileSync(path.join(folder, name), 'utf8'),
    bytes: (name) => readFileSync(path.join(folder, name)),
  };
}

/** Draws numbers below `bound`, the same ones every time (Lehmer's generator, as MINSTD). */
export function generator() {
  let state = 1;
  return (bound) => {
    state = (state * 48271) % 2147483647;
    return state % bound;
  };
}

/** `user,item,rating,timestamp` of people with one of two tastes: the first 20 films or the last 20. */
export function ratings({ users = 60, perUser = 12, noise = 8 } = {}) {
  const draw = generator();
  const rows = ['user,item,rating,timestamp'];
  for (let user = 0; user < users; user += 1) {
    const seen = new Set();
    while (seen.size < perUser) {
      const taste = draw(noise) === 0 ? 1 - (user % 2) : user % 2;
      seen.add(101 + taste * 20 + draw(draw(2) === 0 ? 20 : 8));
    }
    let time = 1_500_000_000 + user;
    for (const item of seen) {
      const liked = (item > 120) === (user % 2 === 1);
      rows.push(`${user + 1},${item},${liked ? 3 + draw(3) : 1 + draw(2)},${(time += 3600)}`);
    }
  }
  return `${rows.join('\n')}\n`;
}

/** `item,title,genres,year` of the 40 films of `ratings`. */
export function films() {
  const rows = ['item,title,genres,year'];
  for (let item = 101; item <= 140; item += 1) {
    rows.push(`${item},"Film ${item}, the",${item <= 120 ? 'Drama|War' : 'Comedy'},${1850 + item}`);
  }
  return `${rows.join('\n')}\n`;
}

/** The rows of a CSV text without quotes, as objects. */
export function parseCsv(text) {
  const [header, ...rows] = text.trimEnd().split('\n').map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [header[at], cell])));
}
