# Emscripten 3.1.69 and binaryen 120 of Debian trixie over clang 19 of bookworm, unpacked into a prefix that can be moved
# (arguments: FOLDER NODE). Trixie's programs need a newer C library than bookworm's: wrappers run them with their own.
set -euo pipefail
source "$(dirname "$0")/fetch.sh"
node=$2
cd "$1"

unpack_debs trixie . emscripten binaryen node-acorn
unpack_debs trixie newlibc libc6 libstdc++6 libgcc-s1
unpack_debs bookworm . clang-19 lld-19 llvm-19 llvm-19-linker-tools libllvm19 libclang-cpp19 libclang-common-19-dev \
  libedit2 libz3-4 libbsd0 libmd0 libxml2 libicu72

system=usr/lib/x86_64-linux-gnu
llvm=usr/lib/llvm-19
emscripten=usr/share/emscripten

# wrapper FILE LINE: a shell script whose $prefix is wherever the prefix lies, without the cost of another process.
wrapper() {
  local up=${1//[^\/]/}
  up=${up//\//..\/}
  printf '#!/bin/sh\nprefix=${0%%/*}/%s\n%s\n' "${up%/}" "$2" >"$1"
  chmod +x "$1"
}

# LLVM_ROOT/bin and BINARYEN_ROOT/bin, as Emscripten wants them, in one folder.
mkdir bin
for file in "$llvm"/bin/*; do
  wrapper "bin/${file##*/}" \
    "LD_LIBRARY_PATH=\$prefix/$llvm/lib:\$prefix/$system exec \"\$prefix/$file\" \"\$@\""
done
for file in usr/bin/wasm-* usr/bin/wasm2js; do
  [ "$(head -c 4 "$file" | tr -d '\0')" = $'\177ELF' ] || continue
  wrapper "bin/${file##*/}" \
    "exec \"\$prefix/newlibc/$system/ld-linux-x86-64.so.2\" --library-path \"\$prefix/newlibc/$system:\$prefix/$system\" \"\$prefix/$file\" \"\$@\""
done

cat >emscripten.config <<END
import os
prefix = os.path.dirname(os.path.abspath(os.environ['EM_CONFIG']))
LLVM_ROOT = prefix + '/bin'
BINARYEN_ROOT = prefix
NODE_JS = '$node/bin/node'
CACHE = prefix + '/$emscripten/cache'
FROZEN_CACHE = True
END
for tool in emcc em++ emar emranlib emnm emstrip em-config embuilder emcmake; do
  rm -f "$emscripten/$tool"
  wrapper "$emscripten/$tool" \
    "EM_CONFIG=\$prefix/emscripten.config exec /usr/bin/python3 -E \"\$prefix/$emscripten/$tool.py\" \"\$@\""
done

# Only acorn: with the whole of Debian's folder, tsc would trip over its @types.
rm -rf "$emscripten/node_modules"
mkdir "$emscripten/node_modules"
ln -s ../../nodejs/acorn "$emscripten/node_modules/acorn"

# What no build here asks for: threads, position-independent code, WebGPU, WasmFS, and OpenGL but for the one library that
# every link names; then manuals and Emscripten's own tests.
libraries=$emscripten/cache/sysroot/lib/wasm32-emscripten
rm -rf "$libraries"/{pic,lto-pic} usr/share/{doc,man,lintian}
find "$emscripten/test" -type f ! -name hello_world.c -delete # emcc --cflags compiles that one
find "$libraries" \( -name '*-mt*' -o -name '*-ww*' -o -name 'libwebgpu*' -o -name 'libwasmfs*' -o -name 'libGL*' \) \
  ! -name libGL-getprocaddr.a -delete

# Compiled once here, because Emscripten's start-up is most of the time of a small compilation.
/usr/bin/python3 -m compileall -q "$emscripten"
printf 'int main() { return 0; }\n' >check.cc
"$emscripten/em++" -O2 check.cc -o check.js
"$node/bin/node" check.js
rm check.*
