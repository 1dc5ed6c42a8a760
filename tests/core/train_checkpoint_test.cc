// Checkpoints: what they keep, and what they refuse.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "palate/model_writer.h"
#include "palate/train.h"
#include "train/checkpoint.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_checkpoint_test {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using internal::Checkpoint;
using internal::StateParts;
using internal::TrainingIdentity;

/// A path for one test's file, which is gone at its end.
class ScratchFile {
 public:
  ScratchFile() {
    std::string folder = (fs::temp_directory_path() / "palate-XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
  }
  ~ScratchFile() { fs::remove_all(folder_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  fs::path path() const { return folder_ / "training.checkpoint"; }
  std::vector<std::byte> bytes() const {
    const Result<FileBytes> file = FileBytes::read(path());
    REQUIRE(file.ok());
    return {file->bytes().begin(), file->bytes().end()};
  }
  void write(std::span<const std::byte> bytes) const { REQUIRE(save_file(path(), bytes).ok()); }

 private:
  fs::path folder_;
};

const TrainingIdentity kIdentity = {{"recipe", "a = 1\nb = 2\n"}, {"seed", "7"}};

/// The state of a trainer that has one part of each type.
struct State {
  std::uint32_t epoch = 0;
  std::uint64_t batches = 0;
  double loss = 0;
  std::vector<float> vectors = {0, 0, 0};
  std::vector<std::uint32_t> order = {0, 0};

  StateParts parts() {
    return {{"epoch", epoch},
            {"batches", batches},
            {"loss", loss},
            {"vectors", vectors},
            {"order", order}};
  }
  bool operator==(const State&) const = default;
};

Checkpoint opened(const ScratchFile& file) {
  Result<Checkpoint> checkpoint = Checkpoint::open(file.path(), kIdentity, 0);
  if (!checkpoint.ok()) FAIL(checkpoint.error().message);
  return *checkpoint;
}

void save(const ScratchFile& file, State state, const char* stage = "first") {
  Checkpoint checkpoint = opened(file);
  REQUIRE(checkpoint.save(stage, state.parts()).ok());
}

Error refusal(const ScratchFile& file, const TrainingIdentity& identity = kIdentity) {
  const Result<Checkpoint> checkpoint = Checkpoint::open(file.path(), identity, 0);
  REQUIRE_FALSE(checkpoint.ok());
  return checkpoint.error();
}

TEST_CASE("A checkpoint gives back what it was given, stage by stage") {
  const ScratchFile file;
  const State first{3, 1ULL << 40U, 0.1, {1, -2, 3e-30F}, {2, 1}};
  const State second{9, 5, -1, {4, 5, 6}, {8, 9}};
  save(file, {1, 1, 1, {1, 1, 1}, {1, 1}});
  save(file, first);
  save(file, second, "second");
  State restored;
  REQUIRE(opened(file).restore("first", restored.parts()).ok());
  CHECK(restored == first);
  REQUIRE(opened(file).restore("second", restored.parts()).ok());
  CHECK(restored == second);
  REQUIRE(opened(file).restore("third", restored.parts()).ok());
  CHECK(restored == second);
}

TEST_CASE("A training without a checkpoint neither restores nor writes") {
  Checkpoint none;
  State state;
  CHECK(none.restore("first", state.parts()).ok());
  CHECK(none.save("first", state.parts()).ok());
  CHECK(state == State{});
}

TEST_CASE("A checkpoint waits for its interval") {
  const ScratchFile file;
  Result<Checkpoint> checkpoint = Checkpoint::open(file.path(), kIdentity, 3600);
  REQUIRE(checkpoint.ok());
  State state;
  REQUIRE(checkpoint->save("first", state.parts()).ok());
  CHECK_FALSE(fs::exists(file.path()));
}

TEST_CASE("A checkpoint that is cut off anywhere is refused, with what to do") {
  const ScratchFile file;
  save(file, {});
  const std::vector<std::byte> whole = file.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    file.write(std::span(whole).first(size));
    const Error error = refusal(file);
    CHECK(error.code == ErrorCode::kFileOpen);
    CHECK_THAT(error.message, ContainsSubstring(file.path().string()) &&
                                  ContainsSubstring("remove it to begin anew"));
  }
}

TEST_CASE("A checkpoint with any byte changed is refused") {
  const ScratchFile file;
  save(file, {});
  const std::vector<std::byte> whole = file.bytes();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::vector<std::byte> damaged = whole;
    damaged[at] ^= std::byte{0x20};
    file.write(damaged);
    CHECK(refusal(file).code == ErrorCode::kFileOpen);
  }
}

TEST_CASE("A checkpoint of another training is refused with what differs, and stays") {
  const ScratchFile file;
  save(file, {});
  const std::vector<std::byte> before = file.bytes();
  const Error recipe = refusal(file, {{"recipe", "a = 1\nb = 3\n"}, {"seed", "7"}});
  CHECK(recipe.code == ErrorCode::kRequestInvalid);
  CHECK_THAT(recipe.message, ContainsSubstring("recipe ('b = 2' there, 'b = 3' here)") &&
                                 !ContainsSubstring("seed"));
  const Error seed = refusal(file, {{"recipe", "a = 1\nb = 2\n"}, {"seed", "8"}});
  CHECK_THAT(seed.message,
             ContainsSubstring("seed ('7' there, '8' here)") && !ContainsSubstring("recipe ("));
  CHECK(file.bytes() == before);
}

TEST_CASE("A stage whose parts are others than the trainer's is refused") {
  const ScratchFile file;
  save(file, {});
  State longer;
  longer.vectors.resize(4);
  CHECK_FALSE(opened(file).restore("first", longer.parts()).ok());
  State state;
  StateParts fewer = state.parts();
  fewer.pop_back();
  CHECK_FALSE(opened(file).restore("first", fewer).ok());
  StateParts renamed = state.parts();
  renamed.front().name = "epochs";
  CHECK_FALSE(opened(file).restore("first", renamed).ok());
}

/// Thrown out of the progress report: a training that is stopped in the middle.
struct Stop {};

std::vector<std::byte> train_until(const Dataset& dataset, const Recipe& recipe,
                                   const fs::path& checkpoint, std::uint64_t reports) {
  TrainOptions options;
  options.threads = 2;
  options.checkpoint = checkpoint;
  options.checkpoint_interval = 0;
  options.progress = [&](const Progress& progress) {
    if (progress.unit == "epoch" && reports-- == 0) throw Stop{};
  };
  const Result<ModelContents> contents = train(dataset, recipe, options);
  if (!contents.ok()) FAIL(contents.error().message);
  Result<std::vector<std::byte>> bytes = write_model(*contents);
  REQUIRE(bytes.ok());
  return *bytes;
}

/// The name of a recipe and its overrides.
using Training = std::pair<std::string, std::vector<std::string>>;

TEST_CASE("A training that is stopped after any epoch goes on to the same file") {
  const Sample sample = make_sample(random_users(80, 30, 9, 2), 30);
  const auto [name, overrides] = GENERATE(
      Training{"ials", {"ials.dimension=6", "ials.epochs=4"}},
      Training{"ials", {"ials.dimension=6", "ials.epochs=4", "ials.solver=cg"}},
      Training{"hybrid",
               {"ials.dimension=6", "ials.epochs=2", "ranker.epochs=4", "ranker.dropout=0.1"}},
      Training{"hybrid",
               {"hybrid.encoder=sequence", "hybrid.item_item=true", "hybrid.transitions=true",
                "sequence.dimension=6", "sequence.hidden=8", "sequence.epochs=2",
                "sequence.batch=64", "ranker.epochs=3", "ranker.vectors=false"}},
      Training{"two-tower", {"two_tower.dimension=6", "two_tower.epochs=5"}},
      Training{"two-tower",
               {"two_tower.dimension=6", "two_tower.epochs=5", "two_tower.batch=64",
                "two_tower.negatives=9", "two_tower.shared_vectors=false",
                "two_tower.validation_share=0"}},
      Training{
          "sequence",
          {"sequence.dimension=6", "sequence.epochs=5", "sequence.batch=64", "sequence.hidden=8"}},
      Training{"sequence",
               {"sequence.dimension=6", "sequence.epochs=5", "sequence.mixer=recurrence",
                "sequence.state=7", "sequence.negatives=9", "sequence.validation_share=0"}});
  CAPTURE(name, overrides);
  const Recipe recipe = recipe_with(name, overrides);
  constexpr std::uint64_t kNever = 1000;
  const std::vector<std::byte> expected = train_until(sample.dataset, recipe, {}, kNever);
  const ScratchFile file;
  // Stopped after the first epoch of this run, time after time: each epoch runs in a process of its
  // own but for the one that is lost with the stop.
  for (int run = 0; run < 8; ++run) {
    try {
      train_until(sample.dataset, recipe, file.path(), 1);
    } catch (const Stop&) {
    }
  }
  CHECK(train_until(sample.dataset, recipe, file.path(), kNever) == expected);
  CHECK(train_until(sample.dataset, recipe, file.path(), 0) == expected);
}

TEST_CASE("A checkpoint of other data, seed or recipe is refused by the training") {
  const Sample sample = make_sample(random_users(40, 20, 6, 2), 20);
  const Recipe recipe = recipe_with("ials", {"ials.epochs=1", "ials.dimension=4"});
  const ScratchFile file;
  TrainOptions options;
  options.checkpoint = file.path();
  options.checkpoint_interval = 0;
  REQUIRE(train(sample.dataset, recipe, options).ok());
  const auto message = [](const Dataset& dataset, const Recipe& other, const TrainOptions& with) {
    const Result<ModelContents> contents = train(dataset, other, with);
    REQUIRE_FALSE(contents.ok());
    CHECK(contents.error().code == ErrorCode::kRequestInvalid);
    return contents.error().message;
  };
  Dataset weighted = sample.dataset;
  weighted.histories.events.back().weight = 2;
  CHECK_THAT(message(weighted, recipe, options), ContainsSubstring("training data ("));
  TrainOptions reseeded = options;
  reseeded.seed = 2;
  CHECK_THAT(message(sample.dataset, recipe, reseeded), ContainsSubstring("seed ('1' there"));
  const Recipe longer = recipe_with("ials", {"ials.epochs=2", "ials.dimension=4"});
  CHECK_THAT(message(sample.dataset, longer, options), ContainsSubstring("'epochs = 1' there"));
}

}  // namespace train_checkpoint_test
}  // namespace palate::testing
