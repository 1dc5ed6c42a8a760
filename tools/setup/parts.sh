# How parts are kept in the cache: named by content, built aside, checked before use. Sourced by tools/setup.sh.

setup=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$setup/../.." && pwd)
cache=$(realpath -m "${PALATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/palate}")
export PALATE_SCRATCH=$cache/scratch

say() { echo "set-up: $*" >&2; }

# Takes the cache for this run alone and clears what a killed run left behind.
open_cache() {
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock --nonblock 9 || { say 'waiting for another set-up to end'; flock 9; }
  rm -rf "$PALATE_SCRATCH"
  mkdir "$PALATE_SCRATCH"
  trap 'rm -rf "$PALATE_SCRATCH"' EXIT
  export CCACHE_DIR=$cache/ccache
  # A shell that sourced env.sh has private tools on its PATH: they must not pass for the machine's own.
  PATH=$(tr : '\n' <<<"$PATH" | grep -v "^$cache/" | paste -sd :)
}

# part NAME SCRIPT INPUT...: prints the folder of a part after building it where it is missing or damaged.
# An input that is a file counts with its content, any other (a flag, another part's folder) with its text.
part() {
  local name=$1 script=$setup/$2 inputs=("${@:3}") input key
  key=$(for input in "$script" "${inputs[@]}"; do
    if [ -f "$input" ]; then cat "$input"; else echo "$input"; fi
  done | sha256sum | cut -c 1-12)
  local folder=$cache/$name-$key
  is_whole "$folder" || build_part "$name" "$folder" bash "$script" "$PALATE_SCRATCH/$name" "${inputs[@]}"
  touch "$folder"
  echo "$folder"
}

# Whether all that the part had when it was built is there, with its size and, where a file was written to since, with its
# content. (The manifest is written last.)
is_whole() (
  [ -s "$1/.manifest" ] && cd "$1" || return 1
  cut -d ' ' -f 2- .manifest | xargs -d '\n' stat -c '%s %n' 2>/dev/null | cmp -s - .manifest || return 1
  [ -n "$(find . -type f -newer .manifest -print -quit)" ] || return 0
  sha256sum --check --status .sums 2>/dev/null && touch .manifest
)

# build_part NAME FOLDER COMMAND...: the command fills a scratch folder, which then takes the place of FOLDER at once.
# What it prints goes to a log, but for what it prints to descriptor 3.
build_part() {
  local name=$1 folder=$2 scratch=$PALATE_SCRATCH/$1 log=$cache/$1.log start=$SECONDS
  [ ! -e "$folder" ] || say "$name is damaged: making it anew"
  say "$name ..."
  mkdir "$scratch"
  if ! "${@:3}" 3>&2 >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    say "$name failed; the whole log is $log"
    return 1
  fi
  (
    cd "$scratch"
    find . -type f -exec sha256sum {} + >"$PALATE_SCRATCH/sums"
    mv "$PALATE_SCRATCH/sums" .sums
    find . -type f,l ! -name .manifest -printf '%s %P\n' | LC_ALL=C sort -k 2 >.manifest
  )
  rm -rf "$folder"
  mv -T "$scratch" "$folder"
  find "$cache" -maxdepth 1 -name "$name-????????????" -mtime +30 -exec rm -rf {} +
  say "$name: $((SECONDS - start)) s"
}

# Prints the prefix of the machine's own Node where it is 22.18 or newer, which runs TypeScript as it is.
fresh_enough_node() {
  local version
  version=$(node --version 2>/dev/null) && is_at_least 22.18 "${version#v}" &&
    node -p "require('path').resolve(process.execPath, '../..')"
}

# Prints the folder of an Emscripten >= 3.1.69 that is active on the PATH.
active_emscripten() {
  local emcc version
  emcc=$(command -v emcc) || return 1
  version=$(emcc -dumpversion 2>/dev/null) || return 1
  is_at_least 3.1.69 "$version" && dirname "$(realpath "$emcc")"
}

# is_at_least MINIMUM VERSION
is_at_least() { printf '%s\n' "$@" | sort --check=quiet --version-sort; }

# Keeps the file's time when the text is the same, so that CMake does not configure again.
write_if_changed() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}
