// The rows that were not taken: counted, the first few kept with file, line, column and reason.
#ifndef PALATE_DATA_REJECTIONS_H_
#define PALATE_DATA_REJECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/line_source.h"
#include "palate/dataset.h"

namespace palate::internal {

class Rejections {
 public:
  static constexpr std::size_t kExamples = 10;

  /// `position` counts, from 1, the lines that the file's reader delivered.
  void add(std::uint64_t position, std::string_view column, std::string reason);

  std::uint64_t count() const { return count_; }

  /// Joins the rows refused here with the lines refused before them, and turns positions into line
  /// numbers of the file.
  std::vector<Rejection> examples(const std::string& file,
                                  std::span<const RefusedLine> refused) const;

 private:
  std::uint64_t count_ = 0;
  std::vector<Rejection> examples_;  // `line` holds the position
};

/// Fails when more than the share `max_bad` of the rows was rejected; shows the first of them.
Status check_max_bad(const ReadReport& report, double max_bad, const std::string& file);

}  // namespace palate::internal

#endif  // PALATE_DATA_REJECTIONS_H_
