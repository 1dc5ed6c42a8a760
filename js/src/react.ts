'use client';
/**
 * Palate for React: a provider that loads the model once, and hooks that keep lists up to date.
 *
 * ```tsx
 * <PalateProvider source="/model.palate">
 *   <Picks />
 * </PalateProvider>;
 *
 * function Picks() {
 *   const { picks } = useRecommendations({ count: 10, fallback: popular });
 *   return <ol>{picks.map(({ item, title }) => <li key={item}>{title}</li>)}</ol>;
 * }
 * ```
 *
 * @module
 */
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import { Doorway } from './doorway.js';
import {
  type EventInput,
  type ItemId,
  type LoadOptions,
  type ModelSource,
  Palate,
  type PalateError,
  type Recommendation,
  type RecommendOptions,
} from './palate.js';

/** How far loading has come. */
export type PalateStatus = 'loading' | 'ready' | 'failed';

/** What {@link PalateProvider} takes. */
export interface PalateProviderProps {
  /** The model; another one is loaded when it changes. */
  source: ModelSource;
  /** As for `Palate.load`; read when loading starts. */
  options?: Omit<LoadOptions, 'signal'> | undefined;
  /** The components that use the model. */
  children?: ReactNode;
}

/** What {@link usePalate} gives. */
export interface PalateContext {
  /** How far loading has come. */
  status: PalateStatus;
  /** The open model, once `status` is `ready`. */
  palate: Palate | undefined;
  /** Why it failed, where `status` is `failed`. */
  error: PalateError | undefined;
  /** Records an event, as soon as the model is there, and brings all lists up to date. */
  record(event: EventInput): Promise<boolean>;
  /** Forgets an item, as soon as the model is there, and brings all lists up to date. */
  forget(item: ItemId): Promise<number>;
  /** Brings all lists up to date after something was done through `palate` itself. */
  refresh(): void;
}

/** What to recommend, and what to show instead. */
export interface UseRecommendationsOptions<Fallback> extends RecommendOptions {
  /** The page's own list, shown until the model is there, and where loading fails. */
  fallback?: readonly Fallback[] | undefined;
}

/** What {@link useRecommendations} gives. */
export interface Recommendations<Fallback> extends PalateContext {
  /** The best items, best first; the fallback while there are none. */
  picks: readonly (Recommendation | Fallback)[];
}

interface Shared extends PalateContext {
  /** Counts what may have changed the lists. */
  version: number;
}

const Context = createContext<Shared | undefined>(undefined);

type Loaded = Pick<PalateContext, 'status' | 'palate' | 'error'>;
const loading: Loaded = { status: 'loading', palate: undefined, error: undefined };

/** Loads a model for the components inside it. On the server it renders them and loads nothing. */
export function PalateProvider({ source, options, children }: PalateProviderProps): ReactElement {
  const [loaded, setLoaded] = useState(loading);
  const [version, refresh] = useReducer((count: number) => count + 1, 0);
  const [doorway] = useState(() => new Doorway());
  const newest = useRef(options);
  newest.current = options;

  useEffect(() => {
    const abort = new AbortController();
    let palate: Palate | undefined;
    Palate.load(source, { ...newest.current, signal: abort.signal }).then(
      (opened) => {
        if (abort.signal.aborted) return opened.dispose();
        palate = opened;
        palate.watch(refresh);
        doorway.open(opened);
        setLoaded({ status: 'ready', palate, error: undefined });
      },
      (error: PalateError) => {
        if (abort.signal.aborted) return;
        doorway.fail(error);
        setLoaded({ status: 'failed', palate: undefined, error });
      },
    );
    return () => {
      abort.abort();
      palate?.dispose();
      doorway.close();
      setLoaded(loading);
    };
  }, [source, doorway]);

  const value = useMemo<Shared>(() => {
    const change = async <T>(work: (palate: Palate) => Promise<T>): Promise<T> => {
      const result = await work(await doorway.pass());
      refresh();
      return result;
    };
    return {
      ...loaded,
      version,
      refresh,
      record: (event) => change((palate) => palate.record(event)),
      forget: (item) => change((palate) => palate.forget(item)),
    };
  }, [loaded, version, doorway]);
  return createElement(Context.Provider, { value }, children);
}

/** The model of the nearest {@link PalateProvider}, and what can be done to it. */
export function usePalate(): PalateContext {
  return useShared();
}

/**
 * A list for this visitor that follows every event recorded through the provider, what other tabs
 * do to the history, and updates of the model.
 */
export function useRecommendations<Fallback = never>(
  options: UseRecommendationsOptions<Fallback> = {},
): Recommendations<Fallback> {
  const { fallback, ...request } = options;
  const { version, ...shared } = useShared();
  const { palate } = shared;
  const [listed, setListed] = useState<{ from: Palate; picks: readonly Recommendation[] }>();
  const [thrown, setThrown] = useState<{ error: unknown }>();
  // A request written in place is another object at each rendering.
  const key = JSON.stringify(request);

  useEffect(() => {
    if (palate === undefined) return;
    let isWanted = true;
    palate.recommend(JSON.parse(key)).then(
      (picks) =>
        isWanted &&
        setListed((before) =>
          // The same list again is no news to what follows it.
          before?.from === palate && JSON.stringify(before.picks) === JSON.stringify(picks)
            ? before
            : { from: palate, picks },
        ),
      (error) => isWanted && setThrown({ error }),
    );
    return () => void (isWanted = false);
  }, [palate, version, key]);

  // A wrong request is the page's mistake: to the nearest error boundary with it.
  if (thrown !== undefined) throw thrown.error;
  const picks = listed !== undefined && listed.from === palate ? listed.picks : (fallback ?? []);
  return { ...shared, picks };
}

function useShared(): Shared {
  const shared = useContext(Context);
  if (shared === undefined) throw new Error('a component that uses Palate needs <PalateProvider>');
  return shared;
}
