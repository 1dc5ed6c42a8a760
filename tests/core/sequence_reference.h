// The sequence network once more, in plain double precision: what tests compare against.
#ifndef PALATE_TESTS_SEQUENCE_REFERENCE_H_
#define PALATE_TESTS_SEQUENCE_REFERENCE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "runtime_reference.h"

namespace palate::testing {

/// An event as the network reads it.
struct ReadEvent {
  std::uint32_t row = 0;
  std::size_t gap = 0;  ///< bucket
  std::size_t type = 0;
};

/// Formula: palate/encoder_views.h, SequenceView.
struct ReferenceSequence {
  Sequence shape;  ///< its numbers are not read
  std::size_t dimension = 0;
  /// Block after block [mix_in, mix_out, distances, widen, narrow], then gains, gap vectors, type
  /// vectors; of a layer first the weights, then the bias.
  std::vector<double> numbers;
  std::vector<double> items;  ///< items x dimension

  explicit ReferenceSequence(const ModelContents& contents);

  /// The user vector after each of the events, none of them left out.
  Matrix user_vectors(std::span<const ReadEvent> events) const;
};

}  // namespace palate::testing

#endif  // PALATE_TESTS_SEQUENCE_REFERENCE_H_
