/**
 * Reasons as a sentence for the visitor, in any language. A script of its own: pages that write
 * their reasons themselves do not download it.
 *
 * ```ts
 * const [pick] = await palate.recommend();
 * sentence(pick); // 'Because of Alien and Aliens'
 * sentence(pick, { locale: 'de', template: ({ items, list }) => `Wegen ${list(items)}` });
 * ```
 *
 * @module
 */
import type { AttributeAmount, Contribution } from './types.js';

/** What a sentence is made of: a `Recommendation` or an `Explanation`. */
export interface Reasoned {
  /** Of a recommendation. */
  reasons?: readonly Contribution[];
  /** Of an explanation. */
  contributions?: readonly Contribution[];
  /** Of an explanation. */
  attributes?: readonly AttributeAmount[];
}

/** What a template is given. */
export interface SentenceParts {
  /** Titles (or ids) of the items that speak most for the item, the strongest first; may be empty. */
  items: string[];
  /** Categories that speak most for it, such as `War`; always empty for a recommendation. */
  categories: string[];
  /** Joins names as the locale does: `A, B and C`. */
  list(names: readonly string[]): string;
}

/** How a sentence is made. */
export interface SentenceOptions {
  /** Makes the sentence. Default: `Because of A and B (War)`, or `Popular with others`. */
  template?: ((parts: SentenceParts) => string) | undefined;
  /** A BCP 47 tag for `list`. Default: that of the browser; of the default template, English. */
  locale?: string | undefined;
  /** How many items and categories at most. Default: 2. */
  most?: number | undefined;
  /** What carries a smaller share than this of all that speaks for the item is left out. Default: .1. */
  least?: number | undefined;
}

/** One sentence that says why an item is recommended. */
export function sentence(why: Reasoned, options: SentenceOptions = {}): string {
  const { template = english, most = 2, least = 0.1 } = options;
  const locale = options.locale ?? (template === english ? 'en' : undefined);
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const items = why.reasons ?? why.contributions ?? [];
  const whole = items.reduce((sum, { amount }) => sum + Math.max(amount, 0), 0);
  const strongest = <T extends { amount: number }>(all: readonly T[]) =>
    all.filter(({ amount }) => amount > 0 && amount >= least * whole).slice(0, most);
  return template({
    items: strongest(items).map(({ title, item }) => title || item),
    categories: strongest(why.attributes ?? []).map(({ category }) => category),
    list: (names) => list.format(names),
  });
}

function english({ items, categories, list }: SentenceParts): string {
  if (items.length === 0) return 'Popular with others';
  const shared = categories.length > 0 ? ` (${list(categories)})` : '';
  return `Because of ${list(items)}${shared}`;
}
