// A file as a table of texts: which format it has, and what was read of it.
#include "data/table.h"

#include "data/parse.h"

namespace palate::internal {
namespace {

/// Lines that say how the file is laid out.
constexpr std::size_t kSampleLines = 50;

/// The first lines that are not blank.
Result<std::vector<std::string>> sample_lines(const std::filesystem::path& path,
                                              const FileKind& kind) {
  Result<LineSource> source = LineSource::open(path, kind, LineSource::Encoding::kUtf8);
  if (!source) return source.error();
  std::vector<std::string> lines;
  while (lines.size() < kSampleLines) {
    const Result<bool> found = source->next();
    if (!found) return found.error();
    if (!*found) break;
    if (!trimmed(source->line()).empty()) lines.emplace_back(source->line());
  }
  return lines;
}

}  // namespace

Status Table::finish(double max_bad, ReadReport& report) {
  Result<std::vector<RefusedLine>> refused = refused_lines();
  if (!refused) return refused.error();
  const std::string file = path_.string();
  report.read = read_ + refused->size();
  report.rejected = rejections_.count() + refused->size();
  report.accepted = report.read - report.rejected;
  report.examples = rejections_.examples(file, *refused);
  if (report.read == 0) return Error{ErrorCode::kDataEmpty, file + ": holds no row"};
  return check_max_bad(report, max_bad, file);
}

Result<std::unique_ptr<Table>> open_table(const std::filesystem::path& path,
                                          std::span<const Role> roles,
                                          const std::map<std::string, std::string>& given) {
  const Result<FileKind> kind = look_at_file(path);
  if (!kind) return kind.error();
  if (kind->parquet) return open_parquet_table(path);
  const Result<std::vector<std::string>> sample = sample_lines(path, *kind);
  if (!sample) return sample.error();
  if (sample->empty()) return Error{ErrorCode::kDataEmpty, path.string() + ": holds no row"};
  const char first = trimmed(sample->front()).front();
  if (first == '{' || first == '[') return open_json_table(path, *kind, first == '[');
  return open_delimited_table(path, *kind, *sample, roles, given);
}

}  // namespace palate::internal
