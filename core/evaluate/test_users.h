// Who is tested, on what: each test user's history beside what was held out.
#ifndef PALATE_EVALUATE_TEST_USERS_H_
#define PALATE_EVALUATE_TEST_USERS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/dataset.h"
#include "palate/examples.h"
#include "palate/model.h"
#include "palate/types.h"

namespace palate::internal {

/// One held-out item that the model knows.
struct HeldOut {
  ItemIndex item{};
  float value = kNoValue;
};

/// A user with something held out.
struct TestUser {
  std::span<const Event> history;  ///< known items only; may be empty
  std::vector<HeldOut> held_out;   ///< known items, each once
  std::uint64_t unknown = 0;       ///< held-out items that the model does not know, each once
  std::size_t visit = 0;           ///< row of the oldest held-out event

  std::uint64_t held_out_count() const { return held_out.size() + unknown; }
};

/// Owns the histories that its users borrow.
struct TestUsers {
  IndexedHistories histories;
  std::vector<TestUser> users;  ///< in the order of `test.users`
  /// What the model's ranker reads of the context of each row of the test log; may be none.
  std::vector<EncodedColumn> context;
};

/// Joins both logs by user id. Items of a user's history leave his held-out items unless
/// `include_seen`, also where the model does not know them; of repeated held-out items the last row
/// counts. Users left without any are dropped.
TestUsers pair_users(const Model& model, const InteractionLog& history, const InteractionLog& test,
                     bool include_seen);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_TEST_USERS_H_
