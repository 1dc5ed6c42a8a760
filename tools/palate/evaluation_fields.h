// The names by which an evaluation's numbers are shown, in tables and in JSON.
#ifndef PALATE_TOOLS_EVALUATION_FIELDS_H_
#define PALATE_TOOLS_EVALUATION_FIELDS_H_

#include <array>
#include <optional>

#include "palate/evaluate.h"

namespace palate::tools {

template <class Metrics>
struct Field {
  const char* name;
  double Metrics::*value;
};

/// In the order of `kRankingFields`.
inline constexpr std::array<const char*, 6> kRankingNames{"recall", "precision", "hit_rate",
                                                          "ndcg",   "mrr",       "map"};

struct ListField {
  const char* name;
  std::optional<double> (*value)(const ListMetrics&);
  int decimals = 4;
};

inline constexpr std::array<ListField, 6> kListFields{{
    {"coverage", [](const ListMetrics& lists) { return std::optional(lists.coverage); }},
    {"diversity", [](const ListMetrics& lists) { return lists.diversity; }},
    {"novelty", [](const ListMetrics& lists) { return std::optional(lists.novelty); }},
    {"gini", [](const ListMetrics& lists) { return std::optional(lists.gini); }},
    {"popularity", [](const ListMetrics& lists) { return std::optional(lists.popularity); }, 1},
    {"popularity_lift", [](const ListMetrics& lists) { return lists.popularity_lift; }},
}};

inline constexpr std::array<Field<ClassificationMetrics>, 6> kClassificationFields{{
    {"accuracy", &ClassificationMetrics::accuracy},
    {"precision", &ClassificationMetrics::precision},
    {"recall", &ClassificationMetrics::recall},
    {"f1", &ClassificationMetrics::f1},
    {"auc", &ClassificationMetrics::auc},
    {"log_loss", &ClassificationMetrics::log_loss},
}};

inline constexpr std::array<Field<ValueMetrics>, 3> kValueFields{{
    {"mae", &ValueMetrics::mae},
    {"mse", &ValueMetrics::mse},
    {"rmse", &ValueMetrics::rmse},
}};

/// In the order of `PopularityClass`.
inline constexpr std::array<const char*, 3> kPopularityClassNames{"head", "torso", "tail"};

/// In the order of `DiversityBasis`.
inline constexpr std::array<const char*, 3> kDiversityBasisNames{"nothing", "item vectors",
                                                                 "categories"};

template <class Enum, std::size_t kCount>
const char* name_of(Enum value, const std::array<const char*, kCount>& names) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EVALUATION_FIELDS_H_
