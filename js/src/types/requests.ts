// What is asked for.
import type { AdjustmentInput } from './profile.js';

/** An item's id, as it stood in the interaction log: `318` and `'318'` are one item. */
export type ItemId = string | number;

/**
 * Which items may be listed. What is left out is left out within the search, so a list is as long as
 * if the catalogue held nothing else. Ids that the model does not know are passed over.
 */
export interface FilterOptions {
  /** Never these. */
  exclude?: readonly ItemId[] | undefined;
  /** None but these. */
  only?: readonly ItemId[] | undefined;
  /**
   * Items whose attributes are so, all of them: a category or a number, several of which one will
   * do, or a range of numbers, as in `{ genre: ['War', 'Drama'], year: { min: 1990 } }`. A missing
   * value will not do. Attributes that the model lacks are refused.
   */
  where?:
    | Readonly<Record<string, string | number | readonly (string | number)[] | NumberRange>>
    | undefined;
  /**
   * Whether to look at every item, also where the model has an index, by which a list may miss some
   * that belong to it. Lists with `only` or `where` are exact anyway. Default: false.
   */
  exact?: boolean | undefined;
}

/** Both ends belong to it; one that is left out is open. */
export interface NumberRange {
  /** The smallest number. */
  min?: number | undefined;
  /** The largest. */
  max?: number | undefined;
}

/** What the page knows of the visit. */
export interface VisitOptions {
  /**
   * For a model whose ranker reads it (`palate.model.context` lists the columns), as in
   * `{ device: 'phone', hour: 20 }`: a number, or a category or several. It holds for this call alone,
   * is never kept and never leaves the page. What is left out, `null`, `undefined`, an empty text and a
   * category that the model does not know count as unknown; a name that it does not know is refused.
   */
  context?: Features | undefined;
}

/** What to recommend. */
export interface RecommendOptions extends FilterOptions, VisitOptions {
  /** How many items at most. Default: 10. */
  count?: number | undefined;
  /** Leave out the items of the history. Default: true. */
  excludeSeen?: boolean | undefined;
  /** How many reasons a pick at most; with 0 no time is spent on them. Default: 3. */
  reasons?: number | undefined;
  /** What the list would be with these adjustments too. Nothing of them is kept. */
  adjust?: readonly AdjustmentInput[] | undefined;
  /**
   * These come first, in this order, whatever the filter says, unless `exclude` names them or the
   * visitor dislikes them. They count for all that follows.
   */
  pin?: readonly ItemId[] | undefined;
  /** At most so many items of any one category: `{ director: 2 }`. */
  atMost?: Readonly<Record<string, number>> | undefined;
  /** At least so many items of a category, if there are any: `{ genre: { Documentary: 2 } }`. */
  atLeast?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  /**
   * How much likeness to the items above counts against an item, beside its score: 0 (nothing) to 1.
   * By maximal marginal relevance, or by a determinantal point process, which looks at all items
   * above and not only at the nearest one. Default: 0.
   */
  diversity?: number | Diversity | undefined;
  /**
   * How much popularity counts against an item: 1 is as much for the most popular one as the scores
   * of all candidates differ by. Default: 0.
   */
  popularity?: number | undefined;
  /** How much newer items come up. Default: not at all. */
  freshness?: Freshness | undefined;
  /**
   * How much an item sinks that was shown or passed over and not taken since: by `strength` · (1 -
   * 2^(-exposure)), with an exposure of 0.1 for an impression and 1 for a skip, of which half is left
   * after `halfLife` milliseconds. With 1 an item that is shown for ever sinks by as much as the
   * scores of all candidates differ by. Default: 0, not at all; the half-life's is 3 days.
   */
  fatigue?: number | Fatigue | undefined;
  /**
   * How far the list tries what might be liked: it is made for a vector drawn from what is still
   * possible of this visitor's (Thompson sampling), its deviations times `strength`; 1 is the
   * posterior's own. The same `seed`, a whole number below 2^32, gives the same list; by default it is
   * another one each time.
   * For models that fold in (recipes `ials`, `rating` and hybrids of them); others refuse it. The list
   * of a new visitor stays as it is. Default: 0.
   */
  explore?: number | Exploration | undefined;
  /** How many of the best items are put in order so. Default: 100, or `count` if that is more. */
  pool?: number | undefined;
}

/** How items sink that were shown. */
export interface Fatigue {
  /** By how much at most: 1 is what the scores of all candidates differ by. */
  strength: number;
  /** Milliseconds after which half of an exposure is left. Default: 3 days. */
  halfLife?: number | undefined;
}

/** How far a list tries what might be liked. */
export interface Exploration {
  /** 1: as far as the visitor's vector is uncertain. */
  strength: number;
  /** The same one gives the same list. Default: another one each time. */
  seed?: number | undefined;
}

/** How a list is made of items that differ. */
export interface Diversity {
  /** Maximal marginal relevance, or a determinantal point process. Default: `mmr`. */
  method?: 'mmr' | 'dpp' | undefined;
  /** 0 (none) to 1. */
  strength: number;
}

/** An item gains `weight` · 2^(-age / `halfLife`); one without a number gains nothing. */
export interface Freshness {
  /** The number that says how new an item is, in whatever unit. */
  attribute: string;
  /** The age, in that unit, at which half is left of the gain. */
  halfLife: number;
  /** 1 is as much as the scores of all candidates differ by. Default: 0.2. */
  weight?: number | undefined;
  /** What age is counted from, in that unit. Default: the newest item of the catalogue. */
  now?: number | undefined;
}

/** An item that the model lacks. */
export interface NewItem {
  /** An id that the model does not have. */
  item: ItemId;
  /** What it is called. */
  title?: string | undefined;
  /**
   * What is known of it, by the names of the model's attributes (`palate.model.attributes`): a number, or
   * a category or several. They place it if the model has a content map, and serve filters, explanations
   * and re-ranking. A category that the model does not know says nothing of its place and can be
   * filtered by all the same; another attribute is refused.
   */
  attributes?:
    | Readonly<Record<string, number | string | readonly (number | string)[] | null | undefined>>
    | undefined;
  /**
   * Its vector among those of the model, `palate.model.dimension` numbers of a million at most: from
   * whoever trained it. Default: what the content map makes of the attributes.
   */
  vector?: ArrayLike<number> | undefined;
}

/** What to ask about. */
export interface AskOptions extends FilterOptions {
  /** How many items at most. Default: 5. */
  count?: number | undefined;
}

/** How similar items are listed. */
export interface SimilarOptions extends FilterOptions {
  /** How many items at most. Default: 10. */
  count?: number | undefined;
}

/** How tastes are listed. */
export interface TasteOptions {
  /** How many at most. Default: 10. */
  count?: number | undefined;
}

/** How an explanation is told. */
export interface ExplainOptions extends VisitOptions {
  /**
   * For how many items of the history, the strongest reasons first, to compute where this one would
   * stand without them. Each takes as long as a list. Default: 0.
   */
  without?: number | undefined;
}

/**
 * A row of features for `score`, by the names of the log's columns: a number, or a category or
 * several. `null`, `undefined`, an empty text and a column that is left out are missing.
 */
export type Features = Readonly<
  Record<string, number | string | readonly (number | string)[] | null | undefined>
>;
