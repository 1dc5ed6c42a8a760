// Fold-in: the exact user vector of anybody's history.
#ifndef PALATE_RUNTIME_FOLD_IN_H_
#define PALATE_RUNTIME_FOLD_IN_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/fold_in_system.h"
#include "runtime/history.h"
#include "runtime/user_encoder.h"

namespace palate::internal {

/// Formula: palate/encoder_views.h, FoldInView.
class FoldInEncoder final : public UserEncoder {
 public:
  /// `kModelMeaning` when the file's numbers give a system that has no unique solution. Borrows
  /// what the views point to.
  static Result<std::unique_ptr<UserEncoder>> create(const FoldInView& parameters,
                                                     const TableView& item_vectors);

  /// Makes A for a merged history, which must stay as it is while the encoder is asked about it.
  /// May be empty.
  Status set_history(const MergedHistory& history) override;

  /// The user vector of the history set last: A^-1 sum_j w_j h_j.
  Status encode(std::span<float> user_vector) override;

  /// What each item of that history adds to gradient . user vector: w_j h_j . A^-1 gradient.
  Status contributions(std::span<const double> gradient, std::span<float> amounts) override;

  FoldInSystem* posterior() override { return &system_; }

 private:
  FoldInEncoder(const FoldInView& parameters, std::size_t item_count, FoldInSystem system)
      : parameters_(parameters), item_count_(item_count), system_(std::move(system)) {}

  FoldInView parameters_;
  std::size_t item_count_;
  FoldInSystem system_;
  std::span<const HistoryItem> history_;
  Buffer<double> right_side_;
  Buffer<float> solution_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FOLD_IN_H_
