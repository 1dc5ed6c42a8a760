// What somebody who mistyped a word probably meant.
#ifndef PALATE_TOOLS_NEAREST_H_
#define PALATE_TOOLS_NEAREST_H_

#include <span>
#include <string>
#include <string_view>

namespace palate::tools {

/// The known word that takes the fewest edits (Levenshtein 1966) from `word`; empty where even that
/// one differs in more than half of its letters. Ties: the first.
std::string_view nearest(std::string_view word, std::span<const std::string> known);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_NEAREST_H_
