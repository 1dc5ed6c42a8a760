// A project that has installed the packed package, as a stranger's would.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export class Project {
  folder = mkdtempSync(join(tmpdir(), 'palate-package-'));

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
    writeFileSync(this.path('package.json'), '{ "private": true, "type": "module" }\n');
    npm(this.folder, 'install', '--offline', '--no-audit', '--no-fund', `./${filename}`);
    for (const name of ['plain', 'bundled', 'consumer.ts'])
      cpSync(here(name), this.path(name), { recursive: true });
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

  /** Builds bundled/ into its dist/; returns what the bundler warned of. */
  async bundle() {
    const warnings = [];
    const note = (message) => warnings.push(message);
    const quiet = { hasWarned: false, info() {}, clearScreen() {}, hasErrorLogged: () => false };
    await build({
      root: this.path('bundled'),
      configFile: false,
      logLevel: 'warn',
      customLogger: { ...quiet, warn: note, warnOnce: note, error: note },
    });
    return warnings;
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
