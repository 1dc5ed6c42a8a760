// Whether what a file says of its own making makes sense.
#include <cmath>

#include "model/check.h"
#include "palate/words.h"

namespace palate::internal {

Verdict check_facts(const format::Facts& facts, MappedModel& mapped) {
  FactsView& view = mapped.facts;
  view = {.producer = text_of(*facts.producer()),
          .recipe = text_of(*facts.recipe()),
          .recipe_toml = text_of(*facts.recipe_toml()),
          .instruction_set = text_of(*facts.instruction_set()),
          .users = facts.users(),
          .interactions = facts.interactions(),
          .newest_ms = facts.newest_ms(),
          .seed = facts.seed(),
          .metrics = {}};
  for (const std::string_view text :
       {view.producer, view.recipe, view.recipe_toml, view.instruction_set}) {
    if (!is_text(text))
      return meaning_error("the facts"_words, "have a text too long or not UTF-8"_words);
  }
  const std::uint32_t count = facts.metrics() == nullptr ? 0 : facts.metrics()->size();
  if (!mapped.metrics.allocate(count)) return memory_refused();
  for (std::uint32_t i = 0; i < count; ++i) {
    const format::Metric& metric = *facts.metrics()->Get(i);
    MetricView& mapped_metric = mapped.metrics.span()[i];
    mapped_metric = {text_of(*metric.name()), metric.value()};
    if (!is_text(mapped_metric.name) || !std::isfinite(mapped_metric.value)) {
      return meaning_error("a metric"_words, "has no readable name or is not finite"_words);
    }
  }
  view.metrics = mapped.metrics.span();
  return kPassed;
}

}  // namespace palate::internal
