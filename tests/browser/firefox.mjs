// Gecko, by Firefox over WebDriver BiDi.
import { readFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

/** What a browser may be told about what pages store. */
const storagePreferences = {
  blocked: { 'network.cookie.cookieBehavior': 2 },
  private: { 'browser.privatebrowsing.autostart': true },
  small: { 'dom.quotaManager.temporaryStorage.fixedLimit': 500 },
};

export async function launch({ storage } = {}) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: storagePreferences[storage] ?? {},
  });
  return {
    async open(url) {
      const context = await browser.createBrowserContext();
      const requests = [];
      const tab = async (address) => {
        const page = await context.newPage();
        page.on('request', (request) =>
          requests.push({ method: request.method(), url: request.url() }),
        );
        await page.goto(address);
        return {
          evaluate: (work, argument) => page.evaluate(work, argument),
          reload: () => page.reload(),
          close: () => page.close(),
        };
      };
      const first = await tab(url);
      return { ...first, tab, requests: () => requests, close: () => context.close() };
    },
    /** Kills the processes of all tabs at once. */
    killTabs() {
      for (const id of tabProcesses(browser.process().pid)) process.kill(id, 'SIGKILL');
    },
    close: () => browser.close(),
  };
}

/** Firefox names the kind of a child process last in its command line. */
function tabProcesses(parent) {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8');
  return children
    .split(' ')
    .filter((id) => id !== '' && readFileSync(`/proc/${id}/cmdline`, 'utf8').endsWith('\0tab\0'))
    .map(Number);
}
