// The truth about the network, as the browser itself recorded it.
import { make } from './dom.ts';
import { bytes, plural } from './format.ts';

type Entry = PerformanceResourceTiming;

/** Keeps two lines of the page up to date: what was loaded, and what has moved since `start`. */
export function showTraffic(loaded: HTMLElement, sent: HTMLElement, modelUrl: string): void {
  const start = performance.now();
  const seen: Entry[] = [...(performance.getEntriesByType('navigation') as Entry[])];
  new PerformanceObserver((list) => {
    seen.push(...(list.getEntries() as Entry[]));
    loaded.replaceChildren(
      ...describeLoaded(
        seen.filter((entry) => entry.startTime <= start),
        modelUrl,
      ),
    );
    sent.replaceChildren(...describeSince(seen.filter((entry) => entry.startTime > start)));
  }).observe({ type: 'resource', buffered: true });
}

function describeLoaded(entries: readonly Entry[], modelUrl: string): Node[] {
  const total = (some: readonly Entry[]): number =>
    some.reduce((sum, entry) => sum + entry.encodedBodySize, 0);
  const all = total(entries);
  const model = total(entries.filter((entry) => entry.name === modelUrl));
  const wasm = total(entries.filter((entry) => entry.name.endsWith('.wasm')));
  const rest = bytes(all - model - wasm);
  return fact(
    bytes(all),
    `model ${bytes(model)}, WebAssembly ${bytes(wasm)}, page and script ${rest}`,
  );
}

function describeSince(entries: readonly Entry[]): Node[] {
  const last = entries.at(-1);
  if (!last) return fact('0 bytes', 'no request has left this page since it was ready');
  return fact(plural(entries.length, 'request'), `the last to ${last.name}`);
}

const fact = (figure: string, detail: string): Node[] => [
  make('strong', {}, figure),
  make('span', {}, detail),
];
