#!/usr/bin/env bash
# Fuzzes the reader and the runtime with model files, from the golden ones on: needs clang 14 or newer with libFuzzer.
#
#   tests/fuzz/run.sh [SECONDS]      default 60; what crashes is left in build/fuzz
set -euo pipefail
cd "$(dirname "$0")/../.."

tools/setup.sh
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target palate_fuzz
mkdir -p build/fuzz/corpus build/fuzz/seeds
for file in tests/golden/*.palate; do
  tail -c +65 "$file" >"build/fuzz/seeds/$(basename "$file")" # the body alone
done
cd build/fuzz
tests/fuzz/palate_fuzz -max_total_time="${1:-60}" -max_len=16384 -timeout=1 corpus seeds
