// The inner loops of retrieval, compiled once for each instruction set.
//
// A kernel file is compiled with flags that the machine may not support, so nothing of it may be
// merged with code from elsewhere by the linker: the interfaces are plain pointers, and what a
// kernel file defines beside its table lives in a namespace of that file alone.
#ifndef PALATE_RUNTIME_SCAN_KERNELS_H_
#define PALATE_RUNTIME_SCAN_KERNELS_H_

#include <stddef.h>
#include <stdint.h>

namespace palate::internal {

/// The products of `count` consecutive rows with one vector. Quantised rows lie as in `TableView`
/// (palate/table_views.h), at multiples of 16; their vector has a number for each code that
/// `row_bytes` hold, 0 behind the last column. The sums of whole numbers are exact.
struct ScanKernels {
  /// The order of summation is the same for every row, whatever its place.
  void (*float32)(const float* rows, size_t columns, const float* vector, size_t count,
                  float* products);
  /// The vector's numbers are 0 to 127: what every machine multiplies bytes by at once.
  void (*int8)(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
               int32_t* products);
  /// Of the codes plus 8, as they are stored; the vector's numbers are of magnitude 127 at most.
  void (*int4)(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
               int32_t* products);
};

/// One for each file that this build holds.
extern const ScanKernels kPortableScan;
extern const ScanKernels kX8664V3Scan;
extern const ScanKernels kWasmScan;
extern const ScanKernels kWasmRelaxedScan;

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SCAN_KERNELS_H_
