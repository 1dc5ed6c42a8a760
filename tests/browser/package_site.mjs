// The built package with the golden models behind a page, and a browser to visit it.
import { fileURLToPath } from 'node:url';
import { serve } from './site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Both until the test ends; `options` are the engine's. */
export async function openPackageSite(context, { launch }, options) {
  const site = await serve({
    '/models/': here('../golden/'),
    '/palate/': here('../../js/dist/'),
    '/': here('page'),
  });
  context.after(() => site.close());
  const browser = await launch(options);
  context.after(() => browser.close());
  return { site, browser };
}
