// A project that has installed the packed package, as a stranger's would. It lies in this folder, so
// that bundlers and React, installed once for all tests, are found from it.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export class Project {
  folder = mkdtempSync(here('project-'));
  /** The packed package. */
  tarball;

  constructor() {
    const [{ filename }] = JSON.parse(
      npm(
        here('../../js'),
        'pack',
        '--json',
        '--ignore-scripts',
        '--pack-destination',
        this.folder,
      ),
    );
    this.tarball = this.path(filename);
    writeFileSync(this.path('package.json'), '{ "private": true, "type": "module" }\n');
    npm(this.folder, 'install', '--offline', '--no-audit', '--no-fund', `./${filename}`);
    cpSync(here('fixtures'), this.folder, { recursive: true });
    writeFileSync(this.path('quick_start/main.ts'), quickStart('../../README.md'));
    appendFileSync(this.path('own_list/main.ts'), ownList());
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  /** The installed package's own description. */
  manifest() {
    return JSON.parse(readFileSync(this.path('node_modules/palate/package.json'), 'utf8'));
  }

  /** Runs a program under Node inside the project; returns what it prints. */
  node(...args) {
    return execFileSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8' });
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }
}

/** What the package's README shows of a page with a list of its own. */
function ownList() {
  return /```ts\n(show\(popular\);\n.*?)```/s.exec(
    readFileSync(here('../../js/README.md'), 'utf8'),
  )[1];
}

/** The first piece of code in a file of documentation. */
export function quickStart(path) {
  return /```ts\n(.*?)```/s.exec(readFileSync(here(path), 'utf8'))[1];
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
