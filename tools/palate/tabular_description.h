// The tabular part of a model file as text for people and as JSON for scripts.
#ifndef PALATE_TOOLS_TABULAR_DESCRIPTION_H_
#define PALATE_TOOLS_TABULAR_DESCRIPTION_H_

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <span>
#include <string>

#include "palate/model.h"

namespace palate::tools {

// Columns of a tabular model, or of a ranker's context, which have no weights.
nlohmann::ordered_json column_json(const TabularColumnView& column);
std::string kind_text(const TabularColumnView& column);
std::size_t columns_bytes(std::span<const TabularColumnView> columns);

std::size_t tabular_bytes(const TabularView& tabular);
nlohmann::ordered_json tabular_json(const TabularView& tabular);
void print_tabular(const TabularView& tabular, std::ostream& out);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_TABULAR_DESCRIPTION_H_
