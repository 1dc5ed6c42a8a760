// From rows in files to clean, indexed, ordered histories.
#ifndef PALATE_DATASET_H_
#define PALATE_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
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

  std::size_t size() const { return user.size(); }

  /// Adds a row of another log, under numbers of this one.
  void append(const InteractionLog& from, std::size_t row, std::uint32_t user_number,
              std::uint32_t item_number);
};

/// One row that was not taken, and why.
struct Rejection {
  std::string file;
  std::uint64_t line = 0;  ///< from 1, the header included
  std::string column;
  std::string reason;
};

/// accepted + rejected == read.
struct ReadReport {
  std::uint64_t read = 0;
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::vector<Rejection> examples;             ///< the first few rejections
  std::map<std::string, std::string> columns;  ///< role -> the file's column that plays it
  std::vector<std::string> left_out;           ///< columns that are not used, each with why
};

/// How to read a table. The format follows from the name and the first bytes: CSV, TSV, `::`, JSON
/// lines, Parquet; gzip and zstd are seen through.
struct ReadOptions {
  /// role -> column name (or its number from 1, in a file without a header); empty: recognised by
  /// name. Roles of interactions: user, item, value, timestamp, type. Roles of items: item, title.
  std::map<std::string, std::string> columns;
  double max_bad = 0.01;  ///< the share of rejected rows above which reading fails
};

/// Reads interactions. `kDataMalformed` names file, line, column and reason. Timestamps: seconds,
/// milliseconds, microseconds or nanoseconds since 1970 (told apart by size), or ISO 8601. A column
/// of more than kMaxEventTypes types is left out.
Result<InteractionLog> read_interactions(const std::filesystem::path& path,
                                         const ReadOptions& options, ReadReport& report);

/// Reads items: ids, titles and every further column as an attribute. A column whose values are all
/// numbers is a number attribute; any other is a category attribute, its values split at '|'. A
/// column without a value is none, nor is one of free text or addresses: one with more than 100
/// distinct categories that are more than half of its entries, or with one over 65,536 bytes. Nor
/// is one whose name the model file cannot hold: empty, over 1,024 bytes, or that of a column
/// before. Missing are: nothing, "null", "NaN", "\\N" and MovieLens's "(no genres listed)". A
/// second row of an id is rejected. Popularity is left zero; rows are in file order.
Result<Catalogue> read_items(const std::filesystem::path& path, const ReadOptions& options,
                             ReadReport& report);

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

/// Who is held out, and how.
enum class Protocol {
  kLeaveLastOut,  ///< each user's newest interaction
  kUserSplit,  ///< a share of the users; of each, a share of the newest interactions is held out,
               ///< the rest is history
  kTimeSplit,  ///< the newest share of all interactions; needs timestamps
};

struct SplitOptions {
  Protocol protocol = Protocol::kLeaveLastOut;
  double share = 0.2;       ///< of the users (user-split) or of the interactions (time-split)
  double held_share = 0.2;  ///< user-split: of a held-out user's interactions, at least one
  std::uint64_t seed = 1;   ///< user-split: which users
};

/// Three logs over the same ids. `train` feeds the trainer; `history` is what the encoder sees of
/// each test user; `test` is held out. No row of `test` is in `train` or `history`.
struct Split {
  InteractionLog train;
  InteractionLog history;
  InteractionLog test;
};
Result<Split> split(const InteractionLog& log, const SplitOptions& options);

}  // namespace palate

#endif  // PALATE_DATASET_H_
