// Models kept in Cache Storage: checked at each hit, compared with the server's in the background.
import { get, readResponse } from './download.js';
import { PalateError, reasonOf } from './errors.js';
import { named, readModelFile } from './model_file.js';
import { type FileKind, modelFile, statedChecksum } from './model_head.js';
import type { OpenPlace, Place } from './place.js';
import type { LoadOptions, ModelFacts, ModelSource } from './types.js';

const cacheName = 'palate';

type Bytes = Uint8Array<ArrayBuffer>;

/** Opens the model that is kept from an earlier visit, or else downloads it and keeps it. */
export async function openThroughCache(
  source: ModelSource,
  options: LoadOptions,
  open: OpenPlace,
): Promise<Place> {
  const kept = new KeptModel(addressOf(source), options);
  return (await kept.open(open)) ?? kept.openFresh(open);
}

class KeptModel {
  #url: string;
  #options: LoadOptions;
  /** A sound model, it seems, that is not the pinned one: a delta may begin with it. */
  #outdated: Bytes | undefined;

  constructor(url: string, options: LoadOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** `undefined` where there is none, or none that is any good. */
  async open(open: OpenPlace): Promise<Place | undefined> {
    const { integrity, signal, onCache } = this.#options;
    let bytes: Bytes | undefined;
    try {
      bytes = await this.#read();
      if (bytes === undefined) return undefined;
      const checksum = statedChecksum(bytes);
      const place = await open(() => readModelFile(bytes!, { integrity, signal }));
      onCache?.({ state: 'hit' });
      // What was pinned and has the right digest cannot be out of date.
      if (integrity === undefined) void this.#revalidate(place, checksum);
      return place;
    } catch (thrown) {
      const isFileAtFault = thrown instanceof PalateError && /^(model|fetch)\//.test(thrown.code);
      if (!isFileAtFault) throw thrown;
      if (thrown.code === 'fetch/integrity') this.#outdated = bytes;
      await this.#drop(thrown);
      return undefined;
    }
  }

  async openFresh(open: OpenPlace): Promise<Place> {
    let store = async () => {};
    const place = await open(async (room) => {
      const options = { ...this.#options, room };
      const bytes = (await this.#pinned()) ?? (await readModelFile(this.#url, options));
      store = this.#storing(bytes);
      return bytes;
    });
    // Only now is the file known to be good.
    void store().then(
      () => this.#options.onCache?.({ state: 'stored' }),
      (thrown) => this.#unavailable(thrown),
    );
    return place;
  }

  /** The pinned model, by its delta from the one that was kept. */
  async #pinned(): Promise<Bytes | undefined> {
    const base = this.#outdated;
    if (base === undefined || this.#options.delta === undefined) return undefined;
    const { byDelta } = await import('./delta.js');
    return byDelta(base, this.#options, async (model) => model);
  }

  /** Asks the server for a newer model; where it has one, swaps it in and keeps it. */
  async #revalidate(place: Place, checksum: string): Promise<void> {
    const { onCache } = this.#options;
    const unchanged = new Error();
    let store = async () => {};
    const put = (bytes: Bytes) => {
      store = this.#storing(bytes);
      return named(this.#url, place.models.replace(bytes));
    };
    try {
      const model = await this.#newer(place, checksum, unchanged, put);
      await store().catch((thrown) => this.#unavailable(thrown));
      onCache?.({ state: 'updated', model });
    } catch (thrown) {
      if (place.isDisposed) return;
      if (thrown === unchanged) onCache?.({ state: 'current' });
      else onCache?.({ state: 'stale', error: thrown as PalateError });
    }
  }

  /** Throws `unchanged` at the first bytes of the model that `checksum` says is there: the rest is saved. */
  async #newer(
    place: Place,
    checksum: string,
    unchanged: Error,
    put: (bytes: Bytes) => Promise<ModelFacts>,
  ): Promise<ModelFacts> {
    const { delta, onDelta, maxBytes } = this.#options;
    let wanted: string | undefined;
    const options = {
      maxBytes,
      onProgress: () => {
        if (place.isDisposed) throw unchanged;
      },
    };
    const whole = async (kind: FileKind) => {
      // The browser's own cache asks with what it knows of the file, and may save all of it.
      const response = await get(this.#url, undefined, { cache: 'no-cache' });
      return put(await readResponse(response, options, kind));
    };
    const changedFile: FileKind = {
      ...modelFile,
      check(head, origin) {
        const length = modelFile.check(head, origin);
        const stated = statedChecksum(head);
        if (stated === checksum) throw unchanged;
        if (delta === undefined) return length;
        wanted = stated;
        throw unchanged;
      },
    };
    try {
      return await whole(changedFile);
    } catch (thrown) {
      if (thrown !== unchanged || wanted === undefined) throw thrown;
    }
    const { byDelta } = await import('./delta.js');
    const base = await place.models.file();
    return (await byDelta(base, { ...options, delta, onDelta }, put, wanted)) ?? whole(modelFile);
  }

  async #read(): Promise<Bytes | undefined> {
    try {
      const response = await (await caches.open(cacheName)).match(this.#url);
      return response && new Uint8Array(await response.arrayBuffer());
    } catch {
      // No Cache Storage here: storing will say so.
      return undefined;
    }
  }

  /** Copies the bytes, which may be handed to the worker, at once; the result writes them. */
  #storing(bytes: Bytes): () => Promise<void> {
    const body = new Blob([bytes]);
    return async () => (await caches.open(cacheName)).put(this.#url, new Response(body));
  }

  async #drop(error: PalateError): Promise<void> {
    await (await caches.open(cacheName)).delete(this.#url);
    this.#options.onCache?.({ state: 'dropped', error });
  }

  #unavailable(cause: unknown): void {
    const message = `${this.#url} is not kept: ${reasonOf(cause)}: it will be downloaded again`;
    const error = new PalateError('cache/unavailable', message, { cause });
    this.#options.onCache?.({ state: 'unavailable', error });
  }
}

function addressOf(source: ModelSource): string {
  if (typeof source === 'string' || source instanceof URL) {
    return new URL(source, globalThis.document?.baseURI).href;
  }
  throw new PalateError('request/invalid', 'with cache, source must be an address');
}
