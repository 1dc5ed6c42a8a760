#!/usr/bin/env bash
# The npm package, all but published: built twice from what is committed, from clean and without a cache of objects, in two
# folders; compared byte by byte; checked (contents, sizes, types, licences, no script at installation, no path of the
# machine inside); and put into build/package with its bill of materials. Prints the SHA-256 of package and wasm.
#
#   tools/release.sh
set -euo pipefail
cd "$(dirname "$0")/.."

[ -z "$(git status --porcelain)" ] || { echo 'release: commit first: what is released is what is committed' >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# pack FOLDER: builds there, and leaves the packed package in it.
pack() {
  mkdir -p "$1"
  git archive HEAD | tar -x -C "$1"
  (
    cd "$1"
    tools/setup.sh
    source build/setup/env.sh
    source tools/build.sh
    CCACHE_DISABLE=1 build_package
    npm pack ./js --ignore-scripts --silent
  )
}

# contents FOLDER: the SHA-256 of each file in the package that was packed there.
contents() {
  mkdir "$1/unpacked"
  tar -xzf "$1"/palate-*.tgz -C "$1/unpacked" --strip-components=1
  (cd "$1/unpacked" && find . -type f -printf '%P\n' | sort | xargs sha256sum)
}

# Names of different lengths: a path that is left in would move what lies behind it.
first=$scratch/one second=$scratch/another/place
for folder in "$first" "$second"; do
  echo "release: building in $folder"
  pack "$folder" >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log" >&2; exit 1; }
done
contents "$first" >"$scratch/first"
contents "$second" >"$scratch/second"
diff "$scratch/first" "$scratch/second" || { echo 'release: these files depend on where they were built' >&2; exit 1; }
cmp "$first"/palate-*.tgz "$second"/palate-*.tgz

(
  cd "$first"
  source build/setup/env.sh
  source tools/build.sh
  install_packages tests
  node --test tests/package/package.test.mjs tests/package/tools.test.mjs
) >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }

out=build/package
rm -rf "$out"
mkdir -p "$out"
cp "$first"/palate-*.tgz "$out"
package=$(echo "$out"/palate-*.tgz)
node tools/release/bill.mjs "$package" >"${package%.tgz}.cdx.json"
echo "release: $package, the same bytes in both folders, and ${package##*/}'s bill of materials beside it"
grep '\.wasm$' "$scratch/first"
(cd "$out" && sha256sum -- *)
