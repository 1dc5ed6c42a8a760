// Texts of errors that name numbers.
#include "model/sentence.h"

namespace palate::internal {

std::string sentence(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

}  // namespace palate::internal
