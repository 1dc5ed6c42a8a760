// What a caller wants of a list: which items may stand in it, and how they are put in order.
#ifndef PALATE_REQUEST_H_
#define PALATE_REQUEST_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "palate/types.h"

namespace palate {

/// Stands for a category that the model does not know: no item has it.
inline constexpr std::uint32_t kNoCategory = std::numeric_limits<std::uint32_t>::max();

/// What an item's attribute must be. A missing value meets no condition.
struct Condition {
  std::uint32_t attribute = 0;           ///< row of the model's attributes
  std::uint32_t category = kNoCategory;  ///< of a category attribute: one that the item has
  float minimum = 0;                     ///< of a number attribute: the smallest and
  float maximum = 0;                     ///< the largest that it may be
};

/// Which items may be listed. Borrowed for the call. What is left out is left out within the search
/// for the best items, so a list is as long as if the catalogue held nothing else.
struct Filter {
  std::span<const ItemIndex> exclude = {};              ///< never these
  std::optional<std::span<const ItemIndex>> only = {};  ///< none but these
  std::span<const Condition> where = {};  ///< conditions of one attribute are alternatives; of
                                          ///< different attributes all must be met
  bool exact = false;                     ///< look at every item, whatever index is in use
};

/// At most `count` items of any one category of an attribute ("two of a director").
struct Cap {
  std::uint32_t attribute = 0;
  std::uint32_t count = 0;
};

/// At least `count` items of a category.
struct Quota {
  std::uint32_t attribute = 0;
  std::uint32_t category = kNoCategory;
  std::uint32_t count = 0;
};

/// What is taken from the value of an item, 1 being the way from the worst to the best candidate.
struct Handicap {
  ItemIndex item{};
  float amount = 0;
};

/// Newer items gain weight * 2^(-max(0, now - x) / half_life), x the item's number; those without
/// one gain nothing.
struct Freshness {
  std::uint32_t attribute = 0;  ///< a number attribute, in whatever unit
  float half_life = 0;          ///< > 0, in that unit
  float weight = 0;             ///< finite
  float now = kNoValue;         ///< in that unit; NaN: the catalogue's largest number
};

enum class Diversity : std::uint32_t { kNone, kMmr, kDpp };

/// How the best items are put in order; by default they stand as they score. It is done in this
/// order, which the order of the fields is not to change:
///
///  1. The filter lets items in, and the `pool` best by score are the candidates; with a ranker no
///     more than retrieval hands over to it.
///  2. A candidate's value is its relevance, (score - lowest) / (highest - lowest) of the
///  candidates
///     (0 where these are equal), minus `popularity` * log(1 + n_i) / log(1 + n_max), n the
///     interactions of an item, plus its freshness, minus its handicap.
///  3. The pinned items come first, in the order given.
///  4. Place by place follows the candidate with the largest
///       kNone  value
///       kMmr   (1 - s) value - s max_j similarity(i, j)        (Carbonell, Goldstein 1998)
///       kDpp   (1 - s) value + s (log det S_J+i - log det S_J)  (Chen, Zhang, Zhou 2018, the
///       greedy
///                                                              MAP of a determinantal point
///                                                              process)
///     over the items j in J that the list has already, s = `strength`, S their similarities. No
///     gain in log det counts as less than log 1e-5. Ties go to the larger value, then to the
///     higher score, then to the lower row.
///  5. Only items by which no category exceeds a cap are taken. As soon as quotas need all places
///     that are left, only items that one of them still needs are taken, as long as there are any.
///     Where no candidate may be taken, the best of the whole catalogue that may take the place of
///     the candidates, so a list is short only where the catalogue has no more.
///
/// The similarity is (1 + cosine) / 2 of the item vectors; of a model without them the categories
/// of all attributes that two items share over those that one of them has (Jaccard), 1 for an item
/// and itself. Scores stay as they are, so the list's are no longer in order, and reasons sum to
/// them.
struct Reranking {
  std::span<const ItemIndex> pinned = {};  ///< whatever the filter says, unless it excludes them by
                                           ///< name; they count for caps, quotas and diversity
  std::span<const Cap> caps = {};
  std::span<const Quota> quotas = {};
  std::span<const Handicap> handicaps = {};  ///< the pool is larger by as many
  float popularity = 0;                      ///< finite; > 0 brings less popular items up
  std::optional<Freshness> freshness = {};
  Diversity diversity = Diversity::kNone;
  float strength = 0;        ///< of the diversity: 0 (none) to 1 (nothing else counts)
  std::uint32_t pool = 100;  ///< candidates; as many as the list is to have if that is more

  /// Whether there is anything to do but to list the best items by score.
  bool changes_order() const {
    return !pinned.empty() || !caps.empty() || !quotas.empty() || !handicaps.empty() ||
           popularity != 0 || freshness || diversity != Diversity::kNone;
  }
};

/// Lists that try what might be liked: as if the visitor's vector were a draw from its posterior,
/// whose covariance is the inverse of the fold-in's system (Thompson sampling; Agrawal, Goyal
/// 2013). Scores are still those of the vector itself. Needs an encoder that folds in; the list of
/// a new visitor stays as it is.
struct Exploration {
  float strength = 0;      ///< times the posterior's deviations; 0 to 10^3
  std::uint64_t seed = 0;  ///< the same one gives the same list
};

struct Request {
  bool exclude_seen = true;      ///< leave the items of the history out
  std::uint32_t candidates = 0;  ///< what retrieval hands to the ranker; 0: as the model file says
  Filter filter = {};
  Reranking reranking = {};
  Exploration exploration = {};

  /// Whether the list is another one than that of the best by score.
  bool changes_order() const { return reranking.changes_order() || exploration.strength != 0; }
};

}  // namespace palate

#endif  // PALATE_REQUEST_H_
