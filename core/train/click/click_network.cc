// The network of a tabular model in training: embeddings of categories, and an MLP on all inputs.
#include "train/click/click_network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "palate/random.h"

namespace palate::internal {
namespace {

/// Rows that one thread takes through the network at a time.
constexpr std::size_t kRows = 64;
constexpr double kInitialStddev = 0.05;

/// Streams of the seed.
enum Stream : std::uint64_t { kStart = 21, kEmbeddings, kDropout };

std::vector<ColumnInputs> inputs_of(std::span<const TabularColumn> columns,
                                    std::uint32_t embedding) {
  std::vector<ColumnInputs> inputs;
  ColumnInputs next;
  for (const TabularColumn& column : columns) {
    if (column.kind == AttributeKind::kNumber) {
      next.width = column.has_missing ? 2 : 1;
      next.rows = 0;
    } else {
      next.rows = column.categories.size() + 2;
      // Few categories are told apart by few numbers.
      next.width = std::min<std::size_t>(embedding, column.categories.size() + 1);
    }
    inputs.push_back(next);
    next.first += next.width;
    next.vectors += next.rows * next.width;
  }
  return inputs;
}

std::size_t width_of(std::span<const ColumnInputs> inputs) {
  return inputs.back().first + inputs.back().width;
}

std::size_t vectors_of(std::span<const ColumnInputs> inputs) {
  return inputs.back().vectors + inputs.back().rows * inputs.back().width;
}

}  // namespace

ClickNetwork::ClickNetwork(const TrainingRows& rows, const ClickRecipe& recipe, float offset,
                           std::uint64_t seed, const Kernels& kernels, ThreadPool& pool)
    : rows_(rows),
      recipe_(recipe),
      seed_(seed),
      kernels_(kernels),
      pool_(pool),
      columns_(inputs_of(rows.columns, recipe.embedding)),
      width_(width_of(columns_)),
      mlp_(width_, recipe.hidden, kernels),
      embeddings_(vectors_of(columns_)),
      mlp_adam_(OptimizerKind::kAdam, mlp_.parameters().size(), 0, kernels),
      embedding_adam_(OptimizerKind::kAdam, embeddings_.size(), 0, kernels) {
  Random start(seed, kStart);
  mlp_.start_from_constant(offset, start);
  Random random(seed, kEmbeddings);
  for (const ColumnInputs& column : columns_) {
    by_vectors_.emplace_back();
    embedding_gradients_.emplace_back(column.rows, column.width);
    // The last two, of other categories and of missing cells, stay zero unless training meets them.
    const std::size_t known = column.rows < 2 ? 0 : (column.rows - 2) * column.width;
    for (std::size_t k = 0; k < known; ++k) {
      embeddings_[column.vectors + k] = static_cast<float>(kInitialStddev * random.normal());
    }
  }
}

void ClickNetwork::write_input(std::uint32_t row, float* input) const {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ColumnInputs& column = columns_[c];
    float* own = input + column.first;
    if (column.rows == 0) {
      const float z = rows_.cells[c].numbers[row];
      own[0] = std::isnan(z) ? 0.0F : z;
      if (column.width == 2) own[1] = std::isnan(z) ? 1.0F : 0.0F;
      continue;
    }
    std::fill_n(own, column.width, 0.0F);
    for (const std::uint32_t entry : rows_.cells[c].view().entries_of(row)) {
      const float* vector = &embeddings_[column.vectors + entry * column.width];
      for (std::size_t k = 0; k < column.width; ++k) own[k] += vector[k];
    }
  }
}

/// Forward and back for some rows of the batch.
void ClickNetwork::run_chunk(std::span<const std::uint32_t> batch, const Chunk& chunk) {
  const std::size_t count = chunk.end - chunk.begin;
  std::vector<float> input(count * width_);
  for (std::size_t k = 0; k < count; ++k) write_input(batch[chunk.begin + k], &input[k * width_]);
  Mlp::Workspace workspace;
  Random random(Random(seed_ + batches_, kDropout).next(), chunk.index);
  const std::span<const float> outputs =
      mlp_.forward(input.data(), count, recipe_.dropout, random, workspace);
  std::vector<float> slopes(count);
  losses_[chunk.index] = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const RowLoss loss = row_loss(rows_.target, outputs[k], rows_.labels[batch[chunk.begin + k]]);
    losses_[chunk.index] += loss.loss;
    slopes[k] = static_cast<float>(loss.slope / static_cast<double>(batch.size()));
  }
  std::vector<float>& gradient = gradients_[chunk.index];
  gradient.assign(mlp_.parameters().size(), 0.0F);
  mlp_.backward(input.data(), count, slopes, workspace, gradient, &by_input_[chunk.begin * width_]);
}

