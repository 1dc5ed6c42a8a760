// Rows against centroids, a block of both at a time, by the kernels of retrieval.
#include "compress/item_lists.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>

#include "palate/random.h"
#include "runtime/scan/choice.h"

namespace palate::internal {
namespace {

constexpr std::size_t kRowBlock = 256;
constexpr std::size_t kListBlock = 128;    // their centroids stay in the nearest cache
constexpr std::size_t kSampleOfList = 64;  // rows that a centroid is made of
constexpr int kRounds = 10;

class Lists {
 public:
  Lists(const TableView& table, std::uint32_t count, Workers& workers)
      : table_(table),
        columns_(table.columns),
        count_(count),
        workers_(workers),
        lifts_(table.rows),
        centroids_(std::size_t{count} * columns_),
        lifts_of_centroids_(count) {}

  /// The number that each row is lifted by.
  void lift() {
    std::vector<double> squares(table_.rows);
    workers_.for_each_chunk(table_.rows, kRowBlock, [&](const Chunk& chunk) {
      std::vector<float> vector(columns_);
      for (std::size_t row = chunk.begin; row < chunk.end; ++row) {
        table_.read(row, vector);
        for (const float x : vector) squares[row] += double{x} * x;
      }
    });
    const double longest = *std::max_element(squares.begin(), squares.end());
    std::transform(squares.begin(), squares.end(), lifts_.begin(), [longest](double square) {
      return static_cast<float>(std::sqrt(longest - square));
    });
  }

  void train(std::uint64_t seed) {
    Random random(seed);
    std::vector<std::uint32_t> sample(table_.rows);
    std::iota(sample.begin(), sample.end(), 0U);
    random.shuffle(std::span(sample));
    sample.resize(std::min<std::size_t>(sample.size(), kSampleOfList * count_));
    for (std::uint32_t list = 0; list < count_; ++list) begin_at(list, sample[list]);
    std::vector<std::uint16_t> lists(sample.size());
    for (int round = 0; round < kRounds; ++round) {
      assign(sample, lists);
      move(sample, lists, random);
    }
  }

  std::vector<std::uint16_t> assign_all() {
    std::vector<std::uint32_t> rows(table_.rows);
    std::iota(rows.begin(), rows.end(), 0U);
    std::vector<std::uint16_t> lists(rows.size());
    assign(rows, lists);
    return lists;
  }

  std::vector<float> take_centroids() { return std::move(centroids_); }

 private:
  void begin_at(std::uint32_t list, std::uint32_t row) {
    std::vector<float> vector(columns_);
    table_.read(row, vector);
    const std::vector<double> sum(vector.begin(), vector.end());
    set_centroid(list, sum, lifts_[row]);
  }

  // The direction of a sum of lifted rows.
  void set_centroid(std::uint32_t list, std::span<const double> sum, double lift) {
    double square = lift * lift;
    for (const double x : sum) square += x * x;
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    for (std::size_t k = 0; k < columns_; ++k) {
      centroids_[list * columns_ + k] = static_cast<float>(sum[k] * scale);
    }
    lifts_of_centroids_[list] = static_cast<float>(lift * scale);
  }

  /// For each of the rows the list whose centroid is nearest, the first one of equals.
  void assign(std::span<const std::uint32_t> rows, std::span<std::uint16_t> lists) const {
    workers_.for_each_chunk(rows.size(), kRowBlock, [&](const Chunk& chunk) {
      const std::size_t size = chunk.end - chunk.begin;
      assign_block(rows.subspan(chunk.begin, size), lists.subspan(chunk.begin, size));
    });
  }

  void assign_block(std::span<const std::uint32_t> rows, std::span<std::uint16_t> lists) const {
    std::vector<float> vectors(rows.size() * columns_);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      table_.read(rows[r], std::span(vectors).subspan(r * columns_, columns_));
    }
    std::array<float, kRowBlock> best;
    best.fill(-std::numeric_limits<float>::infinity());
    std::array<float, kListBlock> products;
    for (std::size_t first = 0; first < count_; first += kListBlock) {
      const std::size_t count = std::min(kListBlock, count_ - first);
      for (std::size_t r = 0; r < rows.size(); ++r) {
        scan_kernels().float32(&centroids_[first * columns_], columns_, &vectors[r * columns_],
                               count, products.data());
        for (std::size_t k = 0; k < count; ++k) {
          const float nearness = products[k] + lifts_[rows[r]] * lifts_of_centroids_[first + k];
          if (!(nearness > best[r])) continue;
          best[r] = nearness;
          lists[r] = static_cast<std::uint16_t>(first + k);
        }
      }
    }
  }

  // Each centroid to the middle of its rows; one without any begins anew, at random.
  void move(std::span<const std::uint32_t> rows, std::span<const std::uint16_t> lists,
            Random& random) {
    std::vector<double> sums(count_ * columns_);
    std::vector<double> lifts(count_);
    std::vector<std::size_t> sizes(count_);
    std::vector<float> vector(columns_);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      table_.read(rows[r], vector);
      for (std::size_t k = 0; k < columns_; ++k) sums[lists[r] * columns_ + k] += vector[k];
      lifts[lists[r]] += lifts_[rows[r]];
      ++sizes[lists[r]];
    }
    for (std::uint32_t list = 0; list < count_; ++list) {
      if (sizes[list] == 0) {
        begin_at(list, rows[random.below(rows.size())]);
      } else {
        set_centroid(list, std::span(sums).subspan(list * columns_, columns_), lifts[list]);
      }
    }
  }

  const TableView& table_;
  std::size_t columns_;
  std::size_t count_;
  Workers& workers_;
  std::vector<float> lifts_;  // of the rows
  std::vector<float> centroids_;
  std::vector<float> lifts_of_centroids_;
};

}  // namespace

ItemLists make_item_lists(const TableView& table, std::uint32_t count, std::uint64_t seed,
                          Workers& workers) {
  Lists lists(table, count, workers);
  lists.lift();
  lists.train(seed);
  std::vector<std::uint16_t> assigned = lists.assign_all();
  return {lists.take_centroids(), std::move(assigned)};
}

}  // namespace palate::internal
