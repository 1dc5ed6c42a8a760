// The kernels for any machine of the build's kind.
#define PALATE_KERNELS kGenericFactorKernels
#include "factor/kernels/factor_kernels_impl.h"
