// The differences between a file and its prediction, laid out so that they pack well: byte by byte,
// but of words as whole numbers, whose lowest bytes come first, then the second ones, and so on.
#ifndef PALATE_DELTA_DIFFERENCES_H_
#define PALATE_DELTA_DIFFERENCES_H_

#include <cstddef>
#include <span>

#include "delta/instructions.h"

namespace palate::internal {

/// Of three files of the same size. `regions` ascend and lie within them.
void subtract(std::span<const std::byte> file, std::span<const std::byte> prediction,
              std::span<const WordRegion> regions, std::span<std::byte> differences);

/// The way back: `file` holds the prediction, then the file.
void add(std::span<const std::byte> differences, std::span<const WordRegion> regions,
         std::span<std::byte> file);

}  // namespace palate::internal

#endif  // PALATE_DELTA_DIFFERENCES_H_
