// Gecko, by Firefox over WebDriver BiDi.
import puppeteer from 'puppeteer-core';

export async function launch() {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
  });
  return {
    async open(url) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      const requests = [];
      page.on('request', (request) =>
        requests.push({ method: request.method(), url: request.url() }),
      );
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
