// Embind: what JavaScript sees of the session. Spans cross as addresses, sizes and rows as numbers.
//
// An instance of the module is one session, so its functions need no object to be called on: the
// glue for classes would be a sixth of the scripts that a page loads.
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

// js/src/request_words.ts writes these.
static_assert(sizeof(RequestHead) == 84 && sizeof(ItemIndex) == 4 && sizeof(Condition) == 16 &&
              sizeof(Cap) == 8 && sizeof(Quota) == 12 && sizeof(Handicap) == 8 &&
              offsetof(RequestHead, pool) == 36 && offsetof(RequestHead, freshness) == 56);

static_assert(sizeof(FeatureContribution) == 8 && offsetof(FeatureContribution, amount) == 0 &&
              offsetof(FeatureContribution, linear) == 4);

// Its address, then how many there are.
static_assert(sizeof(std::span<const float>) == 8);

template <class T>
Address address_of(std::span<T> values) {
  return reinterpret_cast<Address>(values.data());
}

std::string text(std::string_view view) { return std::string(view); }

const AttributeView& attribute(const Session& session, std::uint32_t index) {
  return session.model().attributes()[index];
}

Address allocate(Session& session, std::size_t size) { return address_of(session.allocate(size)); }
bool needs_rest(const Session& session) { return session.needs_rest(); }
bool open(Session& session, double half_life_days, bool learns, bool was_compared) {
  return session.open({.half_life_days = half_life_days, .learns = learns},
                      was_compared ? Checksum::kCompared : Checksum::kToCompare);
}
Address desk(Session& session, std::size_t size) { return address_of(session.desk(size)); }
Address find(Session& session, std::size_t count) { return address_of(session.find(count)); }
Address encoder_state(Session& session) {
  return reinterpret_cast<Address>(&session.encoder_state());
}
bool changes_order(const Session& session) { return session.changes_order(); }

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

std::size_t share_count(const Session& session) { return session.explanation().attributes.size(); }
Address shares(const Session& session) {
  return address_of(std::span(session.explanation().attributes));
}

std::size_t moved_count(const Session& session) { return session.explanation().adjustments.size(); }
Address moved(const Session& session) {
  return address_of(std::span(session.explanation().adjustments));
}
std::size_t taste_count(const Session& session) { return session.tastes().size(); }
Address tastes(const Session& session) { return address_of(session.tastes()); }

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

std::uint32_t find_category(const Session& session, std::uint32_t index, const std::string& name) {
  return attribute(session, index).find(name).value_or(kNoCategory);
}

std::size_t feature_count(const Session& session) { return session.tabular_columns().size(); }
std::size_t context_count(const Session& session) { return session.context_columns().size(); }
std::string column_name(const Session& session, std::uint32_t index) {
  return text(session.column(index).name);
}
bool column_is_number(const Session& session, std::uint32_t index) {
  return session.column(index).kind == AttributeKind::kNumber;
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
bool has_index(const Session& session) { return session.model().has_list_index(); }
float index_recall(const Session& session) { return session.model().list_index()->recall; }
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

// Where a binding's code goes: into the file that every page loads, or into the one for what few
// pages ask for. split.py reads it from the names of the functions below.
struct Core;
struct Rest;

// A function of the session as one that JavaScript can call.
template <class Part, class Call, Call kCall>
struct Binding;

template <class Part, class Result, class... Arguments, Result (*kCall)(Session&, Arguments...)>
struct Binding<Part, Result (*)(Session&, Arguments...), kCall> {
  static Result call(Arguments... arguments) { return kCall(session(), arguments...); }
};

template <class Part, class Result, class... Arguments,
          Result (*kCall)(const Session&, Arguments...)>
struct Binding<Part, Result (*)(const Session&, Arguments...), kCall> {
  static Result call(Arguments... arguments) { return kCall(session(), arguments...); }
};

template <class Part, class Result, class... Arguments, Result (Session::*kCall)(Arguments...)>
struct Binding<Part, Result (Session::*)(Arguments...), kCall> {
  static Result call(Arguments... arguments) { return (session().*kCall)(arguments...); }
};

template <auto kCall, class Part = Core>
void bind(const char* name) {
  emscripten::function(name, &Binding<Part, decltype(kCall), kCall>::call);
}

}  // namespace

Session& session() {
  static Session& one = *new Session;  // lives as long as the instance
  return one;
}

EMSCRIPTEN_BINDINGS(palate) {
  bind<&allocate>("allocate");
  bind<&needs_rest>("needsRest");
  bind<&open>("open");
  bind<&Session::use_index, Rest>("useIndex");
  bind<&error_code>("errorCode");
  bind<&error_message>("errorMessage");
  bind<&desk>("desk");
  bind<&Session::take_history>("takeHistory");
  bind<&Session::learn, Rest>("learn");
  bind<&encoder_state>("encoderState");
  bind<&Session::restore_encoder>("restoreEncoder");
  bind<&changes_order>("changesOrder");
  bind<&Session::best>("best");
  bind<&Session::rerank, Rest>("rerank");
  bind<&similar, Rest>("similar");
  bind<&Session::ask, Rest>("ask");
  bind<&Session::score>("score");
  bind<&pick_count>("pickCount");
  bind<&picks>("picks");
  bind<&explain>("explain");
  bind<&score>("explainedScore");
  bind<&base>("explainedBase");
  bind<&remainder>("explainedRemainder");
  bind<&contribution_count>("contributionCount");
  bind<&contributions>("contributions");
  bind<&share_count>("shareCount");
  bind<&shares>("shares");
  bind<&moved_count>("movedCount");
  bind<&moved>("moved");
  bind<&Session::adjust, Rest>("adjust");
  bind<&Session::taste, Rest>("taste");
  bind<&taste_count, Rest>("tasteCount");
  bind<&tastes, Rest>("tastes");
  bind<&find>("find");
  bind<&event_type>("eventType");
  bind<&item_count>("itemCount");
  bind<&id>("id");
  bind<&title>("title");
  bind<&popularity>("popularity");
  bind<&attribute_count>("attributeCount");
  bind<&attribute_name>("attributeName");
  bind<&attribute_is_number>("attributeIsNumber");
  bind<&attribute_numbers>("attributeNumbers");
  bind<&attribute_offsets>("attributeOffsets");
  bind<&attribute_entries>("attributeEntries");
  bind<&category_count>("categoryCount");
  bind<&category>("category");
  bind<&find_category>("findCategory");
  bind<&feature_count>("featureCount");
  bind<&context_count>("contextCount");
  bind<&column_name>("columnName");
  bind<&column_is_number>("columnIsNumber");
  bind<&label>("label");
  bind<&Session::clear_row, Rest>("clearRow");
  bind<&Session::set_number, Rest>("setNumber");
  bind<&add_category, Rest>("addCategory");
  bind<&Session::score_row, Rest>("scoreRow");
  bind<&Session::set_context, Rest>("setContext");
  bind<&row_numbers, Rest>("rowNumbers");
  bind<&row_contributions, Rest>("rowContributions");
  bind<&dimension>("dimension");
  bind<&has_index>("hasIndex");
  bind<&index_recall, Rest>("indexRecall");
  bind<&has_ranker>("hasRanker");
  bind<&producer>("producer");
  bind<&recipe>("recipe");
  bind<&users>("users");
  bind<&interactions>("interactions");
  bind<&newest_ms>("newestMs");
}

}  // namespace palate
