#!/usr/bin/env bash
# The demo, after all set-up: trains a model on films with simulated viewers and serves the page.
#
#   tools/demo.sh                                    prints the page's address
#   tools/demo.sh --interactions FILE --items FILE   the same with a log and a catalogue of your own
#   tools/demo.sh --port N                           at this port, or the next free one
#   tools/demo.sh --check                            visits the page in headless Chromium instead of serving it
set -euo pipefail

usage() {
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
}

interactions='' items='' port=4173 check=false
while [ $# -gt 0 ]; do
  case $1 in
    --check) check=true; shift; continue ;;
    --interactions | --items | --port) [ $# -ge 2 ] || usage ;;
    *) usage ;;
  esac
  declare "${1#--}=$2"
  shift 2
done
[ "${interactions:+given}" = "${items:+given}" ] || usage
[ -z "$items" ] || { items=$(realpath "$items"); interactions=$(realpath "$interactions"); }
cd "$(dirname "$0")/.."

tools/setup.sh
source build/setup/env.sh
source tools/build.sh
build release palate
build_package
install_packages demo

palate=build/release/tools/palate/palate
data=build/demo
mkdir -p "$data" demo/public

# make FILE INPUT... -- COMMAND...: runs the command that makes FILE unless it did so from the same inputs before.
make() {
  local file=$1 inputs=() made_from
  shift
  while [ "$1" != -- ]; do inputs+=("$1"); shift; done
  made_from=$(echo "${@:2}" && sha256sum "${inputs[@]}")
  if [ ! -e "$file" ] || [ "$made_from" != "$(cat "$data/${file##*/}.made_from" 2>/dev/null)" ]; then
    "${@:2}"
    echo "$made_from" >"$data/${file##*/}.made_from"
  fi
}

source=file
if [ -z "$items" ]; then
  source=simulated
  items=$data/films.csv
  interactions=$data/simulated_views.csv
  make "$items" tools/demo_data.mjs "$PALATE_FILMS" -- node tools/demo_data.mjs "$PALATE_FILMS" "$items"
  make "$interactions" "$palate" "$items" -- \
    "$palate" simulate --items "$items" --users 2000 --events 200000 --seed 1 --output "$interactions"
fi
model=demo/public/model.palate
make "$model" "$palate" "$interactions" "$items" -- \
  "$palate" train --interactions "$interactions" --items "$items" --recipe hybrid --output "$model"

echo "{ \"source\": \"$source\" }" >demo/public/model.json
npm run --prefix demo build
if $check; then
  (cd demo && node check.mjs "$OLDPWD/$data/screenshot.png")
else
  npm run --prefix demo preview -- --host 127.0.0.1 --port "$port"
fi
