// What makes a text unfit to be an id.
#ifndef PALATE_DATA_ID_FAULT_H_
#define PALATE_DATA_ID_FAULT_H_

#include <string_view>

namespace palate::internal {

/// Why a text cannot be an id, or nothing.
const char* id_fault(std::string_view id);

}  // namespace palate::internal

#endif  // PALATE_DATA_ID_FAULT_H_
