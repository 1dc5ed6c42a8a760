// What is measured: each work with the shapes that page, peers' files and report share. `model` is
// Palate's file: what the peers do too is asked of `rank` and `retrieve`, whose visitor's vector is an
// item's, as the peers are given it; what a page does from end to end of `page`, which folds in.

export const dimension = 64;
export const requestCount = 16;

/** Widths of the network: visitor's vector beside the item's, two hidden layers, one score. */
export const widths = [2 * dimension, 128, 64, 1];

/** Numbers of candidates that are ranked. */
export const rankedCounts = [100, 1000, 10_000];

/** Items of each catalogue that is retrieved from. */
export const catalogues = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000 };

/** Ranking: gather the candidates' rows from 100k, run the network, the best 10 of `count`. */
const ranks = rankedCounts.map((count) => ({
  name: `rank-${count}`,
  kind: 'rank',
  model: 'rank',
  catalogue: '100k',
  count,
  listed: 10,
}));

/** Retrieval: the exact best 100 of the whole catalogue for the visitor's vector. */
export const retrievals = Object.keys(catalogues).map((catalogue) => ({
  name: `retrieve-${catalogue}`,
  kind: 'retrieve',
  model: 'retrieve',
  catalogue,
  count: catalogues[catalogue],
  listed: 100,
}));

/** One more event, then the list of 10 with reasons: retrieval of 100, ranker, explanations. */
export const nextList = {
  name: 'next',
  kind: 'next',
  model: 'page',
  catalogue: '100k',
  count: 100,
  listed: 10,
};

/**
 * Training: one step of SGD on binary cross-entropy by a request's first candidates, each fourth of
 * them chosen; its list are the candidates that the network, as it was before, holds for best.
 */
export const trainingStep = {
  name: 'step',
  kind: 'step',
  catalogue: '10k',
  count: 32,
  listed: 10,
  rate: 0.02,
};

/** What a page does first. */
export const firstList = { ...retrievals[0], name: 'first', model: 'page', listed: 10 };

/** What a page's memory is measured at: 1,000 candidates ranked. */
export const alone = { ...ranks[1], name: 'alone', model: 'page' };

export const works = [...ranks, ...retrievals];
