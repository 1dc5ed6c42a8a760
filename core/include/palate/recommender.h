// The runtime: a history goes in, a ranked and explained list comes out. The same code natively and
// in the page.
#ifndef PALATE_RECOMMENDER_H_
#define PALATE_RECOMMENDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate {

class Threads;

/// How a recommender learns from one visitor's choices; the defaults were chosen by simulation
/// (js/README.md has the measurement).
struct LearningSettings {
  std::uint32_t layers = 2;  ///< of the ranker, the last ones but never its first: as many as hold
                             ///< 65,536 weights, one at least
  float layer_rate = 0.1F;   ///< of a group of parameters: how far the logit of what was chosen,
  float vector_rate = 0.1F;  ///< with all that was shown as probable as before, is moved by a
  float taste_rate = 0.1F;   ///< step, times how improbable the choice was
  float decay = 0.01F;       ///< towards the shipped weights: of the way, a choice; in [0, 1]
  float reach = 0.3F;        ///< how far the layers may move, against the length of their weights
  float most = 3;            ///< logits: what a taste may come to, and the vector for a usual item
};

/// The most items that one choice is made from.
inline constexpr std::size_t kMostShown = 32;

/// How much one item of the history adds to a score.
struct Contribution {
  ItemIndex item{};
  float amount = 0;
};

/// How much of a score comes through a category of the item.
struct AttributeContribution {
  std::uint32_t attribute = 0;  ///< of the model's
  std::uint32_t category = 0;   ///< of the attribute's
  float amount = 0;
};

/// More of something, or less: the score of every item of a category is moved by `weight`
/// deviations of the visitor's scores, or where the attribute is a number, of every item by
/// `weight` times how many deviations its number is above the mean of the catalogue (at most 3
/// either way, 0 where it is missing). The deviation of the scores is theirs among the 256 most
/// popular items, or 1 where these all score the same.
struct Adjustment {
  std::uint32_t attribute = 0;  ///< of the model's
  std::uint32_t category = 0;   ///< of the attribute's; not read where it is a number
  float weight = 0;             ///< of magnitude kMaxAdjustment at most
};

inline constexpr float kMaxAdjustment = 10;

/// A category in a history, beside what is usual.
struct Taste {
  std::uint32_t attribute = 0;  ///< of the model's
  std::uint32_t category = 0;   ///< of the attribute's
  float share = 0;              ///< of the history's weight, on items of this category
  float usual = 0;              ///< of all interactions of the training
};

/// score == base + sum of contributions + sum of adjustments + remainder.
struct Explanation {
  float score = 0;
  float base = 0;  ///< what the ranker makes of a visitor of whom nothing is known but the context;
                   ///< without a ranker mean + item bias (value fold-in, not of a cosine) or 0;
                   ///< with a sequence network what it makes of average items; the whole score
                   ///< where it is popularity; and what was learned of the visitor's tastes
  float remainder = 0;  ///< what rounding leaves over; through a sequence network or a very large
                        ///< ranker also what the integration misses
  std::vector<Contribution> contributions;  ///< one an item of the history, largest amount first
  /// The same amounts, told by what the items have in common: one a category of the item, in its
  /// order. What an item of the history adds is shared out among the categories that both have,
  /// in proportion to log(1 + items / items of the category), the rarer the more; where they have
  /// none in common it is in no category. How it is shared out is a convention, its sum is exact.
  std::vector<AttributeContribution> attributes;
  std::vector<AttributeContribution> adjustments;  ///< those that move the score, as they were set
};

