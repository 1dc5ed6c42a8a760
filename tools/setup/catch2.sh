# Catch2 3.7.1, compiled once: natively, or for WebAssembly with exceptions (arguments: FOLDER TARBALLS native|EMSCRIPTEN).
set -euo pipefail
cd "$1"

tar -xzf "$2"/catch2_*.orig.tar.gz --strip-components=2 --wildcards '*/extras/catch_amalgamated.*'
flags=(-std=c++20 -O1 -c catch_amalgamated.cpp -o catch2.o)
if [ "$3" = native ]; then
  g++ "${flags[@]}"
  ar rcs libcatch2.a catch2.o
else
  "$3/em++" -fwasm-exceptions "${flags[@]}"
  "$3/emar" rcs libcatch2.a catch2.o
fi
mkdir include lib
mv catch_amalgamated.hpp include
mv libcatch2.a lib
rm catch2.o catch_amalgamated.cpp
