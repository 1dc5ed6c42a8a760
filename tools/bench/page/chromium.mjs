// Chromium as the bench wants it: pages that nobody looks at are not slowed down.
import { launch } from '../../../tests/browser/chromium.mjs';

const args = [
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  // A process in reserve would be counted with the page's own.
  '--disable-features=SpareRendererForSitePerProcess',
];

export const launchChromium = () => launch({ args });
