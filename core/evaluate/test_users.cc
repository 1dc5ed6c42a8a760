// Who is tested, on what: each test user's history beside what was held out.
#include "evaluate/test_users.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace palate::internal {
namespace {

using Vocabulary = std::unordered_map<std::string_view, std::uint32_t>;

Vocabulary index_of(const std::vector<std::string>& ids) {
  Vocabulary rows;
  rows.reserve(ids.size());
  for (std::uint32_t row = 0; row < ids.size(); ++row) rows.emplace(ids[row], row);
  return rows;
}

/// A user and an item of the test log in one number, users first.
using Pair = std::uint64_t;
Pair pair_of(std::uint32_t user, std::uint32_t item) { return Pair{user} << 32 | item; }
std::uint32_t user_of(Pair pair) { return static_cast<std::uint32_t>(pair >> 32); }
std::uint32_t item_of(Pair pair) { return static_cast<std::uint32_t>(pair); }

/// The pairs of `history` that the test log could hold too, sorted.
std::vector<Pair> seen_pairs(const InteractionLog& history, const InteractionLog& test) {
  const Vocabulary users = index_of(test.users);
  const Vocabulary items = index_of(test.items);
  std::vector<Pair> seen;
  for (std::size_t row = 0; row < history.size(); ++row) {
    const auto user = users.find(history.users[history.user[row]]);
    if (user == users.end()) continue;
    const auto item = items.find(history.items[history.item[row]]);
    if (item != items.end()) seen.push_back(pair_of(user->second, item->second));
  }
  std::sort(seen.begin(), seen.end());
  return seen;
}

struct HeldOutRow {
  Pair pair = 0;
  std::size_t row = 0;
};

/// The rows of `test` that count: the last of each pair, none of `seen`; by user, then item.
std::vector<HeldOutRow> held_out_rows(const InteractionLog& test, const std::vector<Pair>& seen) {
  std::vector<HeldOutRow> rows;
  rows.reserve(test.size());
  for (std::size_t row = 0; row < test.size(); ++row) {
    rows.push_back({pair_of(test.user[row], test.item[row]), row});
  }
  std::sort(rows.begin(), rows.end(), [](const HeldOutRow& a, const HeldOutRow& b) {
    return a.pair != b.pair ? a.pair < b.pair : a.row > b.row;
  });
  const auto same = [](const HeldOutRow& a, const HeldOutRow& b) { return a.pair == b.pair; };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  std::erase_if(rows, [&](const HeldOutRow& held) {
    return std::binary_search(seen.begin(), seen.end(), held.pair);
  });
  return rows;
}

/// Ties, and a log without times: what stands first.
bool is_older(const InteractionLog& log, std::size_t row, std::size_t other) {
  if (log.time_ms.empty() || log.time_ms[row] == log.time_ms[other]) return row < other;
  return log.time_ms[row] < log.time_ms[other];
}

std::vector<std::optional<ItemIndex>> find_all(const Model& model,
                                               const std::vector<std::string>& ids) {
  std::vector<std::optional<ItemIndex>> found(ids.size());
  std::transform(ids.begin(), ids.end(), found.begin(),
                 [&](const std::string& id) { return model.find(id); });
  return found;
}

}  // namespace

TestUsers pair_users(const Model& model, const InteractionLog& history, const InteractionLog& test,
                     bool include_seen) {
  TestUsers paired{index_histories(history, model), {}, {}};
  if (model.ranker() != nullptr) {
    paired.context = encode(test.context, test.size(), model.ranker()->context);
  }
  const Vocabulary history_users = index_of(paired.histories.users);
  const auto items = find_all(model, test.items);
  const std::vector<Pair> seen = include_seen ? std::vector<Pair>{} : seen_pairs(history, test);
  const std::vector<HeldOutRow> rows = held_out_rows(test, seen);
  for (std::size_t at = 0; at < rows.size();) {
    const std::uint32_t user = user_of(rows[at].pair);
    TestUser& tested = paired.users.emplace_back();
    const auto known = history_users.find(test.users[user]);
    if (known != history_users.end()) tested.history = paired.histories.histories.of(known->second);
    tested.visit = rows[at].row;
    for (; at < rows.size() && user_of(rows[at].pair) == user; ++at) {
      if (is_older(test, rows[at].row, tested.visit)) tested.visit = rows[at].row;
      const std::optional<ItemIndex> item = items[item_of(rows[at].pair)];
      if (!item) {
        ++tested.unknown;
        continue;
      }
      tested.held_out.push_back({*item, test.value.empty() ? kNoValue : test.value[rows[at].row]});
    }
  }
  return paired;
}

}  // namespace palate::internal
