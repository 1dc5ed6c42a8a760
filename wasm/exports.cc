// What JavaScript calls of the session: functions of numbers. Texts and lists cross as the address
// of a `Stretch`.
//
// An instance of the module is one session, so its functions need no object to be called on.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "session.h"

namespace palate {

/// Where things lie in memory, and how many; js/src/memory.ts reads it.
struct Stretch {
  const void* data;
  std::size_t size;
};
static_assert(sizeof(Stretch) == 8 && offsetof(Stretch, size) == 4);

namespace {

// js/src/runtime.ts reads and writes these by word.
static_assert(sizeof(Pick) == 8 && offsetof(Pick, item) == 0 && offsetof(Pick, score) == 4);
static_assert(sizeof(Contribution) == 8 && offsetof(Contribution, item) == 0 &&
              offsetof(Contribution, amount) == 4);
static_assert(sizeof(AttributeContribution) == 12 &&
              offsetof(AttributeContribution, attribute) == 0 &&
              offsetof(AttributeContribution, category) == 4 &&
              offsetof(AttributeContribution, amount) == 8);
static_assert(sizeof(Adjustment) == 12 && offsetof(Adjustment, attribute) == 0 &&
              offsetof(Adjustment, category) == 4 && offsetof(Adjustment, weight) == 8);
static_assert(sizeof(Taste) == 16 && offsetof(Taste, attribute) == 0 &&
              offsetof(Taste, category) == 4 && offsetof(Taste, share) == 8 &&
              offsetof(Taste, usual) == 12);
static_assert(sizeof(VisitorEvent) == 24 && offsetof(VisitorEvent, item) == 0 &&
              offsetof(VisitorEvent, kind) == 4 && offsetof(VisitorEvent, value) == 8 &&
              offsetof(VisitorEvent, type) == 12 && offsetof(VisitorEvent, time_ms) == 16);
static_assert(offsetof(Explanation, score) == 0 && offsetof(Explanation, base) == 4 &&
              offsetof(Explanation, remainder) == 8);

// js/src/request_words.ts writes these.
static_assert(sizeof(RequestHead) == 84 && sizeof(ItemIndex) == 4 && sizeof(Condition) == 16 &&
              sizeof(Cap) == 8 && sizeof(Quota) == 12 && sizeof(Handicap) == 8 &&
              offsetof(RequestHead, pool) == 36 && offsetof(RequestHead, freshness) == 56);

static_assert(sizeof(FeatureContribution) == 8 && offsetof(FeatureContribution, amount) == 0 &&
              offsetof(FeatureContribution, linear) == 4);

/// To be read before the next call.
template <class Things>
const Stretch* stretch(const Things& things) {
  static Stretch last;
  last = {things.data(), things.size()};
  return &last;
}

const Model& model() { return session().model(); }
const AttributeView& attribute(std::uint32_t index) { return model().attributes()[index]; }

}  // namespace

Session& session() {
  static Session& one = *new Session;  // lives as long as the instance
  return one;
}

// In the file that every page loads. 0 where a call fails, which leaves the error with the session.
namespace core {

[[clang::export_name("allocate")]] void* allocate(std::size_t size) {
  return session().allocate(size).data();
}
[[clang::export_name("needsRest")]] bool needs_rest() { return session().needs_rest(); }
[[clang::export_name("open")]] bool open(double half_life_days, bool learns, bool was_compared) {
  return session().open({.half_life_days = half_life_days, .learns = learns},
                        was_compared ? Checksum::kCompared : Checksum::kToCompare);
}
[[clang::export_name("errorCode")]] const Stretch* error_code() {
  return stretch(error_name(session().error().code));
}
[[clang::export_name("errorMessage")]] const Stretch* error_message() {
  return stretch(session().error().message);
}

[[clang::export_name("desk")]] void* desk(std::size_t size) { return session().desk(size).data(); }
[[clang::export_name("takeHistory")]] bool take_history(std::size_t count) {
  return session().take_history(count);
}
[[clang::export_name("find")]] const std::int32_t* find(std::size_t count) {
  return session().find(count).data();
}
[[clang::export_name("changesOrder")]] bool changes_order() { return session().changes_order(); }
[[clang::export_name("best")]] bool best(std::size_t count) { return session().best(count); }
[[clang::export_name("score")]] bool score(std::size_t count) { return session().score(count); }
[[clang::export_name("picks")]] const Stretch* picks() { return stretch(session().picks()); }

/// The explanation, which begins with the score, the base and the remainder; 0: failed.
[[clang::export_name("explain")]] const Explanation* explain(std::uint32_t item) {
  return session().explain(ItemIndex{item}) ? &session().explanation() : nullptr;
}
[[clang::export_name("contributions")]] const Stretch* contributions() {
  return stretch(session().explanation().contributions);
}
[[clang::export_name("shares")]] const Stretch* shares() {
  return stretch(session().explanation().attributes);
}
[[clang::export_name("moved")]] const Stretch* moved() {
  return stretch(session().explanation().adjustments);
}

/// Takes a text of so many bytes.
[[clang::export_name("eventType")]] std::uint32_t event_type(std::size_t size) {
  return model().event_type(session().text(size));
}
[[clang::export_name("id")]] const Stretch* id(std::uint32_t item) {
  return stretch(model().id(ItemIndex{item}));
}
[[clang::export_name("title")]] const Stretch* title(std::uint32_t item) {
  return stretch(model().title(ItemIndex{item}));
}
[[clang::export_name("popularity")]] std::uint32_t popularity(std::uint32_t item) {
  return model().popularity(ItemIndex{item});
}

[[clang::export_name("attributeCount")]] std::size_t attribute_count() {
  return model().attributes().size();
}
[[clang::export_name("attributeName")]] const Stretch* attribute_name(std::uint32_t index) {
  return stretch(attribute(index).name);
}
[[clang::export_name("attributeIsNumber")]] bool attribute_is_number(std::uint32_t index) {
  return attribute(index).kind == AttributeKind::kNumber;
}
[[clang::export_name("attributeNumbers")]] const Stretch* attribute_numbers(std::uint32_t index) {
  return stretch(attribute(index).numbers);
}
[[clang::export_name("attributeOffsets")]] const Stretch* attribute_offsets(std::uint32_t index) {
  return stretch(attribute(index).offsets);
}
[[clang::export_name("attributeEntries")]] const Stretch* attribute_entries(std::uint32_t index) {
  return stretch(attribute(index).entries);
}
[[clang::export_name("categoryCount")]] std::size_t category_count(std::uint32_t index) {
  return attribute(index).categories.size();
}
[[clang::export_name("category")]] const Stretch* category(std::uint32_t index,
                                                           std::uint32_t category) {
  return stretch(attribute(index).categories[category]);
}
/// Takes a text of so many bytes.
[[clang::export_name("findCategory")]] std::uint32_t find_category(std::uint32_t index,
                                                                   std::size_t size) {
  return attribute(index).find(session().text(size)).value_or(kNoCategory);
}

[[clang::export_name("featureCount")]] std::size_t feature_count() {
  return session().tabular_columns().size();
}
[[clang::export_name("contextCount")]] std::size_t context_count() {
  return session().context_columns().size();
}
[[clang::export_name("columnName")]] const Stretch* column_name(std::uint32_t index) {
  return stretch(session().column(index).name);
}
[[clang::export_name("columnIsNumber")]] bool column_is_number(std::uint32_t index) {
  return session().column(index).kind == AttributeKind::kNumber;
}
[[clang::export_name("label")]] const Stretch* label() {
  const TabularView* tabular = model().tabular();
  return stretch(tabular == nullptr ? std::string_view() : tabular->label);
}
[[clang::export_name("producer")]] const Stretch* producer() {
  return stretch(model().facts().producer);
}
[[clang::export_name("recipe")]] const Stretch* recipe() { return stretch(model().facts().recipe); }

[[clang::export_name("hasIndex")]] bool has_index() { return model().has_list_index(); }
/// Items, dimension, whether there is a ranker, users, interactions, time of the newest.
[[clang::export_name("facts")]] const double* facts() {
  static std::array<double, 6> numbers;
  const auto& of = model().facts();
  numbers = {static_cast<double>(model().item_count()),
             static_cast<double>(model().dimension()),
             static_cast<double>(model().ranker() != nullptr),
             static_cast<double>(of.users),
             static_cast<double>(of.interactions),
             static_cast<double>(of.newest_ms)};
  return numbers.data();
}

}  // namespace core

// In the file for what few pages ask for: split.py knows them by this namespace.
namespace rest {

[[clang::export_name("useIndex")]] bool use_index() { return session().use_index(); }
[[clang::export_name("indexRecall")]] float index_recall() { return model().list_index()->recall; }
[[clang::export_name("learn")]] bool learn() { return session().learn(); }
[[clang::export_name("rerank")]] bool rerank(std::size_t count) { return session().rerank(count); }
[[clang::export_name("similar")]] bool similar(std::uint32_t item, std::size_t count) {
  return session().similar(ItemIndex{item}, count);
}
[[clang::export_name("ask")]] bool ask(std::size_t count) { return session().ask(count); }
[[clang::export_name("adjust")]] bool adjust(std::size_t count) { return session().adjust(count); }
[[clang::export_name("taste")]] bool taste() { return session().taste(); }
[[clang::export_name("tastes")]] const Stretch* tastes() { return stretch(session().tastes()); }
[[clang::export_name("clearRow")]] void clear_row() { session().clear_row(); }
[[clang::export_name("setNumber")]] void set_number(std::uint32_t column, float value) {
  session().set_number(column, value);
}
/// Takes a text of so many bytes.
[[clang::export_name("addCategory")]] void add_category(std::uint32_t column, std::size_t size) {
  session().add_category(column, session().text(size));
}
[[clang::export_name("scoreRow")]] bool score_row() { return session().score_row(); }
[[clang::export_name("setContext")]] bool set_context() { return session().set_context(); }
[[clang::export_name("rowNumbers")]] const Stretch* row_numbers() {
  return stretch(session().row_numbers());
}
[[clang::export_name("rowContributions")]] const Stretch* row_contributions() {
  return stretch(session().row_contributions());
}

}  // namespace rest
}  // namespace palate
