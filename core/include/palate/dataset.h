// From rows in files to a log, and from a log to what is held out of it.
#ifndef PALATE_DATASET_H_
#define PALATE_DATASET_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "palate/interactions.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate {

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

/// Further columns of interactions that a ranker may read: what a page knows of a visit before the
/// list is made, such as device, hour or country. They are of numbers, where all of their cells
/// that are not missing are numbers, else of categories, which '|' separates. Missing cells are
/// those of `read_items`.
struct ContextOptions {
  std::vector<std::string> columns;      ///< their names, or numbers from 1; none plays a role
  std::vector<std::string> numeric;      ///< of these: numbers; a cell that is none rejects its row
  std::vector<std::string> categorical;  ///< of these: categories, such as codes in digits
  bool may_lack = false;                 ///< columns that the file lacks are left out
};

/// How to read a table. The format follows from the name and the first bytes: CSV, TSV, `::`, JSON
/// lines, Parquet; gzip and zstd are seen through.
struct ReadOptions {
  /// role -> column name (or its number from 1, in a file without a header); empty: recognised by
  /// name. Roles of interactions: user, item, value, timestamp, type. Roles of items: item, title.
  std::map<std::string, std::string> columns;
  double max_bad = 0.01;        ///< the share of rejected rows above which reading fails
  ContextOptions context = {};  ///< of interactions
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
