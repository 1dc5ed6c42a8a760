// The lines of a text file, unpacked and checked for UTF-8 and length by DuckDB.
#include "data/line_source.h"

#include <charconv>
#include <utility>

namespace palate::internal {
namespace {

std::string_view compression_name(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return "gzip";
    case Compression::kZstd:
      return "zstd";
    case Compression::kNone:
      break;
  }
  return "uncompressed";
}

std::string lines_of(const std::filesystem::path& path, const FileKind& kind,
                     LineSource::Encoding encoding) {
  return "read_csv(" + sql_path(path) +
         ", columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, quote = '',"
         " escape = '', delim = chr(1) || chr(2) || chr(3) || chr(4), strict_mode = false,"
         " parallel = false, store_rejects = true, rejects_scan = 'refused_scans',"
         " rejects_table = 'refused', buffer_size = 8000000, max_line_size = " +
         std::to_string(kLongestLine) +
         ", compression = " + sql_text(compression_name(kind.compression)) +
         (encoding == LineSource::Encoding::kLatin1 ? ", encoding = 'latin-1')" : ")");
}

std::string reason_of(std::string_view duckdb_type) {
  if (duckdb_type == "INVALID ENCODING" || duckdb_type == "INVALID UNICODE") {
    return "the bytes are not UTF-8";
  }
  if (duckdb_type == "LINE SIZE OVER MAXIMUM") {
    return "the line is longer than " + std::to_string(kLongestLine) + " bytes";
  }
  return std::string(duckdb_type);
}

}  // namespace

LineSource::LineSource(Duckdb database, TextRows rows, std::string path, const FileKind& kind)
    : database_(std::make_unique<Duckdb>(std::move(database))),
      rows_(std::move(rows)),
      path_(std::move(path)),
      kind_(kind) {}

Result<LineSource> LineSource::open_relation(const std::filesystem::path& path,
                                             const FileKind& kind, const std::string& relation,
                                             const std::string& expressions) {
  Result<Duckdb> database = Duckdb::open();
  if (!database) return database.error();
  Result<TextRows> rows = database->query("SELECT " + expressions + " FROM " + relation);
  if (!rows) return Error{rows.error().code, path.string() + ": " + rows.error().message};
  return LineSource(std::move(*database), std::move(*rows), path.string(), kind);
}

Result<LineSource> LineSource::open(const std::filesystem::path& path, const FileKind& kind,
                                    Encoding encoding, const std::string& expressions) {
  return open_relation(path, kind, lines_of(path, kind, encoding), expressions);
}

Result<LineSource> LineSource::open_array(const std::filesystem::path& path, const FileKind& kind,
                                          const std::string& expressions) {
  Result<LineSource> source = open_relation(
      path, kind,
      "(SELECT json::VARCHAR AS line FROM read_json_objects(" + sql_path(path) +
          ", format = 'array', compression = " + sql_text(compression_name(kind.compression)) +
          "))",
      expressions);
  if (source) source->is_array_ = true;
  return source;
}

Result<bool> LineSource::next() {
  Result<bool> found = rows_.next();
  if (!found) return Error{found.error().code, path_ + ": " + found.error().message};
  if (*found) bytes_at_most_ += rows_.text(0).size() + 2;
  return found;
}

Result<std::vector<RefusedLine>> LineSource::finish() {
  if (is_array_) return std::vector<RefusedLine>{};
  Result<TextRows> rows = database_->query(
      "SELECT line::VARCHAR, min(error_type::VARCHAR) FROM refused GROUP BY line ORDER BY line");
  if (!rows) return Error{rows.error().code, path_ + ": " + rows.error().message};
  std::vector<RefusedLine> refused;
  for (;;) {
    const Result<bool> found = rows->next();
    if (!found) return found.error();
    if (!*found) break;
    RefusedLine line;
    const std::string_view number = rows->text(0);
    std::from_chars(number.data(), number.data() + number.size(), line.line);
    line.reason = reason_of(rows->text(1));
    refused.push_back(std::move(line));
  }
  if (Status complete = check_gzip_end(refused.size()); !complete) return complete.error();
  return refused;
}

// DuckDB takes a gzip file that was cut off for one that ends there. The last four bytes of a whole
// file are its unpacked length; of a cut one, any number.
Status LineSource::check_gzip_end(std::size_t refused) const {
  if (kind_.compression != Compression::kGzip || refused > 0) return Done{};
  constexpr std::uint64_t kByteOrderMark = 3;
  if (kind_.gzip_size <= bytes_at_most_ + kByteOrderMark) return Done{};
  return Error{ErrorCode::kDataMalformed,
               path_ + ": the gzip file ends early (its download or copy was cut off?)"};
}

}  // namespace palate::internal
