// Every small damage to a model file of about 2 KiB, seen and unseen by the checksum.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <span>
#include <vector>

#include "forgery.h"
#include "golden_models.h"

// GCC says it in a macro, Clang as a feature.
#ifdef __SANITIZE_ADDRESS__
#define PALATE_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PALATE_ADDRESS_SANITIZER
#endif
#endif

namespace palate {
namespace model_corruption_test {

using testing::Forgery;

std::vector<std::byte> file_of(const ModelContents& contents) {
  auto bytes = golden::write(contents);
  REQUIRE(bytes.ok());
  return *bytes;
}

const std::vector<std::byte>& seed_file() {
  static const std::vector<std::byte> file = file_of(golden::hybrid_model());
  return file;
}

// One of every kind of encoder and of every precision, and a tabular model, where what lies behind
// the checksum matters.
constexpr std::array kEncoders = {golden::hybrid_model,        golden::weighted_mean_model,
                                  golden::item_weights_model,  golden::sequence_model,
                                  golden::value_fold_in_model, golden::int8_model,
                                  golden::int4_model,          golden::retrievers_model,
                                  golden::tabular_model,       golden::indexed_model};

std::vector<std::byte> any_file() { return file_of(GENERATE(from_range(kEncoders))()); }

// What is done to a model that opens although its file was damaged.
enum class Use { kRead, kRank };

// How the openings ended, every ending but success with its code, and the most that one took.
struct Tally {
  std::array<std::size_t, 256> refused{};
  std::size_t opened = 0;
  std::clock_t longest = 0;  // CPU time: other programs do not count
  std::size_t most_memory = 0;

