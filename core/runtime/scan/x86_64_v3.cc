// The passes over a table for x86-64-v3 (AVX2, FMA).
#define PALATE_SCAN_KERNELS kX8664V3Scan
#include "runtime/scan/x86_64_impl.h"
