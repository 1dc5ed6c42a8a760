// The project's Next.js site, built and served as its own manual says.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { strictPolicy } from '../browser/site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const command = here('../node_modules/next/dist/bin/next');

export class NextServer {
  #process;
  origin;

  /** Builds the site; throws with what Next.js says where that fails. */
  static async start(project) {
    const cwd = project.path('next');
    mkdirSync(project.path('next/public'));
    copyFileSync(here('../golden/fold_in.palate'), project.path('next/public/fold_in.palate'));
    const env = {
      ...process.env,
      NEXT_TELEMETRY_DISABLED: '1',
      FIXTURE_POLICY: strictPolicy,
    };
    // Turbopack would put a script into the page itself, which a strict policy forbids.
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [command, 'build', '--webpack'],
      {
        cwd,
        env,
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`next build failed:\n${stdout}\n${stderr}`);
    const server = new NextServer();
    await server.#listen(cwd, env);
    return server;
  }

  async #listen(cwd, env) {
    this.#process = spawn(process.execPath, [command, 'start', '-H', '127.0.0.1', '-p', '0'], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true, // with the process that it starts, a group to end at once
    });
    // The server goes on talking: a closed pipe would end it.
    const { stdout } = this.#process;
    let said = '';
    for await (const text of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      said += text;
      const [origin] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said) ?? [];
      if (origin === undefined) continue;
      this.origin = origin;
      break;
    }
    stdout.resume();
    if (this.origin === undefined) throw new Error(`next start failed:\n${said}`);
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.on('exit', resolve));
    // Asked to end, it would first wait for connections that a browser keeps open.
    process.kill(-this.#process.pid, 'SIGKILL');
    await ended;
    this.#process.stdout.destroy();
  }
}
