// The first steps of train and evaluate: read the files, clean the rows, say what was done.
#ifndef PALATE_TOOLS_PREPARATION_H_
#define PALATE_TOOLS_PREPARATION_H_

#include <filesystem>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "command.h"
#include "flags.h"
#include "palate/dataset.h"
#include "stage_times.h"

namespace palate::tools {

/// A cleaned log, and the facts about its items (empty without a file of items).
struct Prepared {
  InteractionLog log;
  Catalogue items;
};

/// Reads both files and cleans the log; prints what it read and left out as it goes.
Result<Prepared> prepare(const std::filesystem::path& interactions, const ReadOptions& reading,
                         const ItemFlags& items, const CleanOptions& cleaning, Console& console,
                         StageTimes& times);

/// Prints what reading a file of `what` came to.
void print_reading(const std::filesystem::path& path, std::string_view what,
                   const ReadReport& report, std::ostream& out);

/// Prints what columns hold; `what` they are, such as "feature".
void print_columns(std::span<const Attribute> columns, const std::string& what, std::ostream& out);

/// `read_interactions`, with its report printed.
Result<InteractionLog> read_log(const std::filesystem::path& path, const ReadOptions& options,
                                Console& console);

/// `read_items`, with its report printed.
Result<Catalogue> read_catalogue(const std::filesystem::path& path, const ReadOptions& options,
                                 Console& console);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_PREPARATION_H_