  void count(const Forgery& forgery, Use use) {
    const std::clock_t start = std::clock();
    const std::size_t requested = testing::requested_bytes();
    const Result<Model> model = forgery.open();
    if (model) {
      ++opened;
      testing::read_everything(*model);
      if (use == Use::kRank) testing::rank_and_explain(*model);
    } else {
      ++refused[static_cast<std::size_t>(model.error().code)];
    }
    longest = std::max(longest, std::clock() - start);
    most_memory = std::max(most_memory, testing::requested_bytes() - requested);
  }
  std::size_t operator[](ErrorCode code) const { return refused[static_cast<std::size_t>(code)]; }
};

void check_costs(const Tally& tally, std::size_t file_size) {
  CHECK(tally.longest <= CLOCKS_PER_SEC);
  CHECK(tally.most_memory <= 2 * file_size + (std::size_t{16} << 20));
}

enum class Checksum { kLeft, kMended };

// Changes each byte in turn by each mask and opens the file.
Tally substitute(std::span<const std::byte> seed, std::span<const int> masks, Checksum checksum,
                 Use use = Use::kRead) {
  Tally tally;
  Forgery forgery(seed);
  for (std::size_t at = 0; at < seed.size(); ++at) {
    for (const int mask : masks) {
      forgery.bytes()[at] = seed[at] ^ static_cast<std::byte>(mask);
      if (checksum == Checksum::kMended) forgery.mend();
      tally.count(forgery, use);
    }
    forgery.bytes()[at] = seed[at];
  }
  return tally;
}

std::vector<int> every_other_byte() {
  std::vector<int> masks(255);
  for (int mask = 1; mask < 256; ++mask) masks[mask - 1] = mask;
  return masks;
}

constexpr int kBits[] = {1, 2, 4, 8, 16, 32, 64, 128};

void check_unseen_by_nobody(const Tally& tally, std::size_t masks) {
  // Bytes 0 to 8 are the magic, 8 to 12 the version, 16 to 24 the length: each has its own error.
  CHECK(tally[ErrorCode::kModelNotPalate] == 8 * masks);
  CHECK(tally[ErrorCode::kModelVersion] == 4 * masks);
  CHECK(tally[ErrorCode::kModelTruncated] == 8 * masks);
  CHECK(tally[ErrorCode::kModelChecksum] == (seed_file().size() - 20) * masks);
  CHECK(tally.opened == 0);
  check_costs(tally, seed_file().size());
}

TEST_CASE("Reader refuses every truncation of a file") {
  const std::span<const std::byte> seed = seed_file();
  for (std::size_t size = 0; size < seed.size(); ++size) {
    const Result<Model> model = Forgery(seed.first(size)).open();
    REQUIRE_FALSE(model.ok());
    REQUIRE(model.error().code == ErrorCode::kModelTruncated);
  }
}

TEST_CASE("Reader refuses every truncation of a body whose header was mended") {
  const std::vector<std::byte> whole = any_file();
  const std::span<const std::byte> seed = whole;
  for (std::size_t size = 64; size < seed.size(); ++size) {
    Forgery forgery(seed.first(size));
    forgery.mend();
    const Result<Model> model = forgery.open();
    REQUIRE_FALSE(model.ok());
    REQUIRE(model.error().code == ErrorCode::kModelStructure);
  }
}

TEST_CASE("Reader refuses a file with bytes after its end") {
  std::vector<std::byte> longer = seed_file();
  longer.push_back(std::byte{0});
  CHECK(Forgery(longer).open().error().code == ErrorCode::kModelTruncated);
}

TEST_CASE("Reader takes a caller's word for the checksum, and for nothing else") {
  Forgery forgery(seed_file());
  forgery.bytes()[24] ^= std::byte{1};
  CHECK(forgery.open().error().code == ErrorCode::kModelChecksum);
  CHECK(Model::open(forgery.bytes(), palate::Checksum::kCompared).ok());
  forgery.bytes()[0] ^= std::byte{1};
  CHECK(Model::open(forgery.bytes(), palate::Checksum::kCompared).error().code ==
        ErrorCode::kModelNotPalate);
}

TEST_CASE("Reader refuses every flipped bit") {
  check_unseen_by_nobody(substitute(seed_file(), kBits, Checksum::kLeft), std::size(kBits));
}

TEST_CASE("Reader survives every flipped bit under a mended checksum") {
  const std::vector<std::byte> seed = any_file();
  const Tally tally = substitute(seed, kBits, Checksum::kMended, Use::kRank);
  check_costs(tally, seed.size());
  CHECK(tally[ErrorCode::kModelChecksum] == 0);
  CHECK(tally[ErrorCode::kModelStructure] > 0);
  CHECK(tally[ErrorCode::kModelMeaning] > 0);
  CHECK(tally.opened > 0);
}

#ifdef PALATE_ADDRESS_SANITIZER  // A million openings are worth their time where someone watches.
TEST_CASE("Reader refuses every substituted byte") {
  check_unseen_by_nobody(substitute(seed_file(), every_other_byte(), Checksum::kLeft), 255);
}

TEMPLATE_TEST_CASE_SIG("Reader survives every substituted byte under a mended checksum", "",
                       ((std::size_t Encoder), Encoder), 0, 1, 2, 3, 4, 5, 6, 7) {
  const std::vector<std::byte> seed = file_of(kEncoders.at(Encoder)());
  const Tally tally = substitute(seed, every_other_byte(), Checksum::kMended);
  check_costs(tally, seed.size());
  CHECK(tally[ErrorCode::kModelChecksum] == 0);
}
#endif

// Run by hand: palate_tests "[.soak]".
TEST_CASE("Runtime survives every substituted byte under a mended checksum", "[.soak]") {
  const std::vector<std::byte> seed = any_file();
  const Tally tally = substitute(seed, every_other_byte(), Checksum::kMended, Use::kRank);
  check_costs(tally, seed.size());
  CHECK(tally[ErrorCode::kModelChecksum] == 0);
  UNSCOPED_INFO(seed.size() * 255 << " files, " << tally.opened << " opened, at most "
                                  << 1e3 * static_cast<double>(tally.longest) / CLOCKS_PER_SEC
                                  << " ms and " << tally.most_memory << " bytes each");
  SUCCEED();
}

}  // namespace model_corruption_test
}  // namespace palate
