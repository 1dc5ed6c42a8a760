// The same work by the native runtime: one request at a time, two, and each shared out among two threads.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { folder, root } from './files.mjs';
import { palateFiles } from './contenders.mjs';

const program = join(root, 'build/release/tools/bench/page_native');

export function measureNatively(milliseconds, { say }) {
  return palateFiles()
    .filter(({ ranksOnly }) => !ranksOnly)
    .flatMap(({ suffix, ...files }) => {
      say(`native, ${files.precision}`);
      const lines = execFileSync(program, [folder, suffix, String(milliseconds)], {
        encoding: 'utf8',
      });
      return lines
        .trim()
        .split('\n')
        .map((line) => ({ ...files, ...JSON.parse(line) }));
    });
}
