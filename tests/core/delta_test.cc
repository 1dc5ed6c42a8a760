// Deltas make the newer file of the older one, byte for byte, and nothing else of anything else.
#include "palate/delta.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <utility>

#include "delta/alignment.h"
#include "delta/delta_file.h"
#include "delta/instructions.h"
#include "golden_models.h"
#include "sample_models.h"

namespace palate::testing {
namespace delta_test {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kNoLimit = std::size_t{1} << 31;

Bytes delta_of(const Model& base, const Model& result) {
  const auto delta = make_delta(base, result);
  REQUIRE(delta.ok());
  return *delta;
}

// The catalogue of a later day: in another order, with new items, a title that has changed.
ModelContents later(ModelContents contents) {
  auto& ids = contents.catalogue.ids;
  std::rotate(ids.begin(), ids.begin() + 7, ids.end());
  ids[5] = "a new one";
  if (!contents.catalogue.titles.empty()) contents.catalogue.titles[9] += " (restored)";
  contents.facts.interactions += 1;
  return contents;
}

std::vector<std::pair<ModelContents, ModelContents>> pairs() {
  const SampleShape now;
  const SampleShape then{.items = 43, .seed = 2};
  std::vector<std::pair<ModelContents, ModelContents>> list = {
      {sample_popularity(now), sample_popularity(then)},
      {sample_fold_in(now), sample_fold_in(then)},
      {sample_hybrid(now), sample_hybrid(then)},
      {sample_retrievers(true, now), sample_retrievers(true, then)},
      {sample_weighted_mean(now), sample_weighted_mean(then)},
      {sample_item_weights(now), sample_item_weights(then)},
      {sample_sequence(Mixer::kAttention, now), sample_sequence(Mixer::kAttention, then)},
      {sample_sequence(Mixer::kRecurrence, now), sample_sequence(Mixer::kRecurrence, then)},
      {sample_value_fold_in(now), sample_value_fold_in(then, true)},
      // Of two kinds, and of two precisions.
      {sample_fold_in(now), sample_item_weights(then)},
      {golden::tabular_model(), golden::hybrid_model()},
      {golden::hybrid_model(), golden::tabular_model()},
      {golden::hybrid_model(), golden::int8_model()},
      {with_index(sample_fold_in(now)), with_index(sample_fold_in(then))},
      {sample_fold_in(now), with_index(sample_fold_in(then))},
  };
  for (const Precision precision : {Precision::kInt8, Precision::kInt4}) {
    auto& [base, result] = list.emplace_back(sample_value_fold_in(now), sample_value_fold_in(then));
    base.precision = precision;
    result.precision = precision;
  }
  return list;
}

TEST_CASE("A delta makes the newer model of the older one, whatever they hold") {
  for (const auto& [base, result] : pairs()) {
    const OpenedModel before(base);
    const bool has_items = result.catalogue.ids.size() > 9;
    for (const ModelContents& contents : {result, has_items ? later(result) : result}) {
      const OpenedModel after(contents);
      const Bytes delta = delta_of(*before, *after);
      CHECK(delta == delta_of(*before, *after));
      const auto made = apply_delta(*before, delta, after->bytes().size());
      REQUIRE(made.ok());
      CHECK(std::ranges::equal(*made, after->bytes()));
      const Bytes back = delta_of(*after, *before);
      CHECK(std::ranges::equal(apply_delta(*after, back, kNoLimit).value(), before->bytes()));
    }
  }
}

TEST_CASE("Deltas that an earlier release has written are read") {
  const std::filesystem::path folder(PALATE_GOLDEN_FOLDER);
  for (const golden::GoldenDelta& golden : golden::deltas()) {
    INFO(golden.file);
    const auto file = FileBytes::copy_of(golden::write(golden.base).value());
    const auto delta = FileBytes::read(folder / golden.file);
    REQUIRE(delta.ok());
    const auto made = apply_delta(Model::open(file->bytes()).value(), delta->bytes(), kNoLimit);
    REQUIRE(made.ok());
    CHECK(*made == golden::write(golden.result).value());
  }
}

TEST_CASE("A model that has not changed takes a few bytes") {
  const OpenedModel model(sample_hybrid({.items = 2000, .dimension = 32}));
  CHECK(delta_of(*model, *model).size() < model->bytes().size() / 100);
}

TEST_CASE("Rows are found again in another order, and small changes take few bytes") {
  ModelContents contents = sample_fold_in({.items = 3000, .dimension = 64});
  contents.catalogue.attributes.clear();
  const Precision precision = GENERATE(Precision::kInt8, Precision::kFloat32);
  contents.precision = precision;
  const OpenedModel before(contents);
  SampleNumbers numbers(3);
  for (float& value : contents.item_vectors) value *= numbers.between(0.99F, 1.01F);
  contents.fold_in->gramian = gramian_of(contents);
  // Two halves, shuffled like cards, with their vectors.
  const std::vector<std::string> ids = contents.catalogue.ids;
  const std::vector<std::string> titles = contents.catalogue.titles;
  const std::vector<float> vectors = contents.item_vectors;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const std::size_t from = row % 2 == 0 ? row / 2 : 1500 + row / 2;
    contents.catalogue.ids[row] = ids[from];
    contents.catalogue.titles[row] = titles[from];
    std::copy_n(vectors.begin() + static_cast<std::ptrdiff_t>(from * 64), 64,
                contents.item_vectors.begin() + static_cast<std::ptrdiff_t>(row * 64));
  }
  const OpenedModel after(contents);
  const auto share = static_cast<double>(delta_of(*before, *after).size()) /
                     static_cast<double>(after->bytes().size());
  CHECK(share < (precision == Precision::kInt8 ? 0.25 : 0.75));
}

TEST_CASE("A delta is refused for another base and above the limit") {
  const OpenedModel base(sample_fold_in());
  const OpenedModel result(sample_fold_in({.seed = 2}));
  const Bytes delta = delta_of(*base, *result);
  const auto other = apply_delta(*result, delta, kNoLimit);
  REQUIRE(!other.ok());
  CHECK(other.error().code == ErrorCode::kRequestInvalid);
  CHECK(other.error().message.starts_with("the delta was made for the model with SHA-256 "));
  const std::size_t size = result->bytes().size();
  const auto large = apply_delta(*base, delta, size - 1);
  REQUIRE(!large.ok());
  CHECK(large.error().message == "the delta makes a model of " + std::to_string(size) +
                                     " bytes, over the limit of " + std::to_string(size - 1));
}

TEST_CASE("A delta that is cut or changed in any bit is refused, unless nothing follows from it") {
  const OpenedModel base(golden::hybrid_model());
  const OpenedModel result(golden::int8_model());
  Bytes delta = delta_of(*base, *result);
  for (std::size_t size = 0; size < delta.size(); ++size) {
    CHECK(!apply_delta(*base, std::span(delta).first(size), kNoLimit).ok());
  }
  for (std::size_t bit = 0; bit < 8 * delta.size(); ++bit) {
    delta[bit / 8] ^= std::byte{1} << bit % 8;
    INFO("bit " << bit);
    // Where a run of zeros is copied from, for one, does not matter.
    const auto made = apply_delta(*base, delta, kNoLimit);
    CHECK((!made.ok() || std::ranges::equal(*made, result->bytes())));
    delta[bit / 8] ^= std::byte{1} << bit % 8;
  }
  CHECK(apply_delta(*base, delta, kNoLimit).ok());
}

TEST_CASE("Forged instructions are refused, or stay within both files") {
  const OpenedModel base(sample_retrievers(true));
  const OpenedModel result(later(sample_retrievers(true, {.items = 43, .seed = 2})));
  const Bytes honest = internal::align(*base, *result);
  const auto run = [&](std::span<const std::byte> instructions) {
    // Of their exact sizes, each alone, so that a sanitizer sees every step outside.
    const Bytes forged(instructions.begin(), instructions.end());
    const Bytes from(base->bytes().begin(), base->bytes().end());
    Bytes to(result->bytes().size());
    const auto regions = internal::predict(from, forged, to);
    if (!regions.ok()) return false;
    for (const auto& region : *regions) REQUIRE(region.place + 4 * region.count <= to.size());
    return true;
  };
  REQUIRE(run(honest));
  Bytes forged = honest;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < forged.size(); ++i) {
    for (const unsigned value : {0U, 1U, 2U, 127U, 128U, 255U}) {
      forged[i] = static_cast<std::byte>(value);
      refused += run(forged) ? 0 : 1;
    }
    forged[i] = honest[i];
  }
  CHECK(refused > forged.size());
  SampleNumbers numbers(5);
  for (int trial = 0; trial < 2000; ++trial) {
    Bytes random(numbers.below(60));
    for (std::byte& byte : random) byte = static_cast<std::byte>(numbers.below(256));
    run(random);
  }
  for (std::size_t size = 0; size < honest.size(); ++size) {
    CHECK(!run(std::span(honest).first(size)));
  }
}

