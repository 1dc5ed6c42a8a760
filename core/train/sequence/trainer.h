// The steps of sequence: batches of windows against one block of negatives.
#ifndef PALATE_TRAIN_SEQUENCE_TRAINER_H_
#define PALATE_TRAIN_SEQUENCE_TRAINER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/dataset.h"
#include "palate/random.h"
#include "palate/recipe.h"
#include "train/embeddings/batch_gradient.h"
#include "train/embeddings/embedding_table.h"
#include "train/embeddings/negative_block.h"
#include "train/item_sequences.h"
#include "train/kernels/kernels.h"
#include "train/sequence/network.h"
#include "train/sequence/sequence_pass.h"
#include "train/sequence/windows.h"

namespace palate::internal {

/// All that is learned: the items' vectors and the network over them.
struct SequenceModel {
  EmbeddingTable items;
  SequenceNetwork network;

  SequenceModel(const Dataset& dataset, const SequenceRecipe& recipe, std::uint64_t seed,
                const Kernels& kernels, ThreadPool& pool);

  /// Writes what the network reads of the events of a window: rows x dimension.
  void write_input(const ItemSequences& sequences, const Window& window, float* input) const;

  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  /// Where the vectors of the gap before an event and of its type stand among the network's
  /// parameters; kNone where they are not read.
  std::array<std::size_t, 2> context_of(const ItemSequences& sequences, const Window& window,
                                        std::size_t event) const;
};

/// Learns from batches. Everything it is given is borrowed.
class SequenceTrainer {
 public:
  SequenceTrainer(const Catalogue& catalogue, const SequenceRecipe& recipe, SequenceModel& model,
                  const Kernels& kernels, ThreadPool& pool);

  /// One step. Returns the loss, summed over the targets: cross entropy of each against the
  /// negatives. The learning rate may be 0: then nothing moves, which the gradient tests use.
  /// Nothing moves either where the loss is no number.
  double step(const ItemSequences& sequences, std::span<const Window> windows, float learning_rate,
              Random random);

  /// Derivatives of the mean loss, as the last step left them.
  const BatchGradient& item_gradient() const { return item_gradient_; }
  std::span<const float> network_gradient() const { return network_gradient_; }

  /// What a checkpoint keeps beside the model.
  StateParts state();

 private:
  /// A part of the batch, for one thread: windows [begin, end), rows from `first_row` on.
  struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t first_row = 0;
    std::size_t rows = 0;
  };
  struct Workspace {
    SequencePass pass;
    std::vector<std::size_t> lengths;
    std::vector<float> scores;
    std::vector<float> network_gradient;
    std::vector<float> negative_gradient;  ///< negatives x dimension
    double loss = 0;
  };

  void lay_out(std::span<const Window> windows);
  void run_part(const ItemSequences& sequences, std::span<const Window> windows, const Part& part,
                Random random, Workspace& workspace);
  void differentiate_loss(const Part& part, Workspace& workspace);
  double row_loss(std::size_t row, std::span<float> scores, std::span<const float> user);
  void differentiate_input(const ItemSequences& sequences, std::span<const Window> windows,
                           const Part& part, Workspace& workspace);
  void sum_parts();
  void collect();

  SequenceModel& model_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  std::size_t dimension_;
  NegativeBlock negatives_;
  Optimizer optimizer_;

  std::vector<Part> parts_;
  std::vector<Workspace> workspaces_;
  std::size_t rows_ = 0;
  std::vector<std::uint32_t> inputs_;   ///< items, one a row
  std::vector<std::uint32_t> targets_;  ///< items, one a row
  std::vector<float> by_target_;        ///< derivative by the target's score, one a row

  /// Rows that gradients are sums of: derivatives by the inputs, the user vectors, derivatives by
  /// the negatives.
  std::vector<float> sources_;
  BatchGradient item_gradient_;
  std::vector<float> network_gradient_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_TRAINER_H_
