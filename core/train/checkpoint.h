// The state of a training on disk, from which a training that was killed goes on.
//
// A trainer lists once what it would need to go on after an epoch, and hands the list over twice:
//
//   const StateParts state = {{"epoch", epoch}, {"item vectors", item_vectors}};
//   if (Status restored = context.checkpoint.restore("tower", state); !restored) return ...;
//   while (epoch < recipe.epochs) {
//     run_epoch();
//     ++epoch;
//     if (Status saved = context.checkpoint.save("tower", state); !saved) return ...;
//   }
//
// A stage that had ended is restored with its last epoch, so it runs no further one. Whatever else
// the trainer needs must follow from the dataset, the recipe and the seed.
#ifndef PALATE_TRAIN_CHECKPOINT_H_
#define PALATE_TRAIN_CHECKPOINT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "palate/result.h"

namespace palate::internal {

/// A number or an array of a trainer, by name. Borrowed: read by `save`, written by `restore`.
struct StatePart {
  template <class T>
  StatePart(std::string_view part, T& number) : name(part), values(std::span<T>(&number, 1)) {}
  template <class T>
  StatePart(std::string_view part, std::vector<T>& array) : name(part), values(std::span(array)) {}

  std::string_view name;
  std::variant<std::span<float>, std::span<double>, std::span<std::uint32_t>,
               std::span<std::uint64_t>>
      values;
};
using StateParts = std::vector<StatePart>;

inline void append(const StateParts& more, StateParts& parts) {
  parts.insert(parts.end(), more.begin(), more.end());
}

/// What makes a training the same training: names and values. A value may have several lines.
using TrainingIdentity = std::vector<std::pair<std::string, std::string>>;

class Checkpoint {
 public:
  /// For a training without a checkpoint: restores nothing and saves nothing.
  Checkpoint() = default;

  /// Reads the file at `path` if there is one. `kFileOpen` when it cannot be read or is damaged,
  /// `kRequestInvalid` when it is of another training: the message says what differs. `interval`
  /// seconds must have passed before the file is written (again).
  static Result<Checkpoint> open(const std::filesystem::path& path, TrainingIdentity identity,
                                 double interval);

  /// Fills the parts with what the file holds of the stage; leaves them alone if it holds nothing.
  Status restore(std::string_view stage, const StateParts& parts) const;

  /// Keeps the state of the stage, and writes all stages to the file when it is time.
  Status save(std::string_view stage, const StateParts& parts);

 private:
  using Clock = std::chrono::steady_clock;

  struct Stage {
    std::string name;
    std::vector<std::byte> parts;
  };

  std::vector<std::byte> file() const;

  std::filesystem::path path_;
  TrainingIdentity identity_;
  double interval_ = 0;
  std::vector<Stage> stages_;
  Clock::time_point written_ = Clock::now();
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_CHECKPOINT_H_
