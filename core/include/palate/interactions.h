// Interactions in memory: from rows to clean, indexed, ordered histories.
#ifndef PALATE_INTERACTIONS_H_
#define PALATE_INTERACTIONS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "palate/model_writer.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate {

/// Rows as they were read: one entry a row in each column, file order. Ids are texts; `users` and
/// `items` hold each once.
struct InteractionLog {
  std::vector<std::string> users;
  std::vector<std::string> items;
  std::vector<std::uint32_t> user;  ///< rows of `users`
  std::vector<std::uint32_t> item;  ///< rows of `items`
  std::vector<float> value;  ///< empty when the file has no value column; NaN where a row has none
  std::vector<std::int64_t> time_ms;  ///< empty when the file has no timestamp column
  std::vector<std::uint32_t> type;    ///< 1 + row of `types`, 0 where unknown; empty without types
  std::vector<std::string> types;     ///< names of the types of events; at most kMaxEventTypes
  /// What was known when each interaction came about: further columns, with a cell a row in place
  /// of an item.
  std::vector<Attribute> context;

  std::size_t size() const { return user.size(); }

  /// Types and columns of context as here; no users, no items, no rows.
  InteractionLog without_rows() const;

  /// Adds a row of another log, under numbers of this one.
  void append(const InteractionLog& from, std::size_t row, std::uint32_t user_number,
              std::uint32_t item_number);
};

struct CleanOptions {
  std::uint32_t min_user = 1;  ///< k-core: interactions a user must keep
  std::uint32_t min_item = 1;  ///< k-core: interactions an item must keep
  std::uint32_t max_user = 0;  ///< outliers: users with more are left out; 0: no limit
  float min_value = kNoValue;  ///< interactions with a smaller value are left out; NaN: none
  bool repeats = false;        ///< whether a user's interactions with the same item are all kept
};

/// What cleaning did, for the summary that is printed.
struct CleanReport {
  std::uint64_t rows = 0;            ///< before
  std::uint64_t duplicates = 0;      ///< same user and item: the newest is kept (ties: the last)
  std::uint64_t missing_values = 0;  ///< rows without a value where others have one: kept, counted
  std::uint64_t below_min_value = 0;
  std::uint64_t outlier_users = 0;
  std::uint64_t outlier_rows = 0;
  std::uint64_t core_rounds = 0;
  std::uint64_t core_users = 0;  ///< removed by the k-core
  std::uint64_t core_items = 0;
  std::uint64_t kept_rows = 0;
  std::uint64_t kept_users = 0;
  std::uint64_t kept_items = 0;
};

/// Drops duplicates unless they are wanted (`repeats`), then what the options say (small values,
/// outliers), then repeats the k-core until nothing changes. `kDataEmpty` when nothing is left,
/// naming the step that took the last row.
Result<InteractionLog> clean(const InteractionLog& log, const CleanOptions& options,
                             CleanReport& report);

/// One history a user, oldest first (ties: file order).
struct Histories {
  std::vector<std::size_t> offsets{0};  ///< users + 1
  std::vector<Event> events;

  std::size_t user_count() const { return offsets.size() - 1; }
  std::span<const Event> of(std::size_t user) const {
    return std::span(events).subspan(offsets[user], offsets[user + 1] - offsets[user]);
  }
};

/// What the trainers see: a catalogue in order of popularity, and the histories over it.
struct Dataset {
  Catalogue catalogue;
  std::vector<std::string> users;  ///< ids, in order of first appearance
  Histories histories;
  std::vector<std::string> event_types;  ///< what the events' types are rows of
  std::vector<Attribute> context;        ///< a cell for each event of `histories`
  bool has_values = false;
  bool has_times = false;
};

/// What `make_dataset` made of the items file.
struct JoinReport {
  std::uint64_t without_interaction = 0;  ///< items of the file that nobody touched: left out
  std::uint64_t without_facts =
      0;  ///< items of the log that the file does not know: kept, untitled
};

/// Indexes a cleaned log. `items` may be empty. The catalogue holds the items with an interaction.
Dataset make_dataset(const InteractionLog& log, const Catalogue& items, JoinReport& report);

/// Rows of `log` as histories over a given model's or dataset's items: `find(id)` returns the row
/// or nothing. Users in order of first appearance; rows with unknown items are counted per user and
/// left out.
struct IndexedHistories {
  std::vector<std::string> users;
  Histories histories;
  std::vector<std::uint32_t> unknown;  ///< one a user: rows whose item is unknown
};
IndexedHistories index_histories(const InteractionLog& log, const Model& model);

}  // namespace palate

#endif  // PALATE_INTERACTIONS_H_
