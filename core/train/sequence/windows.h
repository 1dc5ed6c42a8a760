// What the network learns from in one go: windows cut out of the users' sequences.
#ifndef PALATE_TRAIN_SEQUENCE_WINDOWS_H_
#define PALATE_TRAIN_SEQUENCE_WINDOWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/random.h"
#include "train/item_sequences.h"

namespace palate::internal {

/// Events [begin, end) of the sequences are read one after the other; event k is told from the
/// others by what was read before: the targets are (begin, end].
struct Window {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
};

/// Cuts the sequences of these users into windows of at most `length` events, in random order.
/// Every event but a user's first is a target once; where the cuts lie is random, so an epoch
/// differs from the next.
std::vector<Window> draw_windows(const ItemSequences& sequences,
                                 std::span<const std::uint32_t> users, std::size_t length,
                                 Random random);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_WINDOWS_H_
