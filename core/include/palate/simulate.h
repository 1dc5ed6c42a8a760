// Simulated visitors over a real catalogue: a documented generative model, for demos and tests
// without anybody's data.
#ifndef PALATE_SIMULATE_H_
#define PALATE_SIMULATE_H_

#include <cstdint>

#include "palate/dataset.h"
#include "palate/result.h"

namespace palate {

struct SimulateOptions {
  std::uint64_t users = 1000;
  std::uint64_t events = 100'000;  ///< 1,000 to 10 million; at least one a user
  std::uint64_t seed = 1;
};

/// Draws a log over `items` (as `read_items` returns them): users "u1", "u2", ..., rows in order of
/// time, no item twice for a user, no values. The same items, options and seed give the same rows
/// on every machine. `kRequestInvalid` for sizes out of range or more events than half of all pairs
/// of user and item.
///
/// The model. N(m, s) is a bell-shaped draw of mean m and deviation s; all draws are independent.
///
/// Activity: user u takes part with weight exp(N(0, 0.9)); the events are shared out in proportion,
/// at least one and at most half of the catalogue each. The times of u are uniform over an interval
/// of the two years from 2023-01-01 UTC that begins uniformly in their first four fifths and lasts
/// at least a twentieth of them. Time tau below runs from 0 to 1 over the two years.
///
/// Choice: at each time the user meets a shelf of 32 items, drawn by popularity, and takes one that
/// is new to him by multinomial logit (McFadden 1974): P(i) ~ exp(U(u, i, tau)) over the shelf. One
/// choice in twenty is blind: U = 0 for all.
///
/// Popularity: item i is drawn with weight (votes_i + 1)^0.75, where votes is the first number
/// attribute whose name holds "votes" or "popularity" (missing: the count that nine items in ten
/// exceed); without one all weigh the same.
///
/// Utility: U(u, i, tau) = sum over the attributes a of w_a f_a(u, i, tau), where a missing value
/// adds 0, and
///   categories: f = mean over the categories c of i of T(u, a, c, tau);
///     w = 2.4 when the name of a holds "genre", "categor", "topic" or "tag", else 0.6;
///     T = ((1 - d) A + d B) / sqrt((1 - d)^2 + d^2), d = tau / 2, A and B ~ N(0, 1) for each
///     (u, a, c): tastes drift from A towards B at constant strength;
///   quality, a number whose name holds "rating", "score", "stars", "quality" or "tomato":
///     f = q z_i, q ~ N(1, 0.5), w = 1.2;
///   any other number: f = -(z_i - m)^2, m ~ N(0, 0.6), w = 1.2: an ideal point;
/// with z_i the rank of the value among the items, from -1 (lowest) to 1 (ties: the mean rank).
Result<InteractionLog> simulate(const Catalogue& items, const SimulateOptions& options);

}  // namespace palate

#endif  // PALATE_SIMULATE_H_