/// Ranks a catalogue for one history. Borrows the model, which must outlive it and stay where it
/// is; one thread at a time. Memory is kept from call to call, so a warm recommender allocates for
/// nothing but explanations.
///
/// A history is oldest first. An item that stands in it several times counts once: with its largest
/// weight, with the newest value that was given, and in the place of its newest event. A weight
/// below 0 takes back what the item's events before it said, and an event after it takes that back:
/// an item that was spoken against last stays out of every list, whatever is asked for. Fold-in
/// expects it to score -1, as surely as the weight says; sums over the history take it off; a
/// sequence network reads it where it knows the event's type; the ranker's features leave it out
/// but for the length of the history.
///
/// Scores: with a ranker its output, else user vector . item vector, or the weighted sum of item
/// weights. With a value fold-in they are predicted values, not clamped to the scale: a list of
/// what the visitor would rate highest, which is not what most would pick next; or cosines, where
/// the model asks for them (`ValueFoldInView::by_cosine`). An empty history,
/// one in which nothing speaks for an item, and a model whose encoder is popularity, rank by
/// popularity: the score is the item's share of all interactions. But where something of the
/// context is known (`set_context`), the ranker orders the popular items for such a history, as for
/// any visitor of whom nothing else is known. Ties go to the more popular item, then to the lower
/// row (rows are in this order already).
///
/// Errors of every call: `kRequestInvalid` for an item outside the catalogue, an event whose
/// weight is 0 or not finite or whose value is infinite, a list of zero items, a condition on what
/// the model lacks; `kModelMeaning` where
/// the numbers of a forged or broken file lead to a score that is not finite; `kMemory`.
class Recommender {
 public:
  /// `kModelUnsupported` when the file asks for an encoder or a ranker that this build or this
  /// machine cannot run; `kModelMeaning` when its fold-in has no unique solution.
  static Result<Recommender> create(const Model& model);

  /// From now on lists are found through the model's index, if it has one (`ListIndexView`): they
  /// may lack items that they should hold, but those they hold have the same scores. Still exact
  /// are lists with conditions or an allow-list, those with caps or quotas, lists longer than the
  /// index is meant for, those that the index cannot fill, adjusted ones, and `similar`.
  Status use_index();

  Recommender(Recommender&&) noexcept;
  Recommender& operator=(Recommender&&) noexcept;
  ~Recommender();

  /// Writes the best items into `picks`, best first or as `Reranking` puts them in order; returns
  /// how many (fewer than `picks.size()` when the catalogue, less what is left out, is smaller).
  /// With a ranker the list is the ranker's order of the candidates; when more picks than
  /// candidates are asked for, retrieval hands over as many as are asked for.
  Result<std::size_t> recommend(std::span<const Event> history, const Request& request,
                                std::span<Pick> picks);

  /// The same without re-ranking and exploring, whatever the request says of it.
  Result<std::size_t> best(std::span<const Event> history, const Request& request,
                           std::span<Pick> picks);

  /// What to ask a visitor about: popular items whose answers those before them, and the history,
  /// foretell least; returns how many. None of the history, and of those that `filter` lets in.
  /// That is the list of the popular items under `Diversity::kDpp` of strength .5, with the history
  /// as if it stood above: where tastes are a Gaussian process over the items with their similarity
  /// as its covariance, the determinant's part for an item is the log of what is left of the
  /// variance of its answer (the entropy criterion of Krause, Singh, Guestrin 2008), and popularity
  /// stands for the chance that the visitor has an answer (Rashid et al. 2002). The score is the
  /// item's popularity. `kModelUnsupported` where nothing tells how similar items are.
  Result<std::size_t> ask(std::span<const Event> history, const Filter& filter,
                          std::span<Pick> picks);

  /// Scores given items, in the order given, into `scores` (same length). Never leaves one out.
  Status score(std::span<const Event> history, std::span<const ItemIndex> items,
               std::span<float> scores);

  /// The items nearest to `item`, best first, itself left out; returns how many. Of those that
  /// `filter` lets in. By cosine of the
  /// item vectors (0 with a vector of zeros), with a value fold-in without their last number, which
  /// stands for the visitor's bias (the adjusted cosine of Sarwar et al. 2001 does without it
  /// too); where the model has item weights instead, the items
  /// that the row of `item` names, by weight. `kModelUnsupported` where popularity ranks.
  Result<std::size_t> similar(ItemIndex item, std::span<Pick> picks, const Filter& filter = {});

  /// Why `item` has its score. Closed form without a ranker: w_j h_i' A^-1 h_j for fold-in, c_j
  /// h_i' h_j for a weighted mean, c_j W_ji for item weights, h_i' A^-1 (|w_j| rest_j h_j + ridge
  /// |S|^-1/2 y_j) for a value fold-in, of a cosine over both vectors' lengths. Through a ranker
  /// integrated gradients (Sundararajan, Taly, Yan 2017) along the straight line from what it reads
  /// of an unknown visitor (a zero vector, no score, nothing near) to what it reads of this one;
  /// what the logarithm of a score adds is shared out as the score is. Through a sequence network
  /// too, from a history whose newest 32 items are the catalogue's average one, weighted by
  /// popularity; older items have no amount of their own.
  Result<Explanation> explain(std::span<const Event> history, ItemIndex item);

