// What the tabs with one profile open tell each other.

/** What another tab has done to the history in the store. */
export type Change =
  | { type: 'recorded' }
  | { type: 'forgotten'; item: string }
  | { type: 'erased' }
  | { type: 'paused'; paused: boolean }
  /** The visitor no longer agrees to it. */
  | { type: 'withdrawn' };

export class Tabs {
  #channel: BroadcastChannel | undefined;
  #onReturn: (event: { type: string; persisted?: boolean }) => void;

  /** `receive` is told of other tabs' changes; `missed`, that there may have been some untold. */
  constructor(name: string, receive: (change: Change) => void, missed: () => void) {
    this.#onReturn = ({ type, persisted }) => {
      if (type !== 'pageshow' || persisted) missed();
    };
    try {
      this.#channel = new BroadcastChannel(`palate/${name}`);
      this.#channel.onmessage = ({ data }: MessageEvent<Change>) => receive(data);
    } catch {
      // Firefox forbids it where it forbids to store: other tabs have nothing to tell then.
    }
    // A page that is frozen, or kept to go back to, hears nothing.
    for (const [target, type] of returns()) target.addEventListener(type, this.#onReturn);
  }

  tell(change: Change): void {
    this.#channel?.postMessage(change);
  }

  close(): void {
    this.#channel?.close();
    for (const [target, type] of returns()) target.removeEventListener(type, this.#onReturn);
  }
}

function returns(): readonly (readonly [EventTarget, string])[] {
  const { document } = globalThis;
  return document
    ? [
        [globalThis, 'pageshow'],
        [document, 'resume'],
      ]
    : [];
}
