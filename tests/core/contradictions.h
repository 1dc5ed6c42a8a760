// Models that contradict themselves, each with the sentence that refuses it.
#ifndef PALATE_TESTS_CONTRADICTIONS_H_
#define PALATE_TESTS_CONTRADICTIONS_H_

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "golden_models.h"

namespace palate::testing {

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Contradiction {
  const char* says;  // a part of the error's sentence
  void (*change)(ModelContents& contents);
};

/// Changes a copy of `model` by one of them after the other.
inline void check_refused(std::span<const Contradiction> contradictions,
                          const ModelContents& model = golden::hybrid_model()) {
  for (const Contradiction& contradiction : contradictions) {
    ModelContents contents = model;
    contradiction.change(contents);
    const Result<std::vector<std::byte>> file = write_model(contents);
    INFO(contradiction.says);
    REQUIRE_FALSE(file.ok());
    CHECK(file.error().code == ErrorCode::kModelMeaning);
    CHECK_THAT(file.error().message, Catch::Matchers::ContainsSubstring(contradiction.says));
  }
}

}  // namespace palate::testing

#endif  // PALATE_TESTS_CONTRADICTIONS_H_
