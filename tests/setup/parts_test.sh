#!/usr/bin/env bash
# Set-up builds a part once, and anew when it is damaged in any way.
set -euo pipefail
shopt -s inherit_errexit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
PALATE_CACHE=$scratch/cache
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/setup/parts.sh"
setup=$scratch # where the script of the part lies

cat >"$scratch/sample.sh" <<'END'
cd "$1"
echo built >>"$2/builds.log"
mkdir lib
head -c 1000 /dev/zero >lib/data
ln -s data lib/link
END

# expect BUILDS WHAT: asks for the part; fails where it was not built that often so far, or is not whole.
expect() {
  local built
  folder=$(part sample sample.sh "$scratch" 2>>"$scratch/said")
  built=$(wc -l <"$scratch/builds.log")
  [ "$built" = "$1" ] || { echo "$2: built $built times, not $1" >&2 && exit 1; }
  cmp -s "$folder/lib/link" <(head -c 1000 /dev/zero) || { echo "$2: not whole" >&2 && exit 1; }
}

mkdir -p "$PALATE_SCRATCH"
expect 1 'a new part'
expect 1 'a part that is there'
touch "$folder/lib/data"
expect 1 'a file that was written to and is the same'
truncate -s 999 "$folder/lib/data"
expect 2 'a shorter file'
rm "$folder/lib/data"
expect 3 'a lost file'
rm "$folder/lib/link"
expect 4 'a lost link'
printf x | dd of="$folder/lib/data" bs=1 seek=500 conv=notrunc status=none
expect 5 'a changed byte'
rm "$folder/.manifest"
expect 6 'a part that was never finished'
grep -q 'sample is damaged: making it anew' "$scratch/said"
