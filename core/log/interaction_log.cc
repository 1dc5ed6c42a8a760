// A log of interactions, row after row.
#include "log/attribute_cells.h"
#include "palate/interactions.h"

namespace palate {

InteractionLog InteractionLog::without_rows() const {
  InteractionLog log;
  log.types = types;
  for (const Attribute& column : context) log.context.push_back(internal::without_cells(column));
  return log;
}

void InteractionLog::append(const InteractionLog& from, std::size_t row, std::uint32_t user_number,
                            std::uint32_t item_number) {
  user.push_back(user_number);
  item.push_back(item_number);
  if (!from.value.empty()) value.push_back(from.value[row]);
  if (!from.time_ms.empty()) time_ms.push_back(from.time_ms[row]);
  if (!from.type.empty()) type.push_back(from.type[row]);
  for (std::size_t column = 0; column < context.size(); ++column) {
    internal::append_cell(from.context[column], row, context[column]);
  }
}

}  // namespace palate
