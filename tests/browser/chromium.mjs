// Blink, by Chromium over its own protocol.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `args`: further flags of the command line. */
export async function launch({ args = [] } = {}) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    chromiumSandbox: process.getuid() !== 0,
    args: [...quiet, ...args],
  });
  return {
    async open(url) {
      const context = await browser.newContext();
      const requests = [];
      context.on('request', (request) =>
        requests.push({ method: request.method(), url: request.url() }),
      );
      const page = await context.newPage();
      await page.goto(url);
      return {
        evaluate: (work, argument) => page.evaluate(work, argument),
        requests: () => requests,
        reload: () => page.reload(),
        /** The protocol's own session, for what only Chromium can do. */
        protocol: () => context.newCDPSession(page),
        /** The memory of the page's process that no file stands behind, in bytes. */
        memory: () => memoryOf(browser),
        freeze: (duration) => freeze(browser, duration),
        close: () => context.close(),
      };
    },
    /** The processes that run pages, by their ids. */
    async renderers() {
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      await session.detach();
      return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    },
    close: () => browser.close(),
  };
}

async function rendererIds(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** All renderers together: one page at a time is measured. */
async function memoryOf(browser) {
  return (await rendererIds(browser))
    .map((id) => readFileSync(`/proc/${id}/status`, 'utf8'))
    .reduce((sum, status) => sum + 1024 * Number(/^RssAnon:\s+(\d+)/m.exec(status)[1]), 0);
}

/** Stops the page and its workers for a while, as a system does that sleeps. */
async function freeze(browser, duration) {
  const ids = await rendererIds(browser);
  for (const id of ids) process.kill(id, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, duration));
  for (const id of ids) process.kill(id, 'SIGCONT');
}
