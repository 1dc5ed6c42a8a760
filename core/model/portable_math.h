// Logarithm, exponential and power whose bits do not depend on the C library or the processor. They
// need no tables, which a page would have to download.
#ifndef PALATE_MODEL_PORTABLE_MATH_H_
#define PALATE_MODEL_PORTABLE_MATH_H_

namespace palate::internal {

/// Natural logarithm of a positive, normal number; relative error below 1e-15 away from 1,
/// absolute error below 1e-16 near it.
double portable_log(double x);

/// ln(1 + x) for a finite x from 0; relative error below 1e-14.
double portable_log1p(double x);

/// e^x for |x| <= 700; relative error below 1e-14.
double portable_exp(double x);

/// e^x as a float, of every number: 0 and infinity where a float has no other.
float portable_expf(float x);

/// x^y for a positive, normal x and a finite y, held within e^-700 and e^700; relative error below
/// 1e-14 times what y ln x is above 1.
double portable_pow(double x, double y);

}  // namespace palate::internal

#endif  // PALATE_MODEL_PORTABLE_MATH_H_
