// Tables of before and after.
#include "compression_report.h"

#include "format.h"

namespace palate::tools {
namespace {

std::string percent(double share) { return fixed(100 * share, 2) + " %"; }

}  // namespace

double Quality::loss() const {
  if (before <= 0) return 0;
  return is_error ? after / before - 1 : 1 - after / before;
}

std::vector<Quality> compare(const EvaluationReport& before, const EvaluationReport& after,
                             std::uint32_t k) {
  const RankingMetrics& old_ranking = before.model.front().ranking;
  const RankingMetrics& new_ranking = after.model.front().ranking;
  const std::string at = "@" + std::to_string(k);
  std::vector<Quality> list = {{"recall" + at, old_ranking.recall, new_ranking.recall},
                               {"ndcg" + at, old_ranking.ndcg, new_ranking.ndcg}};
  if (before.values && after.values) {
    list.push_back({"rmse", before.values->rmse, after.values->rmse, true});
  }
  return list;
}

void print_change(const Change& change, const Model& before, const Model& after,
                  const std::vector<Quality>& list, std::ostream& out) {
  Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kRight});
  table.add({change.what, change.before, change.after, "loss"});
  const auto per_item = [](const Model& model) {
    return fixed(
        static_cast<double>(model.bytes().size()) / static_cast<double>(model.item_count()), 1);
  };
  table.add({"bytes", with_commas(before.bytes().size()), with_commas(after.bytes().size()), ""});
  table.add({"bytes an item", per_item(before), per_item(after), ""});
  for (const Quality& quality : list) {
    table.add(
        {quality.name, fixed(quality.before, 4), fixed(quality.after, 4), percent(quality.loss())});
  }
  table.print(out);
}

std::string index_text(const MadeListIndex& made) {
  const ListIndex& index = made.index;
  return "the index finds " + fixed(index.recall, 4) + " of the exact best " +
         with_commas(index.length) + " in " + with_commas(index.probes) + " of its lists, with " +
         percent(made.share) + " of the items";
}

Status check_losses(double max_loss, const std::string& changes, const std::vector<Quality>& list) {
  constexpr double kRounding = 1e-6;  // of the same numbers, added up in another order
  for (const Quality& quality : list) {
    if (quality.loss() <= max_loss + kRounding) continue;
    return Error{ErrorCode::kRequestInvalid,
                 changes + " lose " + percent(quality.loss()) + " of " + quality.name +
                     ", over --max-loss " + percent(max_loss) +
                     ": nothing is written; take more bits or probes, or allow a larger loss"};
  }
  return Done{};
}

}  // namespace palate::tools
