# Where tools/setup.sh put the third-party parts of this checkout.
set(palate_parts "${CMAKE_CURRENT_LIST_DIR}/../../build/setup/parts.cmake")
if(NOT EXISTS "${palate_parts}")
  message(FATAL_ERROR "Third-party parts are missing: run tools/setup.sh first.")
endif()
include("${palate_parts}")
