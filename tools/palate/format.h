// Numbers and tables as people read them.
#ifndef PALATE_TOOLS_FORMAT_H_
#define PALATE_TOOLS_FORMAT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace palate::tools {

std::string with_commas(std::uint64_t number);   ///< 1234567 -> "1,234,567"
std::string fixed(double number, int decimals);  ///< 0.5, 3 -> "0.500"
std::string shortest(float number);              ///< the fewest digits that read back as the same
std::string duration(double seconds);            ///< "0.42 s", "3 min 20 s", "2 h 5 min"
std::string date(std::int64_t milliseconds);     ///< "2018-09-24", in UTC
std::string counted(std::uint64_t count, std::string_view noun);  ///< "1 row", "2,000 rows"

/// `text` in at most `width` characters (code points), the last an ellipsis where it was cut.
std::string shorten(std::string_view text, std::size_t width);

enum class Align { kLeft, kRight };

/// Rows of cells, printed in columns as wide as their widest cell.
class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void print(std::ostream& out) const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace palate::tools

#endif  // PALATE_TOOLS_FORMAT_H_
