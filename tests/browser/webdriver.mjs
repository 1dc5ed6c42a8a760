// A small client of the WebDriver protocol: one session of one driver.

export class WebDriver {
  #session;

  /** `address` of a driver that is starting; waits until it answers, at most ten seconds. */
  static async start(address, capabilities) {
    for (let attempt = 0; ; ++attempt) {
      try {
        const { sessionId } = await call('POST', `${address}/session`, {
          capabilities: { alwaysMatch: capabilities },
        });
        return new WebDriver(`${address}/session/${sessionId}`);
      } catch (error) {
        const isStarting = error.cause?.code === 'ECONNREFUSED';
        if (!isStarting || attempt === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  constructor(session) {
    this.#session = session;
  }

  /** The handle of the window that is worked in. */
  window() {
    return call('GET', `${this.#session}/window`);
  }

  /** Opens a window and works in it; resolves to its handle. */
  async openWindow() {
    const { handle } = await call('POST', `${this.#session}/window/new`, { type: 'window' });
    await this.enter(handle);
    return handle;
  }

  /** What is asked from now on is asked in this window. */
  enter(handle) {
    return call('POST', `${this.#session}/window`, { handle });
  }

  /** Closes the window that is worked in: another one has to be entered then. */
  closeWindow() {
    return call('DELETE', `${this.#session}/window`);
  }

  /** Resolves when the page has loaded, its module scripts included. */
  open(url) {
    return call('POST', `${this.#session}/url`, { url });
  }

  /** Runs a function in the page; what it takes and what it resolves to must be JSON. */
  async evaluate(work, argument) {
    const script = `const done = arguments[1];
      Promise.resolve(arguments[0]).then(${work}).then(
        (value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`;
    await call('POST', `${this.#session}/timeouts`, { script: 120_000 });
    const { value, error } = await call('POST', `${this.#session}/execute/async`, {
      script,
      args: [argument ?? null],
    });
    if (error !== undefined) throw new Error(error);
    return value;
  }

  close() {
    return call('DELETE', this.#session);
  }
}

async function call(method, url, body) {
  const response = await fetch(url, { method, body: JSON.stringify(body) ?? null });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}
