// The kernels for x86-64-v4 (AVX-512).
#define PALATE_KERNELS kX8664V4Kernels
#include "train/kernels/kernels_impl.h"
