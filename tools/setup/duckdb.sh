# DuckDB 1.4.4 from npm: the shared library of its Node bindings and the C header of its source package.
set -euo pipefail
source "$(dirname "$0")/fetch.sh"
cd "$1"

library=$(fetch_npm @duckdb/node-bindings-linux-x64@1.4.4-r.4 \
  732fac4dc6b8f198870b9c4bb6ddf13544466daca00ad28ba2f1d80de5d7aa4b)
source=$(fetch_npm duckdb@1.4.4 5bb967dcbcd517670ba5f169f238fb9d6787e53752c60ebe24386169d76941ed)
mkdir lib include
tar -xzf "$library" --strip-components=1 -C lib package/libduckdb.so package/LICENSE
tar -xzf "$source" --strip-components=5 -C include package/src/duckdb/src/include/duckdb.h
rm "$library" "$source"
