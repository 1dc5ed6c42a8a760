# Compilations are cached across checkouts: paths below this one count as relative, and Emscripten's driver, which ccache
# does not know, is treated as the clang that it runs.
find_program(PALATE_CCACHE ccache)
if(PALATE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    "CCACHE_DIR=${PALATE_CCACHE_DIR}" "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1)
  if(EMSCRIPTEN)
    list(APPEND CMAKE_CXX_COMPILER_LAUNCHER CCACHE_COMPILERTYPE=clang
      "CCACHE_COMPILERCHECK=string:${PALATE_EMSCRIPTEN}")
  endif()
  list(APPEND CMAKE_CXX_COMPILER_LAUNCHER "${PALATE_CCACHE}")
endif()
