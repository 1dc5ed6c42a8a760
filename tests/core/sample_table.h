// An item table of given numbers, in any precision, as it lies in a model file.
#ifndef PALATE_TESTS_SAMPLE_TABLE_H_
#define PALATE_TESTS_SAMPLE_TABLE_H_

#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "palate/model.h"
#include "palate/model_writer.h"
#include "runtime/table_scan.h"

namespace palate::testing {

/// A table together with what it is mapped onto.
class SampleTable {
 public:
  SampleTable(std::vector<float> values, std::uint32_t columns, Precision precision)
      : values_(std::move(values)) {
    view_.rows = static_cast<std::uint32_t>(values_.size() / columns);
    view_.columns = columns;
    view_.precision = precision;
    if (precision == Precision::kFloat32) {
      view_.values = values_;
      return;
    }
    quantized_ = quantize(values_, columns, precision);
    view_.scales = quantized_.scales;
    // Aligned as in a file, and with nothing behind its end but what a sanitizer watches.
    codes_.resize(quantized_.codes.size() / sizeof(Block));
    std::memcpy(codes_.data(), quantized_.codes.data(), quantized_.codes.size());
    view_.codes = {reinterpret_cast<const std::uint8_t*>(codes_.data()), quantized_.codes.size()};
    if (precision != Precision::kInt8) return;
    code_sums_.resize(view_.rows);
    internal::add_up_codes(view_, code_sums_);
  }

  const TableView& view() const { return view_; }
  std::span<const std::int32_t> code_sums() const { return code_sums_; }

 private:
  struct alignas(16) Block {
    std::uint8_t bytes[16];
  };
  std::vector<float> values_;
  QuantizedTable quantized_;
  std::vector<Block> codes_;
  TableView view_;
  std::vector<std::int32_t> code_sums_;
};

}  // namespace palate::testing

#endif  // PALATE_TESTS_SAMPLE_TABLE_H_
