// The kernels for x86-64-v4 (AVX-512).
#define PALATE_KERNELS kX8664V4FactorKernels
#include "factor/kernels/factor_kernels_impl.h"