TEST_CASE("A delta that unpacks to more than it says, or makes another model, is refused") {
  const OpenedModel base(sample_fold_in());
  const OpenedModel result(sample_fold_in({.seed = 2}));
  const Bytes delta = delta_of(*base, *result);
  const internal::DeltaFile header = internal::read_delta_file(delta).value();
  Bytes content = internal::unpack(header).value();
  const auto message_of = [&](const internal::DeltaFile& said, const Bytes& packed) {
    const Bytes forged = internal::write_delta_file(said, packed).value();
    return apply_delta(*base, forged, kNoLimit).error().message;
  };
  const std::string damaged = "the delta is damaged: it does not unpack: fetch it or make it again";
  Bytes longer = content;
  longer.resize(longer.size() + 1);
  CHECK(message_of(header, longer) == damaged);
  CHECK(message_of(header, {content.begin(), content.end() - 1}) == damaged);
  internal::DeltaFile bomb = header;
  bomb.result.size = 0x7FFFFFFF;
  CHECK(message_of(bomb, content) ==
        "the delta is damaged: it is too short for its sizes: fetch it or make it again");
  // Zeros pack well: what they unpack to is bounded all the same.
  CHECK(message_of(header, Bytes(std::size_t{1} << 24)) == damaged);
  internal::DeltaFile other = header;
  other.result.checksum[0] ^= std::byte{1};
  CHECK(message_of(other, content) == "the delta makes another model than it says: make it again");
  content.back() ^= std::byte{1};
  CHECK(message_of(header, content) ==
        "the file differs from its SHA-256: it was damaged, fetch it again");
}

}  // namespace delta_test
}  // namespace palate::testing
