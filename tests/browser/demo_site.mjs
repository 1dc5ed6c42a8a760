// The demo as a visitor gets it, over a small model: 40 films, half of them war dramas and half comedies.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { films, ok, ratings } from '../cli/palate.mjs';
import { serve } from './site.mjs';

const demo = fileURLToPath(new URL('../../demo', import.meta.url));

/** Builds and serves it; `close` ends the server and removes the files. */
export async function serveDemo() {
  const folder = await mkdtemp(join(tmpdir(), 'palate-demo-'));
  const site = join(folder, 'site');
  await build({
    root: demo,
    publicDir: false,
    logLevel: 'error',
    build: { outDir: site, emptyOutDir: true },
  });
  await writeFile(join(folder, 'ratings.csv'), ratings());
  await writeFile(join(folder, 'films.csv'), films());
  ok(
    'train',
    ...['--interactions', join(folder, 'ratings.csv'), '--items', join(folder, 'films.csv')],
    ...['--recipe', 'ials', '--set', 'ials.dimension=8', '--output', join(site, 'model.palate')],
  );
  await writeFile(join(site, 'model.json'), '{ "source": "simulated" }');
  const server = await serve({ '/': site });
  return {
    ...server,
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}
