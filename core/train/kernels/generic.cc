// The kernels for any machine of the build's kind.
#define PALATE_KERNELS kGenericKernels
#define PALATE_EIGEN EigenGeneric
#include "train/kernels/kernels_impl.h"
