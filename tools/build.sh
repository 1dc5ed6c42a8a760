# What the test and demo commands build with. Sourced by them after set-up.

# build PRESET TARGET...: configures where that is due, then builds.
build() {
  local folder=build/$1 made_from
  made_from=$(cat build/setup/parts.cmake CMakePresets.json)
  if [ "$made_from" != "$(cat "$folder/configured_from" 2>/dev/null)" ]; then
    cmake --fresh --preset "$1"
    relative_units "$folder"
    echo "$made_from" >"$folder/configured_from"
  fi
  cmake --build --preset "$1" --target "${@:2}"
}

# relative_units FOLDER: lets units of several files name them relatively, so that the cache knows them in any checkout.
relative_units() {
  local unit
  find "$1" -path '*/Unity/*.cxx' | while read -r unit; do
    sed -i "s#\"$PWD/#\"$(realpath --relative-to="$(dirname "$unit")" .)/#" "$unit"
  done
}

# install_packages FOLDER: npm ci, unless what is installed came from the same lock.
install_packages() {
  local installed=$1/node_modules/.installed-lock.json
  if ! cmp -s "$1/package-lock.json" "$installed"; then
    npm ci --prefix "$1" --prefer-offline --no-audit --no-fund
    mkdir -p "$1/node_modules"
    cp "$1/package-lock.json" "$installed"
  fi
}

# build_package: the npm package, js/dist, over both variants of the wasm runtime.
build_package() {
  build wasm palate_wasm palate_threads_wasm palate_items_wasm palate_train_wasm
  build wasm-relaxed palate_wasm palate_threads_wasm
  install_packages js
  npm run --prefix js build
}
