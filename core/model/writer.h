// Writing a model file with a free choice of who is named as its producer.
#ifndef PALATE_MODEL_WRITER_INTERNAL_H_
#define PALATE_MODEL_WRITER_INTERNAL_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "palate/model_writer.h"

namespace palate::internal {

/// `write_model`, for files that must not change with the release that writes them.
Result<std::vector<std::byte>> write_model_as(const ModelContents& contents,
                                              std::string_view producer);

/// `write_model`, without opening the bytes: where there is no room for a reader, whoever loads
/// them checks them.
Result<std::vector<std::byte>> write_unopened(const ModelContents& contents);

/// A file with this body, which nobody has opened.
std::vector<std::byte> unopened_file_of(std::span<const std::byte> body);

/// A file with this body, opened once to see that it can be read.
Result<std::vector<std::byte>> file_of(std::span<const std::byte> body);

}  // namespace palate::internal

#endif  // PALATE_MODEL_WRITER_INTERNAL_H_
