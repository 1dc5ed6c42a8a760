// What is said of a request that cannot be met.
#ifndef PALATE_RUNTIME_REFUSED_H_
#define PALATE_RUNTIME_REFUSED_H_

#include "palate/result.h"

namespace palate::internal {

/// `message` says what is wrong, and where.
inline Status refused(const char* message) { return Error{ErrorCode::kRequestInvalid, message}; }

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_REFUSED_H_
