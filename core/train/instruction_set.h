// Which of the compiled kernels run here.
#ifndef PALATE_TRAIN_INSTRUCTION_SET_H_
#define PALATE_TRAIN_INSTRUCTION_SET_H_

#include <string_view>
#include <vector>

#include "factor/kernels/factor_kernels.h"
#include "palate/result.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// A set of instructions by name, and the kernels that use it: of iALS, and of all other training.
struct InstructionSet {
  std::string_view name;
  const FactorKernels* factor_kernels;
  const Kernels* kernels;
};

/// What the machine has, the least first.
std::vector<InstructionSet> usable_instruction_sets();

/// The best one that the machine has, or the one that PALATE_INSTRUCTION_SET asks for.
Result<InstructionSet> choose_instruction_set();

}  // namespace palate::internal

#endif  // PALATE_TRAIN_INSTRUCTION_SET_H_
