// One simulated visitor: tastes that drift, and the utility of an item.
#ifndef PALATE_DATA_SIMULATE_VISITOR_H_
#define PALATE_DATA_SIMULATE_VISITOR_H_

#include <cstdint>
#include <span>
#include <vector>

#include "data/simulate/item_facets.h"
#include "palate/random.h"

namespace palate::internal {

/// U(u, i, tau) of `simulate.h`. Tastes for categories are computed from a hash when they are asked
/// for, so a visitor costs no memory however many categories there are.
class Visitor {
 public:
  /// `facets` must outlive the visitor.
  Visitor(std::span<const Facet> facets, Random& random);

  /// Sets the time, from 0 to 1.
  void move_to(double tau);

  double utility(std::uint32_t item) const;

 private:
  double taste(std::size_t facet, std::uint32_t category) const;

  std::span<const Facet> facets_;
  std::vector<double> numbers_;  // a facet: q or m; unused for categories
  std::uint64_t key_;
  double old_share_ = 1;
  double new_share_ = 0;
};

}  // namespace palate::internal

#endif  // PALATE_DATA_SIMULATE_VISITOR_H_
