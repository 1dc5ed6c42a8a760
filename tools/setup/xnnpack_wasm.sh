# XNNPACK for the page, with simd128 and with relaxed SIMD (arguments: FOLDER TARBALLS EMSCRIPTEN).
set -euo pipefail
setup=$(dirname "$0")
source "$setup/xnnpack_sources.sh"
cd "$1"

unpack_xnnpack_sources "$2" sources
CCACHE_COMPILERTYPE=clang "$3/emcmake" cmake -S "$setup/xnnpack_wasm" -B build -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DSOURCES="$PWD/sources"
CCACHE_COMPILERTYPE=clang cmake --build build
mkdir lib
mv build/*.a lib
keep_xnnpack_headers sources
rm -r sources build
