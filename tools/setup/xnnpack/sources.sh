# Unpacking XNNPACK with its helpers, and keeping their public headers. Sourced by the scripts that build it.
xnnpack=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# unpack_xnnpack_sources TARBALLS FOLDER
unpack_xnnpack_sources() {
  local name
  for name in xnnpack pthreadpool fxdiv cpuinfo; do
    mkdir -p "$2/$name"
    tar -xJf "$1/$name"_*.orig.tar.xz -C "$2/$name"
    # Some of the tarballs have one top folder, some have none.
    if [ ! -e "$2/$name/CMakeLists.txt" ]; then
      mv "$2/$name"/*/* "$2/$name"
    fi
  done
  python3 "$xnnpack/merge_kernels.py" "$2/xnnpack"
}

# keep_xnnpack_headers SOURCES: copies the public headers to include/ of the working folder.
keep_xnnpack_headers() {
  mkdir include
  cp "$1/xnnpack/include/xnnpack.h" "$1/pthreadpool/include/pthreadpool.h" "$1/cpuinfo/include/cpuinfo.h" include
}
