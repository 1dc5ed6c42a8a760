// Embind: what JavaScript sees of a session. Spans cross as addresses, sizes and rows as numbers.
#include <emscripten/bind.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "session.h"

namespace palate {
namespace {

using Address = std::uintptr_t;

// js/src/runtime.ts reads and writes these by word.
static_assert(sizeof(Pick) == 8 && offsetof(Pick, item) == 0 && offsetof(Pick, score) == 4);
static_assert(sizeof(Contribution) == 8 && offsetof(Contribution, item) == 0 &&
              offsetof(Contribution, amount) == 4);
static_assert(sizeof(Event) == 24 && offsetof(Event, item) == 0 && offsetof(Event, weight) == 4 &&
              offsetof(Event, value) == 8 && offsetof(Event, type) == 12 &&
              offsetof(Event, time_ms) == 16);

static_assert(sizeof(FeatureContribution) == 8 && offsetof(FeatureContribution, amount) == 0 &&
              offsetof(FeatureContribution, linear) == 4);

template <class T>
Address address_of(std::span<T> values) {
  return reinterpret_cast<Address>(values.data());
}

std::string text(std::string_view view) { return std::string(view); }

const AttributeView& attribute(const Session& session, std::uint32_t index) {
  return session.model().attributes()[index];
}

Address allocate(Session& session, std::size_t size) { return address_of(session.allocate(size)); }
Address history(Session& session, std::size_t count) {
  return address_of(session.resize_history(count));
}
Address items(Session& session, std::size_t count) {
  return address_of(session.resize_items(count));
}

std::string error_code(const Session& session) { return text(error_name(session.error().code)); }
std::string error_message(const Session& session) { return session.error().message; }

bool similar(Session& session, std::uint32_t item, std::size_t count) {
  return session.similar(ItemIndex{item}, count);
}
bool explain(Session& session, std::uint32_t item) { return session.explain(ItemIndex{item}); }
std::size_t pick_count(const Session& session) { return session.picks().size(); }
Address picks(const Session& session) { return address_of(session.picks()); }

float score(const Session& session) { return session.explanation().score; }
float base(const Session& session) { return session.explanation().base; }
float remainder(const Session& session) { return session.explanation().remainder; }
std::size_t contribution_count(const Session& session) {
  return session.explanation().contributions.size();
}
Address contributions(const Session& session) {
  return address_of(std::span(session.explanation().contributions));
}

std::int32_t find(const Session& session, const std::string& id) {
  const auto item = session.model().find(id);
  return item ? static_cast<std::int32_t>(to_row(*item)) : -1;
}
std::uint32_t event_type(const Session& session, const std::string& name) {
  return session.model().event_type(name);
}
std::size_t item_count(const Session& session) { return session.model().item_count(); }
std::string id(const Session& session, std::uint32_t item) {
  return text(session.model().id(ItemIndex{item}));
}
std::string title(const Session& session, std::uint32_t item) {
  return text(session.model().title(ItemIndex{item}));
}
std::uint32_t popularity(const Session& session, std::uint32_t item) {
  return session.model().popularity(ItemIndex{item});
}

std::size_t attribute_count(const Session& session) { return session.model().attributes().size(); }
std::string attribute_name(const Session& session, std::uint32_t index) {
  return text(attribute(session, index).name);
}
bool attribute_is_number(const Session& session, std::uint32_t index) {
  return attribute(session, index).kind == AttributeKind::kNumber;
}
Address attribute_numbers(const Session& session, std::uint32_t index) {
  return address_of(attribute(session, index).numbers);
}
Address attribute_offsets(const Session& session, std::uint32_t index) {
  return address_of(attribute(session, index).offsets);
}
Address attribute_entries(const Session& session, std::uint32_t index) {
  return address_of(attribute(session, index).entries);
}
std::size_t category_count(const Session& session, std::uint32_t index) {
  return attribute(session, index).categories.size();
}
std::string category(const Session& session, std::uint32_t index, std::uint32_t category) {
  return text(attribute(session, index).categories[category]);
}

const TabularColumnView& feature(const Session& session, std::uint32_t index) {
  return session.model().tabular()->columns[index];
}
std::size_t feature_count(const Session& session) {
  const TabularView* tabular = session.model().tabular();
  return tabular == nullptr ? 0 : tabular->columns.size();
}
std::string feature_name(const Session& session, std::uint32_t index) {
  return text(feature(session, index).name);
}
bool feature_is_number(const Session& session, std::uint32_t index) {
  return feature(session, index).kind == AttributeKind::kNumber;
}
std::string label(const Session& session) {
  const TabularView* tabular = session.model().tabular();
  return tabular == nullptr ? std::string() : text(tabular->label);
}
void add_category(Session& session, std::uint32_t column, const std::string& category) {
  session.add_category(column, category);
}
Address row_numbers(const Session& session) { return address_of(session.row_numbers()); }
Address row_contributions(const Session& session) {
  return address_of(session.row_contributions());
}

std::uint32_t dimension(const Session& session) { return session.model().dimension(); }
bool has_ranker(const Session& session) { return session.model().ranker() != nullptr; }
std::string producer(const Session& session) { return text(session.model().facts().producer); }
std::string recipe(const Session& session) { return text(session.model().facts().recipe); }
double users(const Session& session) { return static_cast<double>(session.model().facts().users); }
double interactions(const Session& session) {
  return static_cast<double>(session.model().facts().interactions);
}
double newest_ms(const Session& session) {
  return static_cast<double>(session.model().facts().newest_ms);
}

}  // namespace

EMSCRIPTEN_BINDINGS(palate) {
  emscripten::class_<Session>("Session")
      .constructor<>()
      .function("allocate", &allocate)
      .function("open", &Session::open)
      .function("errorCode", &error_code)
      .function("errorMessage", &error_message)
      .function("history", &history)
      .function("items", &items)
      .function("recommend", &Session::recommend)
      .function("similar", &similar)
      .function("score", &Session::score)
      .function("pickCount", &pick_count)
      .function("picks", &picks)
      .function("explain", &explain)
      .function("explainedScore", &score)
      .function("explainedBase", &base)
      .function("explainedRemainder", &remainder)
      .function("contributionCount", &contribution_count)
      .function("contributions", &contributions)
      .function("find", &find)
      .function("eventType", &event_type)
      .function("itemCount", &item_count)
      .function("id", &id)
      .function("title", &title)
      .function("popularity", &popularity)
      .function("attributeCount", &attribute_count)
      .function("attributeName", &attribute_name)
      .function("attributeIsNumber", &attribute_is_number)
      .function("attributeNumbers", &attribute_numbers)
      .function("attributeOffsets", &attribute_offsets)
      .function("attributeEntries", &attribute_entries)
      .function("categoryCount", &category_count)
      .function("category", &category)
      .function("featureCount", &feature_count)
      .function("featureName", &feature_name)
      .function("featureIsNumber", &feature_is_number)
      .function("label", &label)
      .function("clearRow", &Session::clear_row)
      .function("setNumber", &Session::set_number)
      .function("addCategory", &add_category)
      .function("scoreRow", &Session::score_row)
      .function("rowNumbers", &row_numbers)
      .function("rowContributions", &row_contributions)
      .function("dimension", &dimension)
      .function("hasRanker", &has_ranker)
      .function("producer", &producer)
      .function("recipe", &recipe)
      .function("users", &users)
      .function("interactions", &interactions)
      .function("newestMs", &newest_ms);
}

}  // namespace palate
