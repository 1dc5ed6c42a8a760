// Derivatives by their definition: what a trainer's gradients are held against.
#ifndef PALATE_TESTS_CORE_GRADIENT_CHECK_H_
#define PALATE_TESTS_CORE_GRADIENT_CHECK_H_

#include <functional>
#include <vector>

namespace palate::testing {

/// Central difference quotients of `loss` by each of `parameters`, in double. Where the loss is
/// smooth they are right to about 1e-9 of its size.
inline std::vector<double> difference_quotients(std::vector<double>& parameters,
                                                const std::function<double()>& loss) {
  constexpr double kStep = 1e-5;
  std::vector<double> quotients;
  for (double& parameter : parameters) {
    const double before = parameter;
    parameter = before + kStep;
    const double above = loss();
    parameter = before - kStep;
    const double below = loss();
    parameter = before;
    quotients.push_back((above - below) / (2 * kStep));
  }
  return quotients;
}

}  // namespace palate::testing

#endif  // PALATE_TESTS_CORE_GRADIENT_CHECK_H_
