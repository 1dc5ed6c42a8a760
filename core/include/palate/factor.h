// A small factor model from rows in memory, on one thread: what the page trains by itself.
#ifndef PALATE_FACTOR_H_
#define PALATE_FACTOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "palate/interactions.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate {

// models/recipes/ials.toml says what every field does and which values it takes.

enum class Solver : std::uint8_t { kExact, kConjugateGradient };

/// Implicit alternating least squares (Hu, Koren, Volinsky 2008) with the objective and the
/// frequency-scaled regularisation of Rendle, Krichene, Zhang, Koren 2022.
struct IalsRecipe {
  std::uint32_t dimension = 64;
  std::uint32_t epochs = 10;
  float momentum = 0.5F;
  float unobserved_ratio = 5.0F;
  float regularization = 0.035F;
  float exponent = 1.0F;
  float initial_stddev = 0.1F;
  Solver solver = Solver::kConjugateGradient;
  std::uint32_t cg_steps = 2;
};

/// The baseline predictor of values, trained where the log has values (`ValueHeadView`).
struct ValuesRecipe {
  float item_damping = 5.0F;
  float visitor_damping = 5.0F;
};

/// The recipe `ials` as a whole, and the seed.
struct FactorRecipe {
  CleanOptions data;
  IalsRecipe ials;
  ValuesRecipe values;
  std::uint64_t seed = 1;
};

/// One training of the recipe `ials`: cleaned, indexed, then epoch after epoch. Comes to the bytes
/// that `clean`, `make_dataset`, `train` and `write_model` come to on the kernels that any machine
/// of the build's kind has, but for the name of the instruction set.
class FactorTraining {
 public:
  /// Cleans and indexes the rows; `items` may be empty. The recipe's numbers must be in their
  /// ranges. `kDataEmpty` where no row is left.
  static Result<FactorTraining> create(const InteractionLog& log, const Catalogue& items,
                                       const FactorRecipe& recipe,
                                       std::string_view instruction_set);
  FactorTraining(FactorTraining&&) noexcept;
  ~FactorTraining();

  std::uint32_t epochs() const;  ///< that ran
  void run_epoch();

  /// The bytes of the model file, after the last epoch; they were not opened yet. `kRecipeInvalid`
  /// where the vectors grew beyond what a file may hold.
  Result<std::vector<std::byte>> model();

 private:
  struct State;
  explicit FactorTraining(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace palate

#endif  // PALATE_FACTOR_H_
