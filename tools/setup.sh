#!/usr/bin/env bash
# Set-up: whatever building, testing and the demo need, kept in a cache outside the checkout.
#
#   tools/setup.sh             safe to call any number of times; under two seconds when nothing is to do
#   . build/setup/env.sh       afterwards: the private tools on the PATH of a shell
#
#   PALATE_CACHE=FOLDER        where the parts are kept (default ~/.cache/palate)
#   PALATE_TARBALLS=FOLDER     source tarballs fetched before; all else comes through the system's apt and npm
#
# A part is a folder of the cache, filled by one script of tools/setup/. Its name ends in a hash of that script and of
# what the script is given, so a changed part is made anew and checkouts of different age share one cache.
set -euo pipefail
shopt -s inherit_errexit
source "$(dirname "${BASH_SOURCE[0]}")/setup/parts.sh"

bash "$setup/debian.sh"
open_cache

node=$(fresh_enough_node || part node node.sh)
export PATH="$node/bin:$PATH"
flatbuffers=$(part flatbuffers flatbuffers.sh)
emscripten=$(active_emscripten) || {
  prefix=$(part emscripten emscripten.sh "$node")
  emscripten=$prefix/usr/share/emscripten
}
export PATH="$emscripten:$PATH"
tarballs=$(part tarballs tarballs.sh)
duckdb=$(part duckdb duckdb.sh)
films=$(part films films.sh)
# Each is one file to compile: both at once.
part catch2-wasm catch2.sh "$tarballs" "$emscripten" >"$PALATE_SCRATCH/catch2_wasm" &
catch2_native=$(part catch2-native catch2.sh "$tarballs" native)
wait $!
catch2_wasm=$(<"$PALATE_SCRATCH/catch2_wasm")
xnnpack_native=$(part xnnpack-native xnnpack/native.sh "$tarballs" "$setup"/xnnpack/*.{sh,py})
xnnpack_wasm=$(part xnnpack-wasm xnnpack/wasm.sh "$tarballs" "$emscripten" "$setup"/xnnpack/*.{sh,py} "$setup"/xnnpack/wasm/*)

write_if_changed "$root/build/setup/env.sh" <<END
# Private tools of this checkout; written by tools/setup.sh.
export PALATE_CACHE='$cache'
export PALATE_FILMS='$films/movies.json'
export CCACHE_DIR='$cache/ccache'
export PATH='$node/bin:$emscripten:$flatbuffers/bin':"\$PATH"
END
write_if_changed "$root/build/setup/parts.cmake" <<END
# Where this checkout's third-party parts lie; written by tools/setup.sh.
set(PALATE_NODE "$node/bin/node")
set(PALATE_EMSCRIPTEN "$emscripten")
set(PALATE_FLATBUFFERS "$flatbuffers")
set(PALATE_DUCKDB "$duckdb")
set(PALATE_CATCH2_NATIVE "$catch2_native")
set(PALATE_CATCH2_WASM "$catch2_wasm")
set(PALATE_XNNPACK_NATIVE "$xnnpack_native")
set(PALATE_XNNPACK_WASM "$xnnpack_wasm")
set(PALATE_CCACHE_DIR "$cache/ccache")
END
say "ready after $SECONDS s"
