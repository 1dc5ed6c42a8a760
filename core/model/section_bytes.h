// How large a model's sections will be, to be known before any of them is laid out.
#ifndef PALATE_MODEL_SECTION_BYTES_H_
#define PALATE_MODEL_SECTION_BYTES_H_

#include <cstdint>
#include <vector>

#include "palate/model_writer.h"

namespace palate::internal {

/// Of all sections of texts and numbers; tables, names and padding come on top.
std::uint64_t section_bytes(const ModelContents& contents);

/// Whether the columns of item weights are written in two bytes each.
bool fit_in_16_bits(const std::vector<std::uint32_t>& columns);

}  // namespace palate::internal

#endif  // PALATE_MODEL_SECTION_BYTES_H_
