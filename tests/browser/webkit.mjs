// WebKit, by WebKitGTK's MiniBrowser over WebDriver, on a display that nobody sees.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { WebDriver } from './webdriver.mjs';

const miniBrowser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

/** With `sharesMemory`, isolated pages share memory with their workers: under WebDriver they do not by themselves. */
export async function launch({ sharesMemory = false } = {}) {
  const port = await freePort();
  // A group of its own, so that the display ends with the driver.
  const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      ...(sharesMemory && { JSC_useSharedArrayBuffer: '1' }),
      ...(process.getuid() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }),
    },
  });
  const ended = new Promise((resolve, reject) => {
    driver.on('error', reject);
    driver.on('exit', resolve);
  });
  const session = await Promise.race([
    WebDriver.start(`http://127.0.0.1:${port}`, {
      'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
    }),
    ended.then(() => Promise.reject(new Error('xvfb-run or WebKitWebDriver does not start'))),
  ]);
  // Stays open: without any window the session could open no other.
  const first = await session.window();
  return {
    async open(url) {
      const window = await session.openWindow();
      await session.open(url);
      await session.evaluate(loaded);
      return {
        async evaluate(work, argument) {
          await session.enter(window);
          return session.evaluate(work, argument);
        },
        async reload() {
          await session.enter(window);
          await session.open(url);
          await session.evaluate(loaded);
        },
        /** The protocol tells nothing of requests: the site's own record has to do. */
        requests: () => [],
        async close() {
          await session.enter(window);
          await session.closeWindow();
          await session.enter(first);
        },
      };
    },
    async close() {
      await session.close();
      process.kill(-driver.pid);
      await ended;
    },
  };
}

/** Runs in the page: the driver may answer before the page's module scripts have run. */
async function loaded() {
  if (document.readyState !== 'complete')
    await new Promise((resolve) => addEventListener('load', resolve));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
