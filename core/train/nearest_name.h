// The known name that a mistyped one most likely meant.
#ifndef PALATE_TRAIN_NEAREST_NAME_H_
#define PALATE_TRAIN_NEAREST_NAME_H_

#include <span>
#include <string_view>

namespace palate::internal {

/// Smallest Levenshtein distance; ties: the first. `names` must not be empty.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_NEAREST_NAME_H_
