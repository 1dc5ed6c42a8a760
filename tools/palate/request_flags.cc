// The flags of a request, and what they come to with a model.
#include "request_flags.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "context_flags.h"
#include "flags.h"

namespace palate::tools {
namespace {

Error refused(const std::string& message) { return {ErrorCode::kRequestInvalid, message}; }

std::vector<ItemIndex> known_items(const Model& model, std::span<const std::string> ids) {
  std::vector<ItemIndex> items;
  for (const std::string& id : ids) {
    if (const std::optional<ItemIndex> item = model.find(id)) items.push_back(*item);
  }
  return items;
}

Result<std::uint32_t> find_attribute(const Model& model, std::string_view name) {
  std::string names;
  for (std::uint32_t row = 0; row < model.attributes().size(); ++row) {
    if (model.attributes()[row].name == name) return row;
    names += (row == 0 ? "" : ", ") + std::string(model.attributes()[row].name);
  }
  return refused("the model knows no attribute '" + std::string(name) + "'; it has " +
                 (names.empty() ? "none" : names));
}

template <class T>
bool read_number(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// An end of a range; the range is open where nothing stands.
bool read_end(std::string_view text, float open, float& number) {
  number = open;
  return text.empty() || read_number(text, number);
}

/// What stands before and behind the sign; nothing where it is missing.
std::pair<std::string_view, std::string_view> split(std::string_view text, std::size_t sign) {
  return {text.substr(0, sign), sign == text.npos ? std::string_view() : text.substr(sign + 1)};
}

Result<Cap> read_cap(const Model& model, const std::string& text) {
  const auto [name, count] = split(text, text.find('='));
  const Result<std::uint32_t> attribute = find_attribute(model, name);
  if (!attribute) return attribute.error();
  Cap cap{.attribute = *attribute};
  if (!read_number(count, cap.count)) return refused("'" + text + "' is not attribute=count");
  return cap;
}

Result<Quota> read_quota(const Model& model, const std::string& text) {
  const auto [name, rest] = split(text, text.find('='));
  const Result<std::uint32_t> attribute = find_attribute(model, name);
  if (!attribute) return attribute.error();
  const auto [category, count] = split(rest, rest.rfind(':'));
  Quota quota{.attribute = *attribute,
              .category = model.attributes()[*attribute].find(category).value_or(kNoCategory)};
  if (!read_number(count, quota.count)) {
    return refused("'" + text + "' is not attribute=category:count");
  }
  return quota;
}

Result<Freshness> read_freshness(const Model& model, const std::string& text, float weight) {
  const auto [name, half_life] = split(text, text.find('='));
  const Result<std::uint32_t> attribute = find_attribute(model, name);
  if (!attribute) return attribute.error();
  Freshness freshness{.attribute = *attribute, .weight = weight};
  if (!read_number(half_life, freshness.half_life)) {
    return refused("'" + text + "' is not attribute=half-life");
  }
  return freshness;
}

/// Reads each of many texts by one of the above.
template <class T, class Read>
Status read_all(const Model& model, const std::vector<std::string>& texts, Read read,
                std::vector<T>& values) {
  for (const std::string& text : texts) {
    Result<T> value = read(model, text);
    if (!value) return value.error();
    values.push_back(*value);
  }
  return Done{};
}

Result<Condition> read_condition(const Model& model, const std::string& text) {
  const auto [name, value] = split(text, text.find('='));
  const Result<std::uint32_t> attribute = find_attribute(model, name);
  if (!attribute) return attribute.error();
  const AttributeView& view = model.attributes()[*attribute];
  Condition condition{.attribute = *attribute};
  if (view.kind == AttributeKind::kCategory) {
    condition.category = view.find(value).value_or(kNoCategory);
    return condition;
  }
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::size_t dots = value.find("..");
  const std::string_view maximum = dots == value.npos ? value : value.substr(dots + 2);
  if (!read_end(value.substr(0, dots), -kInfinity, condition.minimum) ||
      !read_end(maximum, kInfinity, condition.maximum)) {
    return refused("'" + text + "' gives no range; write " + std::string(view.name) +
                   "=1990..1999, =1990.., =..1999 or =1990");
  }
  return condition;
}

}  // namespace

void RequestFlags::declare(CLI::App& app) {
  app.add_flag("--include-seen", include_seen, "List items of the history too");
  app.add_flag("--exact", exact, "Look at every item, whatever index the model has");
  split_at_commas(app.add_option("--exclude", exclude, "Ids that are never listed"));
  split_at_commas(app.add_option("--only", only, "Ids: no others are listed"));
  app.add_option("--where", where,
                 "attribute=category or attribute=minimum..maximum; of one attribute any, of "
                 "different attributes all must be met")
      ->check(check_assignment)
      ->allow_extra_args(false);
  const char* const order = "Order of the list";
  split_at_commas(app.add_option("--pin", pinned, "Ids that come first"))->group(order);
  app.add_option("--at-most", at_most, "attribute=count: no more items of any one category")
      ->check(check_assignment)
      ->allow_extra_args(false)
      ->group(order);
  app.add_option("--at-least", at_least, "attribute=category:count: as many items of a category")
      ->check(check_assignment)
      ->allow_extra_args(false)
      ->group(order);
  app.add_option("--diversity", diversity, "How much likeness to the items above counts (MMR)")
      ->check(CLI::Range(0.0F, 1.0F))
      ->group(order);
  app.add_flag("--dpp", dpp, "Diversity by a determinantal point process instead")->group(order);
  app.add_option("--popularity", popularity, "How much popularity counts against an item")
      ->group(order);
  app.add_option("--freshness", freshness,
                 "attribute=half-life: newer items come up, in the attribute's unit")
      ->check(check_assignment)
      ->group(order);
  app.add_option("--freshness-weight", freshness_weight, "How much")
      ->group(order)
      ->capture_default_str();
  app.add_option("--explore", explore,
                 "Try what might be liked: a draw from the posterior, its deviations times this")
      ->group(order);
  app.add_option("--seed", seed, "Of --explore")->group(order)->capture_default_str();
  split_at_commas(app.add_option("--context", context,
                                 "What is known of the visit, such as device=phone,hour=20"))
      ->check(check_assignment)
      ->group(order);
  app.add_option("--pool", pool, "How many of the best items are put in order")
      ->check(CLI::PositiveNumber)
      ->group(order)
      ->capture_default_str();
}

Status RequestFlags::resolve(const Model& model, HeldRequest& held) const {
  held.exclude = known_items(model, exclude);
  held.only = known_items(model, only);
  if (Status status = read_all(model, where, read_condition, held.where); !status) return status;
  held.request.exclude_seen = !include_seen;
  held.request.filter.exact = exact;
  held.request.filter.exclude = held.exclude;
  if (!only.empty()) held.request.filter.only = held.only;
  held.request.filter.where = held.where;
  Result<std::vector<EncodedColumn>> known = visit_context(model, context);
  if (!known) return known.error();
  held.context = std::move(*known);
  return resolve_order(model, held);
}

Status RequestFlags::resolve_order(const Model& model, HeldRequest& held) const {
  if (Status status = read_all(model, at_most, read_cap, held.caps); !status) return status;
  if (Status status = read_all(model, at_least, read_quota, held.quotas); !status) return status;
  held.pinned = known_items(model, pinned);
  Reranking& reranking = held.request.reranking;
  reranking.pinned = held.pinned;
  reranking.caps = held.caps;
  reranking.quotas = held.quotas;
  reranking.popularity = popularity;
  if (diversity > 0) reranking.diversity = dpp ? Diversity::kDpp : Diversity::kMmr;
  reranking.strength = diversity;
  reranking.pool = pool;
  held.request.exploration = {explore, seed};
  if (freshness.empty()) return Done{};
  const Result<Freshness> read = read_freshness(model, freshness, freshness_weight);
  if (!read) return read.error();
  reranking.freshness = *read;
  return Done{};
}

}  // namespace palate::tools
