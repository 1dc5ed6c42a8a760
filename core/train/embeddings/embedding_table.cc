// A table of learned vectors, one an item, of which a step moves only the rows it touched.
#include "train/embeddings/embedding_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace palate::internal {
namespace {

constexpr std::size_t kRowChunk = 128;

}  // namespace

ItemCategories categories_of(const Catalogue& catalogue) {
  const std::size_t items = catalogue.ids.size();
  ItemCategories result;
  result.offsets.assign(1, 0);
  std::vector<std::size_t> first;  // of each attribute's categories
  for (const Attribute& attribute : catalogue.attributes) {
    first.push_back(result.count);
    if (attribute.kind == AttributeKind::kCategory) result.count += attribute.categories.size();
  }
  for (std::size_t item = 0; item < items; ++item) {
    for (std::size_t a = 0; a < catalogue.attributes.size(); ++a) {
      const Attribute& attribute = catalogue.attributes[a];
      if (attribute.kind != AttributeKind::kCategory) continue;
      for (std::uint32_t k = attribute.offsets[item]; k < attribute.offsets[item + 1]; ++k) {
        result.members.push_back(static_cast<std::uint32_t>(first[a] + attribute.entries[k]));
      }
    }
    result.offsets.push_back(result.members.size());
  }
  return result;
}

EmbeddingTable::EmbeddingTable(std::size_t items, const EmbeddingOptions& options,
                               std::vector<float> lengths, ItemCategories categories, Random random,
                               const Kernels& kernels, ThreadPool& pool)
    : items_(items),
      dimension_(options.dimension),
      lengths_(std::move(lengths)),
      categories_(std::move(categories)),
      kernels_(kernels),
      pool_(pool),
      embeddings_((items + categories_.count) * dimension_),
      vectors_(items * dimension_),
      scales_(lengths_.size()),
      optimizer_(options.optimizer, embeddings_.size(), options.weight_decay, kernels) {
  for (float& x : embeddings_) x = options.initial_stddev * static_cast<float>(random.normal());
  refresh_all();
}

StateParts EmbeddingTable::state() {
  StateParts parts = optimizer_.state();
  parts.emplace_back("embeddings", embeddings_);
  return parts;
}

void EmbeddingTable::start_at(std::size_t item, std::span<const float> vector) {
  const std::span<float> own = row(embeddings_, item);
  std::ranges::copy(vector, own.begin());
  if (categories_.count == 0) return;
  for (std::size_t m = categories_.offsets[item]; m < categories_.offsets[item + 1]; ++m) {
    const std::span<const float> category = row(embeddings_, items_ + categories_.members[m]);
    for (std::size_t c = 0; c < dimension_; ++c) own[c] -= category[c];
  }
}

void EmbeddingTable::step(std::span<const std::uint32_t> items, std::span<float> gradients,
                          float learning_rate) {
  optimizer_.begin_step(learning_rate);
  pool_.for_each_chunk(items.size(), kRowChunk, [&](const Chunk& chunk) {
    for (std::size_t k = chunk.begin; k < chunk.end; ++k) {
      const std::span<float> gradient = gradients.subspan(k * dimension_, dimension_);
      if (!lengths_.empty()) undo_scaling(items[k], gradient);
      optimizer_.move(items[k] * dimension_, gradient, embeddings_);
      if (categories_.count == 0) refresh(items[k]);
    }
  });
  if (categories_.count == 0) return;
  step_categories(items, gradients);
  refresh_all();
}

/// From the derivative by l v / |v|, l the wanted length, to the derivative by v.
void EmbeddingTable::undo_scaling(std::size_t item, std::span<float> gradient) const {
  const float* vector = &vectors_[item * dimension_];
  const float product = kernels_.dot(gradient.data(), vector, dimension_);
  const float along = product / (lengths_[item] * lengths_[item]);
  for (std::size_t c = 0; c < dimension_; ++c) {
    gradient[c] = (gradient[c] - along * vector[c]) * scales_[item];
  }
}

/// The derivative by a category's embedding is the sum of those by its items' vectors.
void EmbeddingTable::step_categories(std::span<const std::uint32_t> items,
                                     std::span<const float> gradients) {
  std::vector<std::vector<std::uint32_t>> rows_of(categories_.count);
  for (std::size_t k = 0; k < items.size(); ++k) {
    for (std::size_t m = categories_.offsets[items[k]]; m < categories_.offsets[items[k] + 1];
         ++m) {
      rows_of[categories_.members[m]].push_back(static_cast<std::uint32_t>(k));
    }
  }
  const std::vector<float> ones(items.size(), 1.0F);
  pool_.for_each_chunk(categories_.count, 1, [&](const Chunk& chunk) {
    const std::vector<std::uint32_t>& rows = rows_of[chunk.index];
    if (rows.empty()) return;
    std::vector<float> sum(dimension_);
    kernels_.weighted_sum(gradients.data(), dimension_, rows.data(), ones.data(), rows.size(),
                          sum.data());
    optimizer_.move((items_ + chunk.index) * dimension_, sum, embeddings_);
  });
}

void EmbeddingTable::refresh(std::size_t item) {
  const std::span<float> vector = row(vectors_, item);
  const std::span<float> own = row(embeddings_, item);
  std::copy(own.begin(), own.end(), vector.begin());
  if (categories_.count > 0) {
    for (std::size_t m = categories_.offsets[item]; m < categories_.offsets[item + 1]; ++m) {
      const std::span<float> category = row(embeddings_, items_ + categories_.members[m]);
      for (std::size_t c = 0; c < dimension_; ++c) vector[c] += category[c];
    }
  }
  if (lengths_.empty()) return;
  const float squared = kernels_.dot(vector.data(), vector.data(), dimension_);
  const float length = std::max(std::sqrt(squared), kShortest);
  scales_[item] = lengths_[item] / length;
  for (float& x : vector) x *= scales_[item];
}

void EmbeddingTable::refresh_all() {
  pool_.for_each_chunk(items_, kRowChunk, [&](const Chunk& chunk) {
    for (std::size_t item = chunk.begin; item < chunk.end; ++item) refresh(item);
  });
}

}  // namespace palate::internal
