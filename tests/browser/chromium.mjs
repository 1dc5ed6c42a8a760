// Blink, by Chromium over its own protocol.
import { chromium } from 'playwright-core';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launch() {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    chromiumSandbox: process.getuid() !== 0,
    args: quiet,
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
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
