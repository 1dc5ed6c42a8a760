# What the test and demo commands build with. Sourced by them after set-up.

# build PRESET TARGET...: configures where that is due, then builds.
build() {
  local folder=build/$1
  if ! cmp -s build/setup/parts.cmake "$folder/parts.cmake"; then
    cmake --fresh --preset "$1"
    cp build/setup/parts.cmake "$folder/parts.cmake"
  fi
  cmake --build --preset "$1" --target "${@:2}"
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
  build wasm palate_wasm
  build wasm-relaxed palate_wasm
  install_packages js
  npm run --prefix js build
}
