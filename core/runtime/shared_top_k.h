// Top-k by several threads.
#ifndef PALATE_RUNTIME_SHARED_TOP_K_H_
#define PALATE_RUNTIME_SHARED_TOP_K_H_

#include <cstddef>
#include <optional>
#include <span>

#include "palate/types.h"
#include "runtime/crew.h"
#include "runtime/scan/choice.h"
#include "runtime/top_k.h"

namespace palate::internal {

/// Whether a table is so large that others are of use.
bool is_worth_sharing(const TableView& table);

/// What `top_k` writes and returns, to the last bit, by this thread and the helpers of `crew`: each
/// takes rows of the table until none are left. By this thread alone where that is not worth it.
std::optional<std::size_t> shared_top_k(Crew& crew, const TopKQuery& query, std::size_t count,
                                        std::span<Pick> room);

/// The same, however small the table.
std::optional<std::size_t> top_k_by_all(Crew& crew, const TopKQuery& query, std::size_t count,
                                        std::span<Pick> room,
                                        const ScanKernels& kernels = scan_kernels());

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SHARED_TOP_K_H_
