// What only a page can have in the way of loading, its policy and missing scripts: each engine gives
// the whole message, which names the address, what came, and what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { engines } from './engines.mjs';
import { serve, strictPolicy } from './site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** A page's policy with another directive in the place of one. */
const policyWith = (before, after) => {
  assert.ok(strictPolicy.includes(before));
  return strictPolicy.replace(before, after);
};

const cases = [
  {
    what: 'A policy without wasm',
    policy: policyWith("'self' 'wasm-unsafe-eval'", "'self'"),
    code: 'runtime/load',
    message:
      /^(http.*\/palate\/palate-\w+\.wasm cannot be compiled|the runtime does not start): .+ does script-src allow 'wasm-unsafe-eval'\?$/s,
  },
  {
    what: 'A policy without requests',
    policy: policyWith("connect-src 'self'", "connect-src 'none'"),
    code: 'fetch/network',
    message:
      /^GET \/models\/fold_in\.palate failed: .+: is there a network, and do the page's policy and CORS allow it\?$/s,
  },
  {
    what: 'A policy without workers',
    policy: policyWith("worker-src 'self'", "worker-src 'none'"),
    options: { worker: true },
    code: 'worker/failed',
    message:
      /^the worker .*: (is worker\.js deployed, and allowed by worker-src\?|load without worker)$/s,
  },
  {
    what: "A worker's script that is missing",
    policy: strictPolicy,
    options: { worker: '/missing.js' },
    code: 'worker/failed',
    message:
      /^the worker failed: its script cannot be loaded: is worker\.js deployed, and allowed by worker-src\?$/,
  },
];

for (const engine of engines) {
  test(engine.name, async (context) => {
    const browser = await engine.launch();
    context.after(() => browser.close());
    for (const { what, policy, options = {}, code, message } of cases) {
      await context.test(`${what} is told`, async (context) => {
        const site = await serve(
          {
            '/models/': here('../golden/'),
            '/palate/': here('../../js/dist/'),
            '/': here('page'),
          },
          { 'content-security-policy': policy },
        );
        context.after(() => site.close());
        const page = await browser.open(`${site.origin}/`);
        const error = await page.evaluate(loadError, options);
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
      });
    }
  });
}

// This runs in the page.

async function loadError(options) {
  try {
    (await Palate.load('/models/fold_in.palate', options)).dispose();
  } catch ({ code, message }) {
    return { code, message };
  }
  return { message: 'no error' };
}
