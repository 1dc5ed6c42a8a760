// The kernels for x86-64-v3 (AVX2, FMA).
#define PALATE_KERNELS kX8664V3FactorKernels
#include "factor/kernels/factor_kernels_impl.h"
