// What comes out.

/** An item with its score: the higher, the better. Scores compare within one list only. */
export interface Scored {
  /** The item's id, as a text. */
  item: string;
  /** The higher, the better. */
  score: number;
}

/** What one item of the history adds to a score. */
export interface Contribution {
  /** The item of the history. */
  item: string;
  /** Empty where the model has no titles. */
  title: string;
  /** What it adds; negative where it speaks against. */
  amount: number;
}

/** An item near to another. `score` is the cosine of their vectors; without vectors, a weight. */
export interface Neighbour extends Scored {
  /** Empty where the model has no titles. */
  title: string;
}

/** One line of a ranked list. */
export interface Recommendation extends Scored {
  /** Empty where the model has no titles. */
  title: string;
  /** Items of the history that speak for this one, the strongest first; none for a newcomer. */
  reasons: Contribution[];
}

/** An item to ask about; its score is its popularity. */
export interface Question extends Scored {
  /** Empty where the model has no titles. */
  title: string;
}

/** What of a score comes through a category that the item and items of the history have. */
export interface AttributeAmount {
  /** The attribute's name, such as `genre`. */
  attribute: string;
  /** The category, such as `War`. */
  category: string;
  /** What comes through it; negative where it speaks against. */
  amount: number;
}

/** What an adjustment of the visitor's adds to a score. */
export interface AdjustmentAmount {
  /** The attribute's name. */
  attribute: string;
  /** The category; left out where the attribute is a number. */
  category?: string;
  /** What it adds; negative where it takes away. */
  amount: number;
}

/** A category of the visitor's history, or one that they have adjusted. */
export interface Taste {
  /** The attribute's name. */
  attribute: string;
  /** The category. */
  category: string;
  /** `share` - `usual`, from -1 to 1. */
  weight: number;
  /** Of the history's weight on items of the category, from 0 to 1. */
  share: number;
  /** Of all interactions of the training log, from 0 to 1. */
  usual: number;
  /** The weight of the visitor's own adjustment; 0 where there is none. */
  adjustment: number;
}

/** Where the explained item would stand, had there been nothing with an item of the history. */
export interface Counterfactual {
  /** The item of the history. */
  item: string;
  /** Empty where the model has no titles. */
  title: string;
  /** As `Explanation.place`. */
  place: number | undefined;
}

/**
 * Why an item has its score: `score` = `base` + the sum of all amounts of `contributions` and of
 * `adjustments` + `remainder`.
 */
export interface Explanation extends Scored {
  /**
   * The ranker's score for a visitor of whom nothing is known but the context (0 without a ranker), and
   * what was learned of this one's choices; the whole score where it is popularity.
   */
  base: number;
  /** What rounding leaves over; through a very large ranker also what the integration misses. */
  remainder: number;
  /** One an item of the history, the largest amount first. */
  contributions: Contribution[];
  /**
   * The same amounts, told by what the items have in common, the largest first: one a category of the
   * item. An amount is shared out among the categories that both items have, the rarer the more;
   * where they have none in common it is in none.
   */
  attributes: AttributeAmount[];
  /** What the visitor's adjustments add; those that move the item. */
  adjustments: AdjustmentAmount[];
  /**
   * The item's place in the list of `recommend`, from 1; `undefined` where it is not among the first
   * 1000, or left out as seen. With the option `without` alone.
   */
  place?: number | undefined;
  /** The list made anew without an item of the history; that item may then stand in it. */
  counterfactuals: Counterfactual[];
}

/** A column that `score` takes, or `context`. */
export interface Feature {
  /** As it was called in the log. */
  name: string;
  /** Whether its values are numbers or texts. */
  kind: 'category' | 'number';
}

/** What a column adds to the two sums of a row. */
export interface FeatureReason {
  /** The column's name. */
  feature: string;
  /** To the network's. */
  amount: number;
  /** To the linear head's: the sum of its w · x. */
  linear: number;
}

/**
 * What the model makes of a row. A `score` is a probability, 1 / (1 + exp(-sum)), or where the
 * label is a value the `sum` itself.
 */
export interface Prediction {
  /** The network's. */
  score: number;
  /** `base` + the sum of all amounts + `remainder`. */
  sum: number;
  /** What an average row comes to. */
  base: number;
  /** What rounding leaves over; through a very large network also what the integration misses. */
  remainder: number;
  /** One a column of the model, the largest amount (up or down) first. */
  reasons: FeatureReason[];
  /** The linear model beside the network; its `sum` is `base` + the sum of all `linear`. */
  linear: LinearPrediction;
}

/** What the linear head makes of a row. */
export interface LinearPrediction {
  /** As the network's: a probability, or the `sum` itself. */
  score: number;
  /** `base` + the sum of all `linear`. */
  sum: number;
  /** What an average row comes to. */
  base: number;
}

/** What the model file says of an item. */
export interface Item {
  /** The item's id, as a text. */
  item: string;
  /** Empty where the model has no titles. */
  title: string;
  /** Interactions in the training log. */
  popularity: number;
  /** Properties by name: a number, or a set of categories. A missing value is left out. */
  attributes: Record<string, number | string[]>;
}

/** What the model file says of itself. */
export interface ModelFacts {
  /** Size of the file. */
  bytes: number;
  /** Of the catalogue. */
  items: number;
  /** Of the item vectors; 0 where the model has none. */
  dimension: number;
  /** Whether a ranker re-scores what retrieval finds. */
  ranker: boolean;
  /**
   * The share of the exactly best items that lists through the model's index hold, as measured when
   * it was made; 1 where it has none.
   */
  recall: number;
  /** The properties that items may have. */
  attributes: { name: string; kind: 'category' | 'number' }[];
  /** The columns that `score` takes; none where the model ranks items. */
  features: Feature[];
  /** What the ranker reads of a visit: the columns that the option `context` takes. */
  context: Feature[];
  /** What `score` predicts: the name of the label's column; empty without features. */
  label: string;
  /** The recipe that the model was trained by. */
  recipe: string;
  /** The program that wrote the file, with its version. */
  producer: string;
  /** Of the training log. */
  users: number;
  /** Of the training log. */
  interactions: number;
  /** The newest interaction of the log, in milliseconds since 1970; 0 where it has no times. */
  newest: number;
}
