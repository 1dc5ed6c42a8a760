// Types of a log's events by their names: as kinds of the page's, and as those of the model.
#include "page_histories.h"

#include <optional>
#include <string>

#include "log/rows_by_user.h"

namespace palate::tools {

std::vector<std::vector<VisitorEvent>> page_histories(const InteractionLog& log,
                                                      const Model& model) {
  struct Type {
    EventKind kind = EventKind::kOther;
    std::uint32_t number = 0;
  };
  std::vector<Type> types(1);
  for (const std::string& name : log.types) {
    types.push_back({event_kind(name), model.event_type(name)});
  }
  std::vector<std::optional<ItemIndex>> items;
  for (const std::string& id : log.items) items.push_back(model.find(id));
  const internal::RowsByUser by_user = internal::oldest_first(log);
  std::vector<std::vector<VisitorEvent>> histories;
  for (std::size_t user = 0; user < by_user.user_count(); ++user) {
    if (by_user.of(user).empty()) continue;
    std::vector<VisitorEvent>& events = histories.emplace_back();
    for (const std::uint32_t row : by_user.of(user)) {
      const std::optional<ItemIndex> item = items[log.item[row]];
      if (!item) continue;
      const Type type = log.type.empty() ? Type{} : types[log.type[row]];
      events.push_back({.item = *item,
                        .kind = type.kind,
                        .value = log.value.empty() ? kNoValue : log.value[row],
                        .type = type.number,
                        .time_ms = log.time_ms.empty() ? 0 : log.time_ms[row]});
    }
  }
  return histories;
}

}  // namespace palate::tools
