# The toolchain of the WebAssembly presets: the Emscripten that tools/setup.sh found or made.
include("${CMAKE_CURRENT_LIST_DIR}/parts.cmake")
include("${PALATE_EMSCRIPTEN}/cmake/Modules/Platform/Emscripten.cmake")
set(PALATE_BINARYEN "${PALATE_EMSCRIPTEN}/../../../bin")
