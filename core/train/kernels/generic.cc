// The kernels for any machine of the build's kind.
#define PALATE_KERNELS kGenericKernels
#include "train/kernels/kernels_impl.h"
