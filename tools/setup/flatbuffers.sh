# FlatBuffers 23.5.26 from Debian trixie: headers, and flatc behind a wrapper that gives it the C library it was built for.
set -euo pipefail
source "$(dirname "$0")/fetch.sh"
cd "$1"

unpack_debs trixie packages libflatbuffers-dev flatbuffers-compiler libflatbuffers23.5.26
unpack_debs trixie libc libc6 libstdc++6 libgcc-s1
mkdir bin lib
mv packages/usr/include packages/usr/bin/flatc .
mv flatc lib
for library in ld-linux-x86-64.so.2 libc.so.6 libm.so.6 libgcc_s.so.1 libstdc++.so.6 libflatbuffers.so.23.5.26; do
  cp -L "$(find packages libc -name "$library" -print -quit)" lib
done
rm -r packages libc
cat >bin/flatc <<'END'
#!/bin/sh
lib=${0%/*}/../lib
exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib" "$lib/flatc" "$@"
END
chmod +x bin/flatc
bin/flatc --version
