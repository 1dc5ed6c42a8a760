// Tables of one row a line: CSV, TSV, "::" and their kin.
#include <deque>
#include <optional>
#include <utility>

#include "data/delimited.h"
#include "data/parse.h"
#include "data/table.h"

namespace palate::internal {
namespace {

/// A quoted field may run over this many lines; an unclosed quote costs no more than one row.
constexpr std::size_t kLongestRecord = 100;

class DelimitedTable final : public Table {
 public:
  DelimitedTable(const std::filesystem::path& path, LineSource source, const Dialect& dialect)
      : Table(path), source_(std::move(source)), dialect_(dialect) {}

  Status read_header(std::span<const Role> roles, const std::map<std::string, std::string>& given);
  Status select(std::span<const std::size_t> columns) override;
  Result<bool> next() override;

 protected:
  Result<std::vector<RefusedLine>> refused_lines() override { return source_.finish(); }

 private:
  Result<bool> next_line();
  Result<bool> read_record();
  Result<SplitStatus> join_lines();
  void reject_record(SplitStatus status);

  LineSource source_;
  Dialect dialect_;
  std::string_view line_;          // the line in hand: in `source_`, or `held_line_`
  std::string held_line_;          // a line that was looked at ahead of its turn
  std::deque<std::string> ahead_;  // lines looked at, not yet taken
  std::string record_;             // lines joined by a quoted field
  std::string scratch_;
  std::vector<std::string_view> record_fields_;
  std::uint64_t next_position_ = 1;
  std::vector<std::size_t> selected_;
  bool first_row_waits_ = false;
};

/// Takes the next line that is not blank.
Result<bool> DelimitedTable::next_line() {
  for (;;) {
    if (!ahead_.empty()) {
      held_line_ = std::move(ahead_.front());
      ahead_.pop_front();
      line_ = held_line_;
    } else {
      Result<bool> found = source_.next();
      if (!found || !*found) return found;
      line_ = source_.line();
    }
    position_ = next_position_++;
    if (!trimmed(line_).empty()) return true;
  }
}

/// Goes on reading lines while a quoted field is open. When no whole record comes of it, the lines
/// after the first go back.
Result<SplitStatus> DelimitedTable::join_lines() {
  record_ = line_;
  std::size_t used = 0;
  SplitStatus status = SplitStatus::kOpenQuote;
  while (status == SplitStatus::kOpenQuote && used < kLongestRecord &&
         record_.size() < kLongestLine) {
    if (used == ahead_.size()) {
      const Result<bool> found = source_.next();
      if (!found) return found.error();
      if (!*found) break;
      ahead_.emplace_back(source_.line());
    }
    record_ += '\n';
    record_ += ahead_[used++];
    status = split_record(record_, dialect_, scratch_, record_fields_);
  }
  const bool whole = status == SplitStatus::kDone &&
                     (columns_.empty() || record_fields_.size() == columns_.size());
  if (!whole) return SplitStatus::kOpenQuote;
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(used));
  next_position_ += used;
  return SplitStatus::kDone;
}

void DelimitedTable::reject_record(SplitStatus status) {
  switch (status) {
    case SplitStatus::kOpenQuote:
      return reject("", "a quote is opened and not closed");
    case SplitStatus::kTextAfterQuote:
      return reject("", "text stands between a closing quote and the delimiter");
    case SplitStatus::kDone:
      return reject("", std::to_string(record_fields_.size()) + " fields where " +
                            std::to_string(columns_.size()) + " are expected");
  }
}

/// Reads records until one has as many fields as there are columns.
Result<bool> DelimitedTable::read_record() {
  for (;;) {
    Result<bool> found = next_line();
    if (!found || !*found) return found;
    SplitStatus status = split_record(line_, dialect_, scratch_, record_fields_);
    if (status == SplitStatus::kOpenQuote) {
      const Result<SplitStatus> joined = join_lines();
      if (!joined) return joined.error();
      status = *joined;
    }
    ++read_;
    if (status == SplitStatus::kDone &&
        (columns_.empty() || record_fields_.size() == columns_.size())) {
      return true;
    }
    reject_record(status);
  }
}

Status DelimitedTable::read_header(std::span<const Role> roles,
                                   const std::map<std::string, std::string>& given) {
  const Result<bool> found = read_record();
  if (!found) return found.error();
  if (!*found) return Error{ErrorCode::kDataEmpty, path_.string() + ": holds no row"};
  const Result<bool> header = is_header(record_fields_, roles, given);
  if (!header) return Error{header.error().code, path_.string() + ": " + header.error().message};
  has_header_ = *header;
  if (has_header_) {
    columns_.assign(record_fields_.begin(), record_fields_.end());
    --read_;
  } else {
    columns_ = numbered_columns(record_fields_.size());
    first_row_waits_ = true;
  }
  return Done{};
}

Status DelimitedTable::select(std::span<const std::size_t> columns) {
  selected_.assign(columns.begin(), columns.end());
  fields_.resize(selected_.size());
  return Done{};
}

Result<bool> DelimitedTable::next() {
  if (!std::exchange(first_row_waits_, false)) {
    Result<bool> found = read_record();
    if (!found || !*found) return found;
  }
  for (std::size_t i = 0; i < selected_.size(); ++i) fields_[i] = record_fields_[selected_[i]];
  return true;
}

std::string_view preferred_delimiter(const std::filesystem::path& path) {
  std::filesystem::path name = path.filename();
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  if (name.extension() == ".csv") return ",";
  if (name.extension() == ".tsv") return "\t";
  return {};
}

/// MovieLens's item files (delimiters "::" and "|") are Latin-1, and nothing in them says so.
Result<LineSource::Encoding> detect_encoding(const std::filesystem::path& path,
                                             const FileKind& kind, const Dialect& dialect,
                                             std::span<const Role> roles) {
  const bool may_be_latin1 = dialect.delimiter == "::" || dialect.delimiter == "|";
  if (!may_be_latin1 || roles.data() != item_roles().data()) return LineSource::Encoding::kUtf8;
  Result<LineSource> lines = LineSource::open(path, kind, LineSource::Encoding::kUtf8);
  if (!lines) return lines.error();
  for (;;) {
    const Result<bool> found = lines->next();
    if (!found) return found.error();
    if (!*found) break;
  }
  const Result<std::vector<RefusedLine>> refused = lines->finish();
  if (!refused) return refused.error();
  return refused->empty() ? LineSource::Encoding::kUtf8 : LineSource::Encoding::kLatin1;
}

}  // namespace

Result<std::unique_ptr<Table>> open_delimited_table(
    const std::filesystem::path& path, const FileKind& kind, std::span<const std::string> sample,
    std::span<const Role> roles, const std::map<std::string, std::string>& given) {
  const std::optional<Dialect> dialect = detect_dialect(sample, preferred_delimiter(path));
  if (!dialect) {
    return Error{ErrorCode::kDataMalformed,
                 path.string() +
                     ": line 1 holds one field only; fields are told apart by a comma, a tab, "
                     "\"::\", \";\", \"|\" or blanks"};
  }
  const Result<LineSource::Encoding> encoding = detect_encoding(path, kind, *dialect, roles);
  if (!encoding) return encoding.error();
  Result<LineSource> source = LineSource::open(path, kind, *encoding);
  if (!source) return source.error();
  auto table = std::make_unique<DelimitedTable>(path, std::move(*source), *dialect);
  if (Status header = table->read_header(roles, given); !header) return header.error();
  return std::unique_ptr<Table>(std::move(table));
}

}  // namespace palate::internal