double ClickNetwork::differentiate(std::span<const std::uint32_t> batch) {
  ++batches_;
  const std::size_t chunks = ThreadPool::chunk_count(batch.size(), kRows);
  gradients_.resize(std::max(gradients_.size(), chunks));
  losses_.assign(chunks, 0.0);
  by_input_.resize(batch.size() * width_);
  pool_.for_each_chunk(batch.size(), kRows, [&](const Chunk& chunk) { run_chunk(batch, chunk); });
  std::vector<float>& sum = gradients_.front();
  for (std::size_t chunk = 1; chunk < chunks; ++chunk) {
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += gradients_[chunk][k];
  }
  mlp_.add_l1(recipe_.l1, sum);
  mlp_.add_l2(recipe_.l2, sum);
  collect_embedding_gradients(batch);
  return std::accumulate(losses_.begin(), losses_.end(), 0.0);
}

float ClickNetwork::penalty_slope(float parameter) const {
  const float sign = parameter == 0 ? 0.0F : std::copysign(1.0F, parameter);
  return 2 * recipe_.embedding_l2 * parameter + recipe_.l1 * sign;
}

void ClickNetwork::collect_embedding_gradients(std::span<const std::uint32_t> batch) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ColumnInputs& column = columns_[c];
    if (column.rows == 0) continue;
    BatchGradient& gradient = embedding_gradients_[c];
    std::vector<float>& sources = by_vectors_[c];
    gradient.clear();
    sources.resize(batch.size() * column.width);
    for (std::uint32_t k = 0; k < batch.size(); ++k) {
      std::copy_n(&by_input_[k * width_ + column.first], column.width, &sources[k * column.width]);
      for (const std::uint32_t entry : rows_.cells[c].view().entries_of(batch[k])) {
        gradient.add(entry, k, 1.0F);
      }
    }
    gradient.sum(sources, kernels_, pool_);
    const std::span<const std::uint32_t> touched = gradient.items();
    for (std::size_t t = 0; t < touched.size(); ++t) {
      const float* vector = &embeddings_[column.vectors + touched[t] * column.width];
      float* slope = &gradient.rows()[t * column.width];
      for (std::size_t k = 0; k < column.width; ++k) slope[k] += penalty_slope(vector[k]);
    }
  }
}

double ClickNetwork::train_batch(std::span<const std::uint32_t> batch) {
  const double loss = differentiate(batch);
  mlp_adam_.begin_step(recipe_.learning_rate);
  mlp_adam_.move(0, gradients_.front(), mlp_.parameters());
  embedding_adam_.begin_step(recipe_.learning_rate);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ColumnInputs& column = columns_[c];
    if (column.rows == 0) continue;
    const std::span<const std::uint32_t> touched = embedding_gradients_[c].items();
    for (std::size_t t = 0; t < touched.size(); ++t) {
      embedding_adam_.move(column.vectors + touched[t] * column.width,
                           embedding_gradients_[c].rows().subspan(t * column.width, column.width),
                           embeddings_);
    }
  }
  return loss;
}

std::vector<float> ClickNetwork::embedding_gradient() const {
  std::vector<float> all(embeddings_.size(), 0.0F);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ColumnInputs& column = columns_[c];
    if (column.rows == 0) continue;
    const std::span<const std::uint32_t> touched = embedding_gradients_[c].items();
    for (std::size_t t = 0; t < touched.size(); ++t) {
      std::copy_n(&embedding_gradients_[c].rows()[t * column.width], column.width,
                  &all[column.vectors + touched[t] * column.width]);
    }
  }
  return all;
}

double ClickNetwork::loss_of(std::span<const std::uint32_t> rows) const {
  std::vector<double> sums(ThreadPool::chunk_count(rows.size(), kRows));
  pool_.for_each_chunk(rows.size(), kRows, [&](const Chunk& chunk) {
    const std::size_t count = chunk.end - chunk.begin;
    std::vector<float> input(count * width_);
    for (std::size_t k = 0; k < count; ++k) write_input(rows[chunk.begin + k], &input[k * width_]);
    Mlp::Workspace workspace;
    Random unused(0);
    const std::span<const float> outputs =
        mlp_.forward(input.data(), count, 0.0F, unused, workspace);
    for (std::size_t k = 0; k < count; ++k) {
      sums[chunk.index] +=
          row_loss(rows_.target, outputs[k], rows_.labels[rows[chunk.begin + k]]).loss;
    }
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(rows.size());
}

std::vector<float> ClickNetwork::average_of(std::span<const std::uint32_t> rows) const {
  std::vector<double> sum(width_, 0.0);
  std::vector<float> input(width_);
  for (const std::uint32_t row : rows) {
    write_input(row, input.data());
    for (std::size_t k = 0; k < width_; ++k) sum[k] += input[k];
  }
  std::vector<float> average(width_);
  for (std::size_t k = 0; k < width_; ++k) {
    average[k] = static_cast<float>(sum[k] / static_cast<double>(rows.size()));
  }
  return average;
}

StateParts ClickNetwork::state() {
  StateParts parts = {
      {"batches", batches_}, {"parameters", mlp_.parameters()}, {"embeddings", embeddings_}};
  append(mlp_adam_.state(), parts);
  append(embedding_adam_.state(), parts);
  return parts;
}

}  // namespace palate::internal
