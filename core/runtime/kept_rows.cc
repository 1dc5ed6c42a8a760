// Rows of floats, or of bytes with a scale each.
#include "runtime/kept_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "runtime/lanes.h"

namespace palate::internal {
namespace {

float at_least(float x, float least) { return x > least ? x : least; }

}  // namespace

Status KeptRows::reserve(const RankerView& ranker, std::size_t items) {
  columns_ = ranker.layers.front().outputs;
  const std::uint64_t count = std::uint64_t{items} * columns_;
  if (ranker.rounds_item_half) {
    kind_ = Kind::kBytes;
  } else if (count <= kMostFloats) {
    kind_ = Kind::kFloats;
  } else {
    return Done{};
  }
  Status status = scales_.reserve(items);
  if (!status) return status;
  return kind_ == Kind::kBytes ? bytes_.allocate(items, columns_)
                               : floats_.allocate(items, columns_);
}

void KeptRows::fetch(ItemIndex item) const {
  // Reading is the only way to do that in WebAssembly.
  constexpr std::size_t kCacheLine = 64;
  const bool floats = kind_ == Kind::kFloats;
  const std::size_t row_bytes = columns_ * (floats ? sizeof(float) : 1);
  const char* row = floats ? reinterpret_cast<const char*>(floats_.data())
                           : reinterpret_cast<const char*>(bytes_.data());
  row += to_row(item) * row_bytes;
  for (std::size_t b = 0; b < row_bytes; b += kCacheLine) {
    char byte = row[b];
    asm volatile("" : "+r"(byte));
  }
}

void KeptRows::set(ItemIndex item, const float* row) {
  const std::size_t first = to_row(item) * columns_;
  if (kind_ == Kind::kFloats) {
    std::copy_n(row, columns_, floats_.data() + first);
    scales_[to_row(item)] = 1;
    return;
  }
  float largest = 0;
  for (std::size_t k = 0; k < columns_; ++k) largest = std::max(largest, std::abs(row[k]));
  const float scale = largest / 127;
  const float steps = 1 / scale;
  const float per_step = std::isfinite(steps) ? steps : 0;  // none in a row of next to nothing
  std::int8_t* codes = bytes_.data() + first;
  for (std::size_t k = 0; k < columns_; ++k) {
    codes[k] =
        static_cast<std::int8_t>(std::nearbyint(std::clamp(row[k] * per_step, -127.0F, 127.0F)));
  }
  scales_[to_row(item)] = scale;
}

void KeptRows::add(ItemIndex item, const float* base, bool rectify, float* sums) const {
  const std::size_t first = to_row(item) * columns_;
  const std::size_t count = columns_;
  const float least = rectify ? 0 : -std::numeric_limits<float>::infinity();
  if (kind_ == Kind::kFloats) {
    const float* row = floats_.data() + first;
    for (std::size_t k = 0; k < count; ++k) sums[k] = at_least(base[k] + row[k], least);
    return;
  }
  const float scale = scales_[to_row(item)];
  const std::int8_t* codes = bytes_.data() + first;
  const ManyLanes all_least = ManyLanes{} + least;
  std::size_t k = 0;
  for (; k + kManyLanes <= count; k += kManyLanes) {
    ManyBytes many;
    std::memcpy(&many, codes + k, sizeof(many));
    ManyLanes sum;
    load(base + k, sum);
    sum += __builtin_convertvector(many, ManyLanes) * scale;
    const ManyLanes bounded = sum > all_least ? sum : all_least;
    std::memcpy(sums + k, &bounded, sizeof(bounded));
  }
  for (; k < count; ++k) sums[k] = at_least(base[k] + codes[k] * scale, least);
}

}  // namespace palate::internal
