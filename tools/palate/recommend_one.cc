// A list for one history, for people to read.
#include "recommend_one.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "format.h"
#include "palate/recommender.h"

namespace palate::tools {
namespace {

constexpr std::size_t kTitleWidth = 48;
constexpr std::size_t kCategoriesWidth = 40;
constexpr std::size_t kReasons = 3;
constexpr float kShownAmount = 0.0005F;  // less is 0.000 in print

std::string name_of(const Model& model, ItemIndex item) {
  const std::string_view title = model.title(item);
  return std::string(title.empty() ? model.id(item) : title);
}

/// The item's categories of every attribute, joined.
std::string categories_of(const Model& model, ItemIndex item) {
  std::string text;
  for (const AttributeView& attribute : model.attributes()) {
    for (const std::uint32_t entry : attribute.entries_of(item)) {
      text += (text.empty() ? "" : "|") + std::string(attribute.categories[entry]);
    }
  }
  return text;
}

std::string signed_amount(float amount) { return (amount < 0 ? "" : "+") + fixed(amount, 3); }

/// "Comedy +0.240, Animation +0.193": what of the reasons comes through categories.
std::string categories_text(const Model& model, const Explanation& explanation) {
  std::vector<AttributeContribution> shares = explanation.attributes;
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.amount > b.amount; });
  std::string text;
  std::size_t named = 0;
  for (const AttributeContribution& share : shares) {
    if (named == kReasons || std::abs(share.amount) < kShownAmount) break;
    text += (text.empty() ? "" : ", ") +
            std::string(model.attributes()[share.attribute].categories[share.category]) + " " +
            signed_amount(share.amount);
    ++named;
  }
  return text;
}

/// "Toy Story (1995) +0.312, Antz (1998) +0.120, 2 others +0.041, base -0.200".
std::string reasons_text(const Model& model, const Explanation& explanation) {
  std::string text;
  const auto add = [&text](const std::string& what, float amount) {
    text += (text.empty() ? "" : ", ") + what + " " + signed_amount(amount);
  };
  std::size_t named = 0;
  std::size_t others = 0;
  float others_amount = 0;
  for (const Contribution& contribution : explanation.contributions) {
    if (contribution.amount == 0) continue;  // item weights leave most pairs of items out
    if (named < kReasons) {
      add(name_of(model, contribution.item), contribution.amount);
      ++named;
    } else {
      others_amount += contribution.amount;
      ++others;
    }
  }
  if (others > 0) add(counted(others, "other"), others_amount);
  if (explanation.base != 0) {
    add(explanation.contributions.empty() ? "popularity" : "base", explanation.base);
  }
  if (std::abs(explanation.remainder) >= kShownAmount) add("remainder", explanation.remainder);
  return text.empty() ? "nothing in the history" : text;
}

}  // namespace

KnownHistory look_up(const Model& model, std::span<const std::string> ids) {
  KnownHistory history;
  for (const std::string& id : ids) {
    if (id.empty()) continue;
    if (const std::optional<ItemIndex> item = model.find(id)) {
      history.events.push_back({.item = *item});
    } else {
      history.unknown.push_back(id);
    }
  }
  return history;
}

void print_unknown(const KnownHistory& history, std::ostream& log) {
  if (history.unknown.empty()) return;
  log << "palate recommend: " << counted(history.unknown.size(), "id")
      << " ignored: the model does not know";
  for (const std::string& id : history.unknown) log << ' ' << id;
  log << '\n';
}

Status recommend_one(const Model& model, std::span<const Event> history, const OneRequest& request,
                     std::ostream& out) {
  Result<Recommender> recommender = Recommender::create(model);
  if (!recommender) return recommender.error();
  if (Status status = recommender->use_index(); !status) return status;
  if (Status known = recommender->set_context(request.context); !known) return known;
  std::vector<Pick> picks(std::min<std::size_t>(request.count, model.item_count()));
  const auto count = recommender->recommend(history, request.request, picks);
  if (!count) return count.error();
  picks.resize(*count);
  Table table({Align::kRight, Align::kLeft, Align::kRight, Align::kLeft, Align::kLeft});
  table.add({"rank", "item", "score", "title", "categories"});
  std::vector<std::string> reasons;
  for (std::size_t at = 0; at < picks.size(); ++at) {
    const auto [item, score] = picks[at];
    table.add({std::to_string(at + 1), std::string(model.id(item)), fixed(score, 4),
               shorten(model.title(item), kTitleWidth),
               shorten(categories_of(model, item), kCategoriesWidth)});
    if (!request.explain) continue;
    const Result<Explanation> explanation = recommender->explain(history, item);
    if (!explanation) return explanation.error();
    reasons.push_back(reasons_text(model, *explanation));
    const std::string categories = categories_text(model, *explanation);
    if (!categories.empty()) reasons.back() += "; through " + categories;
  }
  table.print(out);
  for (std::size_t at = 0; at < reasons.size(); ++at) {
    out << (at == 0 ? "\nwhat the scores are made of\n" : "") << at + 1 << "  " << reasons[at]
        << '\n';
  }
  return Done{};
}

}  // namespace palate::tools
