# Third-party libraries as targets. The page's come from the parts alone, the server's from Debian too.
find_package(Threads REQUIRED)

# add_part(NAME FOLDER LIBRARY...): palate::NAME with the headers of a part and its static libraries, in link order.
function(add_part name folder)
  add_library(palate::${name} INTERFACE IMPORTED)
  set_target_properties(palate::${name} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${folder}/include")
  list(TRANSFORM ARGN PREPEND "${folder}/lib/lib")
  list(TRANSFORM ARGN APPEND ".a")
  target_link_libraries(palate::${name} INTERFACE ${ARGN})
endfunction()

add_part(flatbuffers "${PALATE_FLATBUFFERS}")
if(EMSCRIPTEN)
  set(xnnpack $<IF:$<BOOL:${PALATE_RELAXED_SIMD}>,relaxed,simd128>)
  add_part(xnnpack "${PALATE_XNNPACK_WASM}" xnnpack_${xnnpack})
  add_part(catch2 "${PALATE_CATCH2_WASM}" catch2)
  target_compile_options(palate::catch2 INTERFACE -fwasm-exceptions)
  target_link_options(palate::catch2 INTERFACE -fwasm-exceptions -sEXIT_RUNTIME=1)
  return()
endif()

add_part(xnnpack "${PALATE_XNNPACK_NATIVE}" microkernels-prod)
add_part(catch2 "${PALATE_CATCH2_NATIVE}" catch2)

add_library(palate::duckdb SHARED IMPORTED)
set_target_properties(palate::duckdb PROPERTIES
  IMPORTED_LOCATION "${PALATE_DUCKDB}/lib/libduckdb.so"
  INTERFACE_INCLUDE_DIRECTORIES "${PALATE_DUCKDB}/include")

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
