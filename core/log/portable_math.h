// Logarithm and exponential whose bits do not depend on the C library or the processor.
#ifndef PALATE_LOG_PORTABLE_MATH_H_
#define PALATE_LOG_PORTABLE_MATH_H_

namespace palate::internal {

/// Natural logarithm of a positive, normal number; relative error below 1e-15 away from 1,
/// absolute error below 1e-16 near it.
double portable_log(double x);

/// e^x for |x| <= 700; relative error below 1e-14.
double portable_exp(double x);

}  // namespace palate::internal

#endif  // PALATE_LOG_PORTABLE_MATH_H_
