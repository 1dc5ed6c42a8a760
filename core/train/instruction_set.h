// Which of the compiled kernels run here.
#ifndef PALATE_TRAIN_INSTRUCTION_SET_H_
#define PALATE_TRAIN_INSTRUCTION_SET_H_

#include <string_view>

#include "factor/kernels/kernels.h"
#include "palate/result.h"

namespace palate::internal {

/// A set of instructions by name, and the kernels that use it.
struct InstructionSet {
  std::string_view name;
  const Kernels* kernels;
};

/// The best one that the machine has, or the one that PALATE_INSTRUCTION_SET asks for.
Result<InstructionSet> choose_instruction_set();

}  // namespace palate::internal

#endif  // PALATE_TRAIN_INSTRUCTION_SET_H_
