// A log of interactions, row after row.
#include "palate/interactions.h"

namespace palate {

void InteractionLog::append(const InteractionLog& from, std::size_t row, std::uint32_t user_number,
                            std::uint32_t item_number) {
  user.push_back(user_number);
  item.push_back(item_number);
  if (!from.value.empty()) value.push_back(from.value[row]);
  if (!from.time_ms.empty()) time_ms.push_back(from.time_ms[row]);
  if (!from.type.empty()) type.push_back(from.type[row]);
}

}  // namespace palate
