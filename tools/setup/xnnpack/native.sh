# XNNPACK for this machine by its own CMake (arguments: FOLDER TARBALLS).
set -euo pipefail
source "$(dirname "$0")/sources.sh"
cd "$1"

# Kernels for 8-bit and 16-bit numbers on the newest processors alone: dear to compile, and we call none of them.
unused=(AVXVNNI AVXVNNIINT8 AVX256SKX AVX256VNNI AVX256VNNIGFNI AVX512VBMI AVX512VNNI AVX512VNNIGFNI AVX512AMX AVX512FP16)

unpack_xnnpack_sources "$2" sources
cmake -S sources/xnnpack -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
  -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
  -DXNNPACK_LIBRARY_TYPE=static -DXNNPACK_BUILD_TESTS=OFF -DXNNPACK_BUILD_BENCHMARKS=OFF \
  -DXNNPACK_BUILD_ALL_MICROKERNELS=OFF -DXNNPACK_ENABLE_KLEIDIAI=OFF \
  $(printf -- '-DXNNPACK_ENABLE_%s=OFF ' "${unused[@]}") \
  -DCPUINFO_SOURCE_DIR="$PWD/sources/cpuinfo" -DFXDIV_SOURCE_DIR="$PWD/sources/fxdiv" \
  -DPTHREADPOOL_SOURCE_DIR="$PWD/sources/pthreadpool"
cmake --build build --target XNNPACK microkernels-prod pthreadpool cpuinfo
mkdir lib
find build -name '*.a' -exec mv {} lib \;
keep_xnnpack_headers sources
rm -r sources build
