# XNNPACK for the page, with simd128 and with relaxed SIMD (arguments: FOLDER TARBALLS EMSCRIPTEN).
set -euo pipefail
source "$(dirname "$0")/sources.sh"
cd "$1"

# Clang itself, with the flags that emcc would give it: emcc's own start costs more than one of these small files.
llvm=$("$3/em-config" LLVM_ROOT)
flags=$("$3/emcc" --cflags)
unpack_xnnpack_sources "$2" sources
cmake -S "$xnnpack/wasm" -B build -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_SYSTEM_NAME=Generic -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY \
  -DCMAKE_C_COMPILER="$llvm/clang" -DCMAKE_CXX_COMPILER="$llvm/clang++" -DCMAKE_AR="$llvm/llvm-ar" \
  -DCMAKE_RANLIB="$llvm/llvm-ranlib" -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" \
  -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DSOURCES="$PWD/sources"
cmake --build build
mkdir lib
mv build/*.a lib
keep_xnnpack_headers sources
rm -r sources build
