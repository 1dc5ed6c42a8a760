# How the project's own code is compiled, as targets to link: palate_flags by all of it, palate_page_flags by what ships
# to the page.
option(PALATE_WARNINGS_ARE_ERRORS "Fail on a compiler warning" OFF)
option(PALATE_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(PALATE_RELAXED_SIMD "Use WebAssembly's relaxed SIMD instructions" OFF)

add_library(palate_flags INTERFACE)
target_compile_features(palate_flags INTERFACE cxx_std_20)
target_include_directories(palate_flags INTERFACE
  "${PROJECT_SOURCE_DIR}/core/include" "${PROJECT_SOURCE_DIR}/core")
target_compile_options(palate_flags INTERFACE -Wall -Wextra -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 and 13 see overlaps in std::string's own operator+ (their bug 105651).
  target_compile_options(palate_flags INTERFACE -Wno-restrict)
endif()
if(PALATE_WARNINGS_ARE_ERRORS)
  target_compile_options(palate_flags INTERFACE -Werror)
endif()
if(PALATE_SANITIZE)
  # What ships has no type information, by which a virtual call would be checked.
  set(sanitizers -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all)
  target_compile_options(palate_flags INTERFACE ${sanitizers} -O1 -g1 -fno-omit-frame-pointer)
  target_link_options(palate_flags INTERFACE ${sanitizers})
endif()
if(EMSCRIPTEN)
  # The page downloads every byte: code is made for size, but for the loops that palate_loops_for_speed names.
  string(REPLACE "-O3" "-Oz" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
  set(simd -msimd128 $<$<BOOL:${PALATE_RELAXED_SIMD}>:-mrelaxed-simd>)
  target_compile_options(palate_flags INTERFACE ${simd})
  target_link_options(palate_flags INTERFACE ${simd})
endif()

add_library(palate_page_flags INTERFACE)
target_compile_options(palate_page_flags INTERFACE -fno-exceptions -fno-rtti)
target_link_libraries(palate_page_flags INTERFACE palate_flags)

# palate_loops_for_speed(FILE...): sources whose loops run over all items, all weights or the whole file. Unrolled they
# would be several times as large and no faster.
function(palate_loops_for_speed)
  if(EMSCRIPTEN)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "-O3;-fno-unroll-loops")
  endif()
endfunction()

# palate_lanes_for_speed(FILE...): the same where the vectors are spelt out, so that nothing is left to be vectorised but
# the few numbers behind the last whole vector. Loops over a few vectors are unrolled in full: else their sums would live
# in memory.
function(palate_lanes_for_speed)
  if(EMSCRIPTEN)
    set_source_files_properties(${ARGN} PROPERTIES
      COMPILE_OPTIONS "-O3;-fno-vectorize;-fno-slp-vectorize;-mllvm=-unroll-runtime=false;-mllvm=-unroll-allow-partial=false")
  endif()
endfunction()

# palate_kernels(TARGET): adds the target's kernel files, one for each instruction set.
#
# They are optimised in every build type: an inline function that a debug build would leave for the linker to merge must
# not come from a file compiled for a larger instruction set. The test "kernel files export only their own symbols" holds
# them to it. The warnings are of GCC 12's own headers (its bug 105593).
function(palate_kernels target)
  set(options -O3 -ffp-contract=fast -fno-math-errno)
  target_sources(${target} PRIVATE kernels/generic.cc)
  set_source_files_properties(kernels/generic.cc PROPERTIES
    SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS "${options}")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    foreach(level v3 v4)
      target_sources(${target} PRIVATE kernels/x86_64_${level}.cc)
      set_source_files_properties(kernels/x86_64_${level}.cc PROPERTIES
        SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS "${options};-march=x86-64-${level};-Wno-uninitialized;-Wno-maybe-uninitialized")
    endforeach()
  endif()
endfunction()