  /// What the visitor asks for, from now on, in place of what was set before: lists, scores and
  /// explanations are moved by it, predicted values are not. With it a list without a ranker is the
  /// best of the whole catalogue all the same; a ranker is given the usual candidates and as many
  /// more, the best of retrieval when that is moved too. `kRequestInvalid` for an attribute or a
  /// category that the model lacks, or a weight out of its range; then nothing changes.
  Status adjust(std::span<const Adjustment> adjustments);

  /// What is known of the visit, from now on, in place of what was set before: row `row` of the
  /// cells of the ranker's columns of context (`RankerView::context`), or with no columns nothing,
  /// as at the start. The ranker reads it in lists, scores and explanations. `kRequestInvalid`
  /// where the cells are not those of the model's columns; then nothing is known.
  Status set_context(std::span<const CellsView> cells, std::size_t row = 0);

  /// The categories of a history and of the adjustments, in the order of the model.
  Result<std::vector<Taste>> taste(std::span<const Event> history);

  /// Predicted values (ratings) of given items, see `ValueHeadView`. `kModelUnsupported` without a
  /// value head.
  Status predict_values(std::span<const Event> history, std::span<const ItemIndex> items,
                        std::span<float> values);

  /// Learns that a visitor of this history, shown `shown`, chose the first of these: 2 to
  /// `kMostShown` items. From then on all lists, scores and explanations are moved for this visitor
  /// (what is learned stands in an explanation's base). A step of gradient descent on the negative
  /// log of the choice's probability, P(i) ~ exp(logit_i) over what was shown (McFadden 1974), by
  /// three groups of parameters:
  ///   the ranker's last layers, its first left out, which from then on are read in floats; without
  ///   a ranker, where there are vectors, one that is added to the user vector; and for each
  ///   category of each attribute, each number attribute and the log of popularity a taste: logit_i
  ///   += sum_p taste_p x_p, x = 1 / sqrt(the item's categories of the attribute), or the number,
  ///   brought to mean 0 and deviation 1 over the items, in [-3, 3].
  /// Each group's step is its gradient over the square of its length (Nagumo, Noda 1967), so it
  /// moves the logits by the same whatever the scale of a model's numbers. Logits are the ranker's;
  /// without one the scores over their deviation among 64 of the popular items.
  /// Learns nothing from an empty history or where popularity ranks, and nothing of a context. The
  /// settings are those of the first call.
  Status learn(std::span<const Event> history, std::span<const ItemIndex> shown,
               const LearningSettings& settings = {});

  /// Takes back all that was learned.
  void unlearn();

  /// Has passes over all item vectors (retrieval, `similar`) shared out among `threads`, where the
  /// table is large enough to gain by it: the same lists, to the last bit. Null: on the thread that
  /// asks. They must outlive their use. Returns whether the model has passes to share out.
  bool set_threads(Threads* threads);

  /// The visitor's vector, `model.dimension()` numbers; all zero where none is made.
  Status user_vector(std::span<const Event> history, std::span<float> vector);

  /// All that the model's sequence network keeps of a history, valid until the next call. Of n
  /// events that it reads: dimension + the states of all blocks + 3 n numbers with a recurrence,
  /// dimension + (16 + 2 dimension blocks) n with attention; three an event are no numbers but the
  /// bits of its row, its gap and its type. Empty where the model has no such network, where
  /// nothing in the history speaks for an item, and where it cannot be read: any other call says
  /// why.
  std::span<const float> encoder_state(std::span<const Event> history);

  /// Takes a copy of a state that `encoder_state` gave, for the same model file on a machine of the
  /// same byte order. A history that begins with the state's events, as the network reads them, is
  /// then read from there on, to the same vector; any other is read anew, and so is one of which a
  /// damaged state makes a vector that is not finite. Other damage to numbers goes unnoticed.
  /// Returns false, and takes nothing, where this is no state of the model, by its size or as a
  /// number is not finite, and where memory is refused.
  bool restore_encoder(std::span<const float> state);

 private:
  struct State;
  explicit Recommender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace palate

#endif  // PALATE_RECOMMENDER_H_
