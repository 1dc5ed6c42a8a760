// The rows that were not taken: counted, the first few kept with file, line, column and reason.
#include "data/rejections.h"

#include <algorithm>

namespace palate::internal {

void Rejections::add(std::uint64_t position, std::string_view column, std::string reason) {
  ++count_;
  if (examples_.size() < kExamples) {
    examples_.push_back({{}, position, std::string(column), std::move(reason)});
  }
}

std::vector<Rejection> Rejections::examples(const std::string& file,
                                            std::span<const RefusedLine> refused) const {
  std::vector<Rejection> all;
  std::size_t before = 0;
  for (Rejection example : examples_) {
    example.line += before;
    while (before < refused.size() && refused[before].line <= example.line) {
      ++before;
      ++example.line;
    }
    all.push_back(std::move(example));
  }
  for (const RefusedLine& line : refused.first(std::min(refused.size(), kExamples))) {
    all.push_back({{}, line.line, {}, line.reason});
  }
  std::ranges::sort(all, {}, &Rejection::line);
  all.resize(std::min(all.size(), kExamples));
  for (Rejection& rejection : all) rejection.file = file;
  return all;
}

Status check_max_bad(const ReadReport& report, double max_bad, const std::string& file) {
  if (static_cast<double>(report.rejected) <= max_bad * static_cast<double>(report.read)) {
    return Done{};
  }
  std::string message = file + ": " + std::to_string(report.rejected) + " of " +
                        std::to_string(report.read) + " rows cannot be used:";
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(kShown, report.examples.size()); ++i) {
    const Rejection& example = report.examples[i];
    message += "\n  line " + std::to_string(example.line) +
               (example.column.empty() ? "" : ", column " + example.column) + ": " + example.reason;
  }
  message += "\nMend them, or allow a larger share with --max-bad";
  return Error{ErrorCode::kDataMalformed, std::move(message)};
}

}  // namespace palate::internal
