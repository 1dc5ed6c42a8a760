// One simulated visitor: tastes that drift, and the utility of an item.
#include "data/simulate/visitor.h"

#include <cmath>
#include <cstddef>

namespace palate::internal {
namespace {

/// The finaliser of MurmurHash3.
std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccdU;
  bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53U;
  return bits ^ (bits >> 33);
}

/// Mean 0, deviation 1, bell-shaped: the sum of the four bytes of a number (Irwin, Hall).
double bell(std::uint32_t bits) {
  const std::uint32_t sum = (bits & 0xff) + (bits >> 8 & 0xff) + (bits >> 16 & 0xff) + (bits >> 24);
  constexpr double kMean = 4 * 127.5;
  constexpr double kDeviation = 147.80054127099805;  // 2 sqrt((256^2 - 1) / 12)
  return (sum - kMean) * (1 / kDeviation);
}

}  // namespace

Visitor::Visitor(std::span<const Facet> facets, Random& random)
    : facets_(facets), key_(random.next()) {
  for (const Facet& facet : facets) {
    numbers_.push_back(facet.kind == FacetKind::kQuality ? 1 + 0.5 * random.normal()
                                                         : 0.6 * random.normal());
  }
}

void Visitor::move_to(double tau) {
  const double drift = tau / 2;
  const double length = std::sqrt((1 - drift) * (1 - drift) + drift * drift);
  old_share_ = (1 - drift) / length;
  new_share_ = drift / length;
}

double Visitor::taste(std::size_t facet, std::uint32_t category) const {
  const std::uint64_t bits = mixed(key_ + mixed(std::uint64_t{facet} << 32 | category));
  return old_share_ * bell(static_cast<std::uint32_t>(bits)) +
         new_share_ * bell(static_cast<std::uint32_t>(bits >> 32));
}

double Visitor::utility(std::uint32_t item) const {
  double sum = 0;
  for (std::size_t i = 0; i < facets_.size(); ++i) {
    const Facet& facet = facets_[i];
    if (facet.kind == FacetKind::kCategories) {
      const Attribute& attribute = *facet.attribute;
      const std::uint32_t first = attribute.offsets[item];
      const std::uint32_t end = attribute.offsets[item + 1];
      if (first == end) continue;
      double tastes = 0;
      for (std::uint32_t entry = first; entry < end; ++entry) {
        tastes += taste(i, attribute.entries[entry]);
      }
      sum += facet.weight * tastes / (end - first);
    } else if (facet.present[item]) {
      const double rank = facet.ranks[item];
      sum += facet.weight * (facet.kind == FacetKind::kQuality
                                 ? numbers_[i] * rank
                                 : -(rank - numbers_[i]) * (rank - numbers_[i]));
    }
  }
  return sum;
}

}  // namespace palate::internal
