// How the demo is built: any folder can serve it, and nothing is inlined, as its policy refuses that.
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  appType: 'mpa', // a file that is not there is a 404, never the page
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
