// Instructions are untrusted: every number that they name is held against both files.
#include "delta/instructions.h"

#include <cstring>

namespace palate::internal {
namespace {

class Interpreter {
 public:
  Interpreter(std::span<const std::byte> base, std::span<const std::byte> instructions,
              std::span<std::byte> result)
      : base_(base), instructions_(instructions), result_(result), rows_left_(result.size()) {}

  bool run(std::vector<WordRegion>& regions) {
    return read_rows() && fill_all() && read_regions(regions) && instructions_.empty();
  }

 private:
  // False at the end and for what is no number.
  bool read(std::uint64_t& number) {
    number = 0;
    for (int shift = 0; shift < 35 && !instructions_.empty(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(instructions_.front());
      instructions_ = instructions_.subspan(1);
      number |= (byte & 127) << shift;
      if (byte < 128) return number >> 32 == 0;
    }
    return false;
  }

  bool read_rows() {
    std::uint64_t count = 0;
    // Each takes a byte at least.
    if (!read(count) || count > instructions_.size()) return false;
    rows_.resize(count);
    std::int64_t expected = 0;
    for (std::uint64_t& row : rows_) {
      if (!read(row)) return false;
      if (row == 0) continue;
      const std::int64_t number = expected + unzigzag(row - 1);
      if (number < 0 || number >> 31 != 0) return false;
      row = static_cast<std::uint64_t>(number) + 1;
      expected = number + 1;
    }
    return true;
  }

  bool fill_all() {
    std::uint64_t count = 0;
    if (!read(count)) return false;
    for (; count > 0; --count) {
      std::uint64_t gap = 0;
      if (!read(gap) || !skip(gap) || !fill()) return false;
    }
    return true;
  }

  bool fill() {
    std::uint64_t kind = 0;
    std::uint64_t unit = 0;
    std::uint64_t from = 0;
    if (!read(kind) || !read(unit) || !read(from)) return false;
    if (kind == kFillWhole) return copy(from, unit);
    // A row of a file takes a byte of it at least, so all fills together meet no more rows.
    if (rows_.size() > rows_left_) return false;
    rows_left_ -= rows_.size();
    if (kind == kFillRows) return fill_rows(unit, from);
    return kind == kFillTexts && fill_texts(unit, from);
  }

  bool fill_rows(std::uint64_t size, std::uint64_t from) {
    for (const std::uint64_t row : rows_) {
      if (!(row == 0 ? skip(size) : copy(from + (row - 1) * size, size))) return false;
    }
    return true;
  }

  bool fill_texts(std::uint64_t unit, std::uint64_t offsets) {
    std::uint64_t from = 0;
    std::uint64_t exceptions = 0;
    std::uint64_t exception = 0;
    if (!read(from) || !read(exceptions)) return false;
    if (exceptions > 0 && !read(exception)) return false;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (exceptions == 0 || row != exception) {
        if (!copy_text(rows_[row], unit, offsets, from)) return false;
        continue;
      }
      std::uint64_t size = 0;
      std::uint64_t gap = 0;
      if (!read(size) || !skip(size * unit)) return false;
      if (--exceptions > 0 && !read(gap)) return false;
      exception = row + 1 + gap;
    }
    return exceptions == 0;
  }

  bool copy_text(std::uint64_t row, std::uint64_t unit, std::uint64_t offsets, std::uint64_t from) {
    std::uint32_t ends[2];
    const std::uint64_t at = offsets + 4 * (row - 1);
    if (row == 0 || at > base_.size() || base_.size() - at < sizeof(ends)) return false;
    std::memcpy(ends, base_.data() + at, sizeof(ends));
    return ends[0] <= ends[1] && copy(from + ends[0] * unit, (ends[1] - ends[0]) * unit);
  }

  bool skip(std::uint64_t size) {
    if (size > result_.size()) return false;
    result_ = result_.subspan(size);
    return true;
  }

  bool copy(std::uint64_t from, std::uint64_t size) {
    if (from > base_.size() || size > base_.size() - from || size > result_.size()) return false;
    if (size > 0) std::memcpy(result_.data(), base_.data() + from, size);
    return skip(size);
  }

  bool read_regions(std::vector<WordRegion>& regions) {
    std::uint64_t count = 0;
    if (!read(count)) return false;
    const std::uint64_t size = filled_.size();
    std::uint64_t place = 0;
    for (; count > 0; --count) {
      std::uint64_t gap = 0;
      std::uint64_t words = 0;
      if (!read(gap) || !read(words) || gap > size - place) return false;
      place += gap;
      if (words / 2 > (size - place) / 4) return false;
      regions.push_back({place, words / 2, words % 2 == 1});
      place += words / 2 * 4;
    }
    return true;
  }

  std::span<const std::byte> base_;
  std::span<const std::byte> instructions_;  ///< what is left of them
  std::span<std::byte> result_;              ///< what is left to fill
  std::span<const std::byte> filled_ = result_;
  std::uint64_t rows_left_;
  std::vector<std::uint64_t> rows_;  ///< the base's row of each item, plus 1; 0: it has none
};

}  // namespace

void InstructionWriter::number(std::uint64_t number) {
  for (; number > 127; number >>= 7) bytes_.push_back(static_cast<std::byte>(number | 128));
  bytes_.push_back(static_cast<std::byte>(number));
}

Result<std::vector<WordRegion>> predict(std::span<const std::byte> base,
                                        std::span<const std::byte> instructions,
                                        std::span<std::byte> result) {
  std::vector<WordRegion> regions;
  if (Interpreter(base, instructions, result).run(regions)) return regions;
  return Error{ErrorCode::kModelStructure,
               "the delta is damaged: its instructions leave the files: make it again"};
}

}  // namespace palate::internal
