// Texts of errors that name numbers.
#ifndef PALATE_MODEL_SENTENCE_H_
#define PALATE_MODEL_SENTENCE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace palate::internal {

/// The digits of a number, as long as it lives. They come without the tables of std::to_string,
/// which a page would download.
class Digits {
 public:
  explicit Digits(std::uint64_t number) {
    do {
      bytes_[--first_] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
  }
  operator std::string_view() const { return {bytes_ + first_, kMost - first_}; }

 private:
  static constexpr std::size_t kMost = 20;

  char bytes_[kMost];
  std::size_t first_ = kMost;
};

/// The parts behind one another.
std::string sentence(std::initializer_list<std::string_view> parts);

}  // namespace palate::internal

#endif  // PALATE_MODEL_SENTENCE_H_
