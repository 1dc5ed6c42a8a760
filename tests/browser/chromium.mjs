// Blink, by Chromium over its own protocol.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const options = {
  executablePath: '/usr/bin/chromium',
  headless: true,
  chromiumSandbox: process.getuid() !== 0,
  args: quiet,
};

/**
 * `args`: further flags of the command line. With `storage: 'blocked'`, a browser whose user forbids
 * sites to store anything.
 */
export async function launch({ args = [], storage } = {}) {
  if (storage === 'blocked') return launchBlocked();
  const browser = await chromium.launch({ ...options, args: [...quiet, ...args] });
  return {
    async open(url) {
      const context = await browser.newContext();
      const requests = [];
      context.on('request', (request) =>
        requests.push({ method: request.method(), url: request.url() }),
      );
      const tab = async (address) => {
        const page = await context.newPage();
        await page.goto(address);
        return {
          evaluate: (work, argument) => page.evaluate(work, argument),
          reload: () => page.reload(),
          /** The protocol's own session, for what only Chromium can do. */
          protocol: () => context.newCDPSession(page),
          close: () => page.close(),
        };
      };
      return {
        ...(await tab(url)),
        tab,
        requests: () => requests,
        /** The memory of the page's process that no file stands behind, in bytes. */
        memory: () => memoryOf(browser),
        freeze: (duration) => freeze(browser, duration),
        close: () => context.close(),
      };
    },
    /** A page that nobody looks into: the protocol would keep a copy of all that it fetches. */
    async openAlone(url) {
      const session = await browser.newBrowserCDPSession();
      await session.send('Target.createTarget', { url });
      await session.detach();
    },
    /** The processes that run pages, by their ids. */
    renderers: () => rendererIds(browser),
    /** Kills the processes of all tabs at once, and waits until the browser has seen it: else it may give a new tab to one. */
    async killTabs() {
      const killed = await rendererIds(browser);
      for (const id of killed) process.kill(id, 'SIGKILL');
      while ((await processIds(browser)).some((id) => killed.includes(id))) await sleep(5);
    },
    close: () => browser.close(),
  };
}

/** The setting is one of a user's own folder. */
async function launchBlocked() {
  const folder = mkdtempSync(join(tmpdir(), 'palate-chromium-'));
  mkdirSync(join(folder, 'Default'));
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(settings));
  const context = await chromium.launchPersistentContext(folder, options);
  return {
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return { evaluate: (work, argument) => page.evaluate(work, argument) };
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Of pages: the browser draws parts of its own window by renderers, too. */
async function rendererIds(browser) {
  return (await processIds(browser)).filter(isOfPage);
}

/** Not so of a process that ended since the browser was asked. */
function isOfPage(id) {
  const command = factsOf(id, 'cmdline');
  return command !== '' && !command.includes('--top-chrome');
}

/** What the system says of a process; nothing once it has ended. */
export function factsOf(id, name) {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  }
}

/** Of all renderers that the browser believes to live. */
async function processIds(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** All renderers together: one page at a time is measured. */
async function memoryOf(browser) {
  return (await rendererIds(browser))
    .map((id) => factsOf(id, 'status'))
    .reduce((sum, status) => sum + 1024 * Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0), 0);
}

/** Stops the page and its workers for a while, as a system does that sleeps. */
async function freeze(browser, duration) {
  const ids = await rendererIds(browser);
  for (const id of ids) process.kill(id, 'SIGSTOP');
  await sleep(duration);
  for (const id of ids) process.kill(id, 'SIGCONT');
}
