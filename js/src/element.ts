/**
 * `<palate-feed>`, a list of recommendations as an element of the page.
 *
 * ```html
 * <palate-feed src="/model.palate" count="10" href="/films/{item}">
 *   <ol><li>The page's own list, until the model is there and where loading fails</li></ol>
 * </palate-feed>
 * ```
 *
 * Importing this module defines the element; on a server it does nothing.
 *
 * @module
 */
import { Doorway } from './doorway.js';
import { listElement, styleSheet } from './feed_list.js';
import {
  type EventInput,
  type LoadOptions,
  Palate,
  type PalateError,
  type Recommendation,
} from './palate.js';

/** What the events of a {@link PalateFeed} carry in `detail`. */
export interface PalateFeedEvents {
  /** The list was put up or has changed. */
  'palate-list': CustomEvent<{ picks: readonly Recommendation[] }>;
  /** A pick was followed; unless this is prevented, it is recorded as a view. */
  'palate-pick': CustomEvent<{ pick: Recommendation }>;
  /** The model could not be loaded, or the list not be made: the page's own list stays. */
  'palate-error': CustomEvent<{ error: PalateError }>;
}

/** On a server there are no elements: the class is there to be imported, not to be used. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * Shows what it contains until the list is there, which then follows what is recorded through the
 * element, what other tabs do to the history, and updates of the model. Attributes: `src` (the model), `count`, `href` (a
 * link, in which `{item}` stands for the id), `reason` (a sentence, in which `{title}` stands for
 * the item that speaks most for a pick), `worker`, `cache`, `delta`, `integrity`. The element states in its
 * own attribute `state` how far it is: `loading`, `ready` or `failed`.
 *
 * Parts to style with `::part()`: `list`, `item`, `link`, `title`, `reason`. Custom properties:
 * `--palate-columns`, `--palate-gap`, `--palate-reason-color`.
 */
export class PalateFeed extends Base {
  /** Attributes whose changes take effect at once. */
  static readonly observedAttributes = ['src', 'count', 'href', 'reason', 'integrity'];

  #palate: Palate | undefined;
  #doorway = new Doorway();
  /** Whether the element loaded the model itself and so disposes of it. */
  #isOwn = false;
  #loading: AbortController | undefined;
  #request = 0;
  #unwatch: (() => void) | undefined;

  /** The open model. Setting one that the page has loaded, to share it, takes the place of `src`. */
  get palate(): Palate | undefined {
    return this.#palate;
  }

  set palate(palate: Palate | undefined) {
    this.#close();
    if (palate !== undefined) this.#open(palate);
  }

  /** Records an event, as soon as the model is there, and brings the list up to date. */
  async record(event: EventInput): Promise<boolean> {
    const palate = await this.#doorway.pass();
    const isKnown = await palate.record(event);
    await this.refresh();
    return isKnown;
  }

  /** Brings the list up to date after something was done through `palate` itself. */
  async refresh(): Promise<void> {
    const palate = this.#palate;
    if (palate === undefined) return;
    const request = ++this.#request;
    try {
      const count = this.hasAttribute('count') ? Number(this.getAttribute('count')) : undefined;
      const reasons = this.hasAttribute('reason') ? 1 : 0;
      const picks = await palate.recommend({ count, reasons });
      if (request === this.#request) this.#show(picks);
    } catch (error) {
      if (request === this.#request) this.#fail(error as PalateError);
    }
  }

  /** @internal */
  connectedCallback(): void {
    if (this.#palate !== undefined) this.#watch(this.#palate);
    else if (this.#loading === undefined) void this.#load();
  }

  /** @internal */
  disconnectedCallback(): void {
    // An element that is moved in the page is out of it for a moment.
    queueMicrotask(() => {
      if (this.isConnected) return;
      if (this.#isOwn || this.#loading !== undefined) this.#close();
      else this.#unwatch?.();
    });
  }

  /** @internal */
  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name !== 'src' && name !== 'integrity') void this.refresh();
    else if (this.#isOwn || this.#palate === undefined) {
      this.#close();
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    const source = this.getAttribute('src');
    if (source === null) return;
    const loading = (this.#loading = new AbortController());
    this.setAttribute('state', 'loading');
    try {
      const palate = await Palate.load(source, this.#loadOptions(loading.signal));
      if (loading.signal.aborted) return palate.dispose();
      this.#isOwn = true;
      this.#open(palate);
    } catch (error) {
      if (loading.signal.aborted) return;
      this.#doorway.fail(error as PalateError);
      this.#fail(error as PalateError);
    }
  }

  #open(palate: Palate): void {
    this.#palate = palate;
    this.#loading = undefined;
    this.#doorway.open(palate);
    if (this.isConnected) this.#watch(palate);
  }

  /** An element that is out of the page is not told: a shared model outlives it. */
  #watch(palate: Palate): void {
    this.#unwatch?.();
    this.#unwatch = palate.watch(() => void this.refresh());
    void this.refresh();
  }

  #loadOptions(signal: AbortSignal): LoadOptions {
    return {
      signal,
      worker: this.hasAttribute('worker'),
      cache: this.hasAttribute('cache'),
      integrity: this.getAttribute('integrity') ?? undefined,
      delta: this.getAttribute('delta') ?? undefined,
    };
  }

  #close(): void {
    this.#loading?.abort();
    this.#loading = undefined;
    ++this.#request;
    this.#unwatch?.();
    if (this.#isOwn) this.#palate?.dispose();
    this.#palate = undefined;
    this.#isOwn = false;
    this.#doorway.close();
  }

  #show(picks: readonly Recommendation[]): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styleSheet()];
    root.replaceChildren(
      listElement(picks, {
        href: this.getAttribute('href'),
        reason: this.getAttribute('reason'),
        follow: (pick) => this.#follow(pick),
      }),
    );
    this.setAttribute('state', 'ready');
    this.#tell('palate-list', { picks });
  }

  #follow(pick: Recommendation): void {
    if (this.#tell('palate-pick', { pick })) void this.record({ item: pick.item, type: 'view' });
  }

  #fail(error: PalateError): void {
    this.shadowRoot?.replaceChildren(document.createElement('slot'));
    this.setAttribute('state', 'failed');
    this.#tell('palate-error', { error });
  }

  #tell(name: keyof PalateFeedEvents, detail: object): boolean {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
    );
  }
}

// Another version of the package on this page may have been first.
if (globalThis.customElements?.get('palate-feed') === undefined) {
  globalThis.customElements?.define('palate-feed', PalateFeed);
}

declare global {
  interface HTMLElementTagNameMap {
    'palate-feed': PalateFeed;
  }
  interface HTMLElementEventMap extends PalateFeedEvents {}
}
