// How long a pass over an item table takes, by every kernel that runs here: the best 100 of tables
// with 64 random columns.
//
//   cmake --build --preset release --target palate_bench && build/release/tools/bench/palate_bench
//   "[scan]"
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "palate/model_writer.h"
#include "runtime/best_picks.h"
#include "runtime/table_scan.h"
#include "runtime/top_k.h"
#include "sample_models.h"

namespace palate::testing {
namespace {

constexpr std::uint32_t kColumns = 64;

struct Case {
  Precision precision;
  const char* name;
};
constexpr Case kCases[] = {
    {Precision::kFloat32, "f32"}, {Precision::kInt8, "int8"}, {Precision::kInt4, "int4"}};

}  // namespace

TEST_CASE("Best 100, 64 columns", "[scan]") {
  const std::uint32_t rows = GENERATE(10'000U, 100'000U, 1'000'000U);
  SampleNumbers numbers(1);
  const std::vector<float> values = numbers.many(std::size_t{rows} * kColumns, -1, 1);
  const std::vector<float> vector = numbers.many(kColumns, -1, 1);
  for (const Case& kind : kCases) {
    TableView table;
    table.rows = rows;
    table.columns = kColumns;
    table.precision = kind.precision;
    QuantizedTable quantized;
    std::vector<std::int32_t> code_sums;
    if (kind.precision == Precision::kFloat32) {
      table.values = values;
    } else {
      quantized = quantize(values, kColumns, kind.precision);
      table.scales = quantized.scales;
      table.codes = quantized.codes;
    }
    if (kind.precision == Precision::kInt8) {
      code_sums.resize(rows);
      internal::add_up_codes(table, code_sums);
    }
    std::size_t number = 0;
    for (const internal::ScanKernels* kernels : internal::usable_scan_kernels()) {
      std::vector<Pick> room(internal::BestPicks::room(100, rows));
      BENCHMARK(std::to_string(rows) + " rows, " + kind.name + ", kernels " +
                std::to_string(++number)) {
        return internal::top_k({.table = table,
                                .vector = vector,
                                .row_scale = {},
                                .excluded = {},
                                .code_sums = code_sums},
                               100, room, *kernels);
      };
    }
  }
}

}  // namespace palate::testing
