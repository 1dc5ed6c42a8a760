// Model files that are damaged on purpose, and what is done to those that open all the same.
#ifndef PALATE_TESTS_FORGERY_H_
#define PALATE_TESTS_FORGERY_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

#include "palate/model.h"

namespace palate::testing {

/// A copy of a file in exactly as much aligned memory as it has bytes, so that a sanitizer sees
/// every step past its end.
class Forgery {
 public:
  explicit Forgery(std::span<const std::byte> file);

  std::span<std::byte> bytes() { return {bytes_.get(), size_}; }
  std::span<const std::byte> body() const { return std::span(bytes_.get(), size_).subspan(64); }

  /// States the length that the file has and the checksum that its bytes have.
  void mend();

  Result<Model> open() const { return Model::open({bytes_.get(), size_}); }

 private:
  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<std::byte, Free> bytes_;
  std::size_t size_;
};

/// Uses everything that a model offers: each text, number and index. Throws where the model breaks
/// a promise of its reader.
void read_everything(const Model& model);

/// The bytes that model and runtime have asked for since the program started: what they may be
/// refused, see model_memory_test.cc.
std::size_t requested_bytes();

/// Ranks, explains and predicts for a small history. Whatever the numbers of the model, what comes
/// out is finite or an error.
void rank_and_explain(const Model& model);

}  // namespace palate::testing

#endif  // PALATE_TESTS_FORGERY_H_
