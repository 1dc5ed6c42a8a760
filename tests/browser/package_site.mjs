// The built package with the golden models behind a page, and a browser to visit it.
import { fileURLToPath } from 'node:url';
import { serve, strictPolicy } from './site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** With these a page is isolated from other origins. */
export const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Both until the test ends; `options` are the engine's, `headers` go with every file beside the policy. */
export async function openPackageSite(context, { launch }, options, headers = {}) {
  const mounts = {
    '/models/': here('../golden/'),
    '/palate/': here('../../js/dist/'),
    '/': here('page'),
  };
  const site = await serve(mounts, { 'content-security-policy': strictPolicy, ...headers });
  context.after(() => site.close());
  const browser = await launch(options);
  context.after(() => browser.close());
  return { site, browser };
}
