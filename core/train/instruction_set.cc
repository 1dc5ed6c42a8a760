// Which of the compiled kernels run here.
#include "train/instruction_set.h"

#include <cstdlib>
#include <span>
#include <string>

#include "palate/train.h"

namespace palate {
namespace internal {
namespace {

std::string names(std::span<const InstructionSet> sets) {
  std::string text;
  for (const InstructionSet& set : sets) text.append(text.empty() ? "" : ", ").append(set.name);
  return text;
}

}  // namespace

std::vector<InstructionSet> usable_instruction_sets() {
#if defined(__x86_64__)
  std::vector<InstructionSet> sets = {{"x86-64", &kGenericFactorKernels, &kGenericKernels}};
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                  __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  if (v3) sets.push_back({"x86-64-v3", &kX8664V3FactorKernels, &kX8664V3Kernels});
  if (v4) sets.push_back({"x86-64-v4", &kX8664V4FactorKernels, &kX8664V4Kernels});
  return sets;
#elif defined(__aarch64__)
  return {{"aarch64", &kGenericFactorKernels, &kGenericKernels}};
#else
  return {{"generic", &kGenericFactorKernels, &kGenericKernels}};
#endif
}

Result<InstructionSet> choose_instruction_set() {
  const std::vector<InstructionSet> sets = usable_instruction_sets();
  const char* wanted = std::getenv("PALATE_INSTRUCTION_SET");
  if (wanted == nullptr || *wanted == '\0') return sets.back();
  for (const InstructionSet& set : sets) {
    if (set.name == wanted) return set;
  }
  return Error{ErrorCode::kRequestInvalid, "PALATE_INSTRUCTION_SET is '" + std::string(wanted) +
                                               "', which this machine lacks; it has " +
                                               names(sets)};
}

}  // namespace internal

Result<std::string_view> instruction_set() {
  const Result<internal::InstructionSet> chosen = internal::choose_instruction_set();
  if (!chosen) return chosen.error();
  return chosen->name;
}

}  // namespace palate
