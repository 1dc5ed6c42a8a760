// What a page loads of each library: scripts and wasm, as its cold start asked for them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { root } from './files.mjs';

// Brotli takes half a minute for the largest: sizes are remembered by content.
const memory = join(root, 'build/bench/page/sizes.json');

/** A row for each row of the cold start: the sums of its files' sizes. */
export async function measureBytes(origin, starts, { say }) {
  const known = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
  const rows = [];
  for (const { contender, requests } of starts) {
    const sizes = { raw: 0, gzip: 0, brotli: 0 };
    for (const url of new Set(requests.filter(isCode))) {
      say(`compressing ${url}`);
      const size = await sizesOf(await fetch(origin + url), known);
      for (const name in sizes) sizes[name] += size[name];
    }
    rows.push({ contender, ...sizes });
  }
  writeFileSync(memory, JSON.stringify(known));
  return rows;
}

const isCode = (url) => /\.(m?js|wasm)$/.test(url);

async function sizesOf(response, known) {
  const bytes = Buffer.from(await response.arrayBuffer());
  const digest = createHash('sha256').update(bytes).digest('hex');
  known[digest] ??= {
    raw: bytes.length,
    gzip: (await promisify(gzip)(bytes, { level: 9 })).length,
    brotli: (
      await promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
    ).length,
  };
  return known[digest];
}
