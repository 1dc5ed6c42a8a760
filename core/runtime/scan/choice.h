// Which of the compiled passes over a table run here.
#ifndef PALATE_RUNTIME_SCAN_CHOICE_H_
#define PALATE_RUNTIME_SCAN_CHOICE_H_

#include <span>

#include "runtime/scan/kernels.h"

namespace palate::internal {

/// What this machine has, the fastest last.
std::span<const ScanKernels* const> usable_scan_kernels();

/// The fastest.
const ScanKernels& scan_kernels();

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SCAN_CHOICE_H_
