// write_tastes ITEMS.csv VISITORS SEED OUTPUT: what visitors of `palate simulate` think of every
// item, for closed_loop.mjs. Numbers of 32 bits, little-endian: visitors, items; how often each
// item comes onto a shelf (floats, up to a factor); then for each visitor the utility of every item
// at the start, and when tastes have drifted the whole way (simulate.h: d = 0 and d = 1).
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <vector>

#include "data/simulate/item_facets.h"
#include "data/simulate/visitor.h"
#include "palate/dataset.h"
#include "palate/random.h"

namespace {

// Of the seed: palate simulate begins at 0.
constexpr std::uint64_t kFirstStream = 1ULL << 40;

// Visitor::move_to: the drift is half of the time.
constexpr double kWholeWay = 2;

void write(std::ofstream& file, const auto& numbers) {
  file.write(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::streamsize>(numbers.size() * sizeof(numbers[0])));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::cerr << "write_tastes ITEMS.csv VISITORS SEED OUTPUT\n";
    return 2;
  }
  palate::ReadReport report;
  const auto items = palate::read_items(arguments[1], {}, report);
  if (!items) {
    std::cerr << items.error().message << '\n';
    return 1;
  }
  const auto visitors = static_cast<std::uint32_t>(std::strtoul(arguments[2], nullptr, 10));
  const std::uint64_t seed = std::strtoull(arguments[3], nullptr, 10);
  std::ofstream file(arguments[4], std::ios::binary);
  write(file, std::vector<std::uint32_t>{visitors, static_cast<std::uint32_t>(items->ids.size())});
  const std::vector<double> popularity = palate::internal::popularity_weights(*items);
  write(file, std::vector<float>(popularity.begin(), popularity.end()));
  const auto facets = palate::internal::facets_of(*items);
  std::vector<float> utilities(items->ids.size());
  for (std::uint32_t number = 0; number < visitors; ++number) {
    palate::Random random(seed, kFirstStream + number);
    palate::internal::Visitor visitor(facets, random);
    for (const double time : {0.0, kWholeWay}) {
      visitor.move_to(time);
      for (std::uint32_t item = 0; item < utilities.size(); ++item) {
        utilities[item] = static_cast<float>(visitor.utility(item));
      }
      write(file, utilities);
    }
  }
  return file.flush() ? 0 : 1;
}
