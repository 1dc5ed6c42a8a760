// Simulated visitors over a real catalogue, event by event.
#include "palate/simulate.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>

#include "data/alias_table.h"
#include "data/simulate/item_facets.h"
#include "data/simulate/visitor.h"
#include "model/portable_math.h"
#include "palate/random.h"

namespace palate {
namespace {

using internal::AliasTable;
using internal::Facet;
using internal::portable_exp;
using internal::Visitor;

constexpr std::uint64_t kFewestEvents = 1'000;
constexpr std::uint64_t kMostEvents = 10'000'000;
constexpr std::size_t kShelf = 32;
constexpr double kBlindShare = 0.05;
constexpr std::int64_t kStartMs = 1'672'531'200'000;  // 2023-01-01
constexpr std::int64_t kSpanMs = 730LL * 86'400'000;

// Streams of the seed: one for what concerns all users, then one a user.
constexpr std::uint64_t kCommonStream = 0;

struct Row {
  std::int64_t time_ms;
  std::uint32_t user;
  std::uint32_t item;
};

Status check_sizes(const Catalogue& items, const SimulateOptions& options) {
  const auto refuse = [](std::string why) {
    return Error{ErrorCode::kRequestInvalid, std::move(why)};
  };
  if (items.ids.size() < 2) return refuse("a catalogue of two items or more is needed");
  if (options.events < kFewestEvents || options.events > kMostEvents) {
    return refuse("the number of events must lie between 1,000 and 10,000,000");
  }
  if (options.users == 0 || options.users > options.events) {
    return refuse("the number of users must lie between 1 and the number of events");
  }
  const std::uint64_t most = options.users * (items.ids.size() / 2);
  if (options.events > most) {
    return refuse(std::to_string(options.users) + " users and " + std::to_string(items.ids.size()) +
                  " items make at most " + std::to_string(most) +
                  " events: take more users or fewer events");
  }
  return Done{};
}

/// How many events each user has: at least 1, at most `most`, `events` together.
std::vector<std::uint64_t> share_out(const SimulateOptions& options, std::uint64_t most) {
  Random random(options.seed, kCommonStream);
  std::vector<double> weights(options.users);
  for (double& weight : weights) weight = portable_exp(0.9 * random.normal());
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::uint64_t> counts(options.users);
  std::uint64_t given = 0;
  for (std::size_t user = 0; user < counts.size(); ++user) {
    const double share = static_cast<double>(options.events) * weights[user] / sum;
    counts[user] = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(share), 1, most);
    given += counts[user];
  }
  // What rounding and the two limits left over, or took too much, goes round one by one.
  for (std::size_t user = 0; given != options.events; user = (user + 1) % counts.size()) {
    if (given < options.events && counts[user] < most) {
      ++counts[user];
      ++given;
    } else if (given > options.events && counts[user] > 1) {
      --counts[user];
      --given;
    }
  }
  return counts;
}

/// When a user comes by, ascending.
void draw_times(Random& random, std::span<std::int64_t> times) {
  const double start = 0.8 * random.uniform();
  const double length = 0.05 + random.uniform() * (0.95 - start);
  for (std::int64_t& time : times) {
    time =
        kStartMs + static_cast<std::int64_t>((start + length * random.uniform()) * double{kSpanMs});
  }
  std::ranges::sort(times);
}

/// Lets users choose, one after the other.
class Shop {
 public:
  Shop(const Catalogue& items)
      : popularity_(internal::popularity_weights(items)),
        facets_(internal::facets_of(items)),
        taken_by_(items.ids.size(), 0) {}

  /// Appends the events of one user. Users are numbered from 0 and come once each.
  void visit(std::uint32_t user, Random& random, std::span<const std::int64_t> times,
             std::vector<Row>& rows);

 private:
  std::uint32_t choose(const Visitor& visitor, std::uint32_t mark, Random& random) const;
  std::uint32_t any_new_item(std::uint32_t mark, Random& random) const;

  AliasTable popularity_;
  std::vector<Facet> facets_;
  std::vector<std::uint32_t> taken_by_;  // the last user who took the item, from 1
};

std::uint32_t Shop::choose(const Visitor& visitor, std::uint32_t mark, Random& random) const {
  const bool blind = random.uniform() < kBlindShare;
  std::array<std::uint32_t, kShelf> shelf{};
  std::array<double, kShelf> sums{};
  std::size_t count = 0;
  double sum = 0;
  for (std::size_t place = 0; place < kShelf; ++place) {
    const std::uint32_t item = popularity_.draw(random);
    if (taken_by_[item] == mark) continue;
    sum += blind ? 1.0 : portable_exp(visitor.utility(item));
    shelf[count] = item;
    sums[count++] = sum;
  }
  if (count == 0) return any_new_item(mark, random);
  const double draw = random.uniform() * sum;
  const auto chosen = std::upper_bound(sums.begin(), sums.begin() + count, draw) - sums.begin();
  return shelf[std::min<std::size_t>(static_cast<std::size_t>(chosen), count - 1)];
}

std::uint32_t Shop::any_new_item(std::uint32_t mark, Random& random) const {
  std::size_t item = random.below(taken_by_.size());
  while (taken_by_[item] == mark) item = (item + 1) % taken_by_.size();
  return static_cast<std::uint32_t>(item);
}

void Shop::visit(std::uint32_t user, Random& random, std::span<const std::int64_t> times,
                 std::vector<Row>& rows) {
  Visitor visitor(facets_, random);
  const std::uint32_t mark = user + 1;
  for (const std::int64_t time : times) {
    visitor.move_to(static_cast<double>(time - kStartMs) / double{kSpanMs});
    const std::uint32_t item = choose(visitor, mark, random);
    taken_by_[item] = mark;
    rows.push_back({time, user, item});
  }
}

InteractionLog as_log(const Catalogue& items, std::uint64_t users, std::vector<Row> rows) {
  std::ranges::sort(rows, [](const Row& left, const Row& right) {
    if (left.time_ms != right.time_ms) return left.time_ms < right.time_ms;
    return left.user != right.user ? left.user < right.user : left.item < right.item;
  });
  InteractionLog log;
  log.items = items.ids;
  for (std::uint64_t user = 1; user <= users; ++user) {
    log.users.push_back("u" + std::to_string(user));
  }
  for (const Row& row : rows) {
    log.user.push_back(row.user);
    log.item.push_back(row.item);
    log.time_ms.push_back(row.time_ms);
  }
  return log;
}

}  // namespace

Result<InteractionLog> simulate(const Catalogue& items, const SimulateOptions& options) {
  if (Status checked = check_sizes(items, options); !checked) return checked.error();
  const std::vector<std::uint64_t> counts = share_out(options, items.ids.size() / 2);
  Shop shop(items);
  std::vector<Row> rows;
  rows.reserve(options.events);
  std::vector<std::int64_t> times;
  for (std::size_t user = 0; user < counts.size(); ++user) {
    Random random(options.seed, kCommonStream + 1 + user);
    times.resize(counts[user]);
    draw_times(random, times);
    shop.visit(static_cast<std::uint32_t>(user), random, times, rows);
  }
  return as_log(items, options.users, std::move(rows));
}

}  // namespace palate
