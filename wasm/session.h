// One visitor's session with one model: the runtime in the shape in which a page calls it.
#ifndef PALATE_WASM_SESSION_H_
#define PALATE_WASM_SESSION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/scorer.h"
#include "palate/seldom.h"
#include "palate/threads.h"
#include "palate/types.h"
#include "palate/visitor.h"

namespace palate {

/// A request as a page writes it: words of 4 bytes, the lists behind the head in its order.
struct RequestHead {
  std::uint32_t exclude_seen;
  std::uint32_t has_only;
  std::uint32_t excluded;    ///< `ItemIndex` each
  std::uint32_t only;        ///< `ItemIndex` each
  std::uint32_t conditions;  ///< `Condition` each
  std::uint32_t pinned;      ///< `ItemIndex` each
  std::uint32_t caps;        ///< `Cap` each
  std::uint32_t quotas;      ///< `Quota` each
  std::uint32_t handicaps;   ///< `Handicap` each
  std::uint32_t pool;
  std::uint32_t diversity;  ///< `Diversity`
  float strength;
  float popularity;
  std::uint32_t has_freshness;
  Freshness freshness;
  float exploration;
  std::uint32_t seed;
  std::uint32_t exact;
};

/// Owns the model file's bytes, the model, the recommender and every buffer that a page reads or
/// writes, so a page never frees anything but the session. A call that returns false leaves the
/// reason in `error()`; calls other than `allocate` need a session that `open` has opened.
class Session {
 public:
  /// Memory for a model file, to be filled before `open`. Empty where memory is refused.
  std::span<std::byte> allocate(std::size_t size);

  /// Whether what was written there cannot be opened without the rest of the code.
  bool needs_rest() const { return asks_for_seldom({file_.get(), size_}); }

  /// Checks and maps what was written into `allocate`'s memory. With it begins a visitor of whom
  /// nothing is known.
  bool open(const VisitorSettings& settings, Checksum checksum);

  /// Shares passes over the item vectors out among `threads`, if any; false where none is worth it.
  bool set_threads(Threads* threads) { return recommender_ && recommender_->set_threads(threads); }

  /// From now on lists are found through the model's index, if it has one.
  bool use_index();

  const Error& error() const { return error_; }
  const Model& model() const { return *model_; }

  /// Where the page writes what the next call takes; all zero before.
  std::span<std::byte> desk(std::size_t size);

  /// Takes `count` events, oldest first, as the profile's, for all later calls. Whether there are
  /// choices among them that `learn` has not learned from.
  bool take_history(std::size_t count);
  bool learn();

  /// What a sequence network keeps of the history, if it has one: valid until the next call.
  const std::span<const float>& encoder_state();
  /// Takes such a state, of `count` numbers; false where it is of no use.
  bool restore_encoder(std::size_t count);

  /// Takes `count` ids: how many bytes each has, in words of 4 bytes, and behind the last of these
  /// the bytes of all. The rows of the items, -1 where there is none.
  std::span<const std::int32_t> find(std::size_t count);

  // The next five take a request: a `RequestHead`, then its lists.

  /// Whether that asks for `rerank`.
  bool changes_order() const { return request().changes_order(); }

  /// These fill `picks()`: best first, nearest first, most telling first, in the order of the
  /// items.
  bool best(std::size_t count);
  bool rerank(std::size_t count);  ///< the best by more than their scores
  bool similar(ItemIndex item, std::size_t count);
  bool ask(std::size_t count);
  bool score(std::size_t count);  ///< takes `count` items
  std::span<const Pick> picks() const { return picks_; }

  /// Takes `count` of `Adjustment`, what the visitor asks for, for all later calls.
  bool adjust(std::size_t count);

  /// Fills `tastes()`.
  bool taste();
  std::span<const Taste> tastes() const { return tastes_; }

  /// Fills `explanation()`.
  bool explain(ItemIndex item);
  const Explanation& explanation() const { return explanation_; }

  /// The columns of the tabular part and, behind them, those of the ranker's context.
  std::size_t column_count() const { return tabular_columns().size() + context_columns().size(); }
  std::span<const TabularColumnView> tabular_columns() const;
  std::span<const TabularColumnView> context_columns() const;
  const TabularColumnView& column(std::size_t index) const;

  /// One row of cells for `score_row`, of the tabular part, or for `set_context`: all are missing
  /// until they are given.
  void clear_row();
  void set_number(std::size_t column, float number) { row_[column].number = number; }
  void add_category(std::size_t column, std::string_view category);

  /// Lets the cells of the context hold for all later calls; all missing: nothing is known.
  bool set_context();

  /// Fills `row_numbers()` and `row_contributions()`.
  bool score_row();
  /// Score, linear score; sum, base, remainder; linear sum, linear base.
  std::span<const float> row_numbers() const { return row_numbers_; }
  std::span<const FeatureContribution> row_contributions() const {
    return row_explanation_.contributions;
  }

 private:
  struct Cell {
    float number = kNoValue;
    std::vector<std::uint32_t> entries;
    std::array<std::uint32_t, 2> offsets{};
  };
  struct Free {
    void operator()(std::byte* data) const;
  };

  void close();
  bool fail(Error error);
  bool keep(Result<std::size_t> written);
  std::span<Pick> resize_picks(std::size_t count);
  template <class T>
  std::span<const T> taken(std::size_t count) const {
    return {reinterpret_cast<const T*>(desk_.data()), count};
  }
  bool ranks();  ///< else the error says so
  std::vector<CellsView> cells(std::size_t first, std::size_t count);
  Request request() const;

  std::unique_ptr<std::byte, Free> file_;
  std::size_t size_ = 0;
  std::optional<Model> model_;
  std::optional<Recommender> recommender_;
  std::optional<Visitor> visitor_;
  std::vector<std::byte> desk_;
  std::span<const float> encoder_state_;
  std::vector<std::int32_t> rows_;
  std::vector<float> scores_;
  std::vector<Pick> picks_;
  Explanation explanation_;
  std::vector<Taste> tastes_;
  std::optional<Scorer> scorer_;
  std::vector<Cell> row_;
  std::array<float, 7> row_numbers_{};
  ScoreExplanation row_explanation_;
  Error error_{ErrorCode::kRequestInvalid, "nothing failed yet"};
};

/// The one of this instance.
Session& session();

}  // namespace palate

#endif  // PALATE_WASM_SESSION_H_
