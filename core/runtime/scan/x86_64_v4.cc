// The passes over a table for x86-64-v4 (AVX-512).
#define PALATE_SCAN_KERNELS kX8664V4Scan
#include "runtime/scan/x86_64_impl.h"
