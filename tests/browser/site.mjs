// A site for tests: serves folders, by default under a strict Content-Security-Policy, and notes every request.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
].join('; ');

const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.palate': 'application/octet-stream',
};

/**
 * Serves `mounts`, an object of folders by address ('/' last), on a free port of this machine.
 * A wrong address gets a page with status 404, as real servers do.
 */
export async function serve(mounts, headers = { 'content-security-policy': strictPolicy }) {
  const requests = [];
  const answers = new Map();
  const server = createServer(async (request, response) => {
    requests.push({ method: request.method, url: request.url });
    const answer = answers.get(request.url);
    if (answer?.isSilent) return;
    if (answer !== undefined) {
      response.writeHead(answer.status ?? 200, { 'cache-control': 'no-store' }).end(answer.body);
      return;
    }
    const path = fileOf(mounts, new URL(request.url, 'http://localhost').pathname);
    const file = path === undefined ? undefined : await readFile(path).catch(() => undefined);
    const body = file ?? Buffer.from('<!doctype html><title>Not found</title>');
    const type = file === undefined ? contentTypes['.html'] : contentTypes[extname(path)];
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': type ?? 'application/octet-stream',
      'content-length': body.length,
      'cache-control': 'no-store',
      ...headers,
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** Requests so far, as { method, url }: whoever made them, worker and page alike. */
    requests,
    /** What is answered instead of a file, as { status, body } by address, or nothing: { isSilent: true }. */
    answers,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function fileOf(mounts, address) {
  const path = normalize(decodeURIComponent(address));
  for (const [prefix, folder] of Object.entries(mounts)) {
    if (!path.startsWith(prefix)) continue;
    const rest = path.slice(prefix.length);
    return join(folder, rest === '' ? 'index.html' : rest);
  }
  return undefined;
}
