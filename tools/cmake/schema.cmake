# palate_add_schema(TARGET FILE.fbs): compiles a FlatBuffers schema and lets TARGET include "FILE_generated.h".
function(palate_add_schema target schema)
  cmake_path(GET schema STEM name)
  cmake_path(ABSOLUTE_PATH schema BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/generated")
  set(header "${generated}/${name}_generated.h")
  set(flatc "${PALATE_FLATBUFFERS}/bin/flatc")
  add_custom_command(
    OUTPUT "${header}"
    COMMAND "${flatc}" --cpp --cpp-std c++17 --scoped-enums --gen-object-api -o "${generated}" "${schema}"
    DEPENDS "${schema}" "${flatc}"
    COMMENT "Compiling ${name}.fbs"
    VERBATIM)
  target_sources(${target} PRIVATE "${header}")
  target_include_directories(${target} SYSTEM PRIVATE "${generated}")
  target_link_libraries(${target} PRIVATE palate::flatbuffers)
endfunction()
