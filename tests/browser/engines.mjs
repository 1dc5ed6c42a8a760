// The three browser engines behind one interface.
//
//   const browser = await engine.launch();
//   const page = await browser.open(url);             resolves when the page has loaded
//   await page.evaluate(async (argument) => …, argument)   JSON in, JSON out
//   page.requests()                                   { method, url } of each, as far as the driver tells
//   await page.close(); await browser.close();
import { launch as launchChromium } from './chromium.mjs';
import { launch as launchFirefox } from './firefox.mjs';
import { launch as launchWebKit } from './webkit.mjs';

export const engines = [
  { name: 'Chromium', launch: launchChromium },
  { name: 'Firefox', launch: launchFirefox },
  { name: 'WebKitGTK', launch: launchWebKit },
];
