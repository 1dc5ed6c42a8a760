#!/usr/bin/env bash
# Every test, after all set-up; the last line counts them: "N passed, N failed".
#
#   tools/test.sh              all of it
#   tools/test.sh core js      only these steps, in seconds once built
set -euo pipefail
cd "$(dirname "$0")/.."

all_steps=(layers names format setup core tidy asan wasm cli js package browser demo)

step_layers() { one_test python3 tools/lint/layers.py; }
step_names() { one_test python3 tools/lint/names.py; }
step_format() { one_test tools/lint/format.sh; }
step_setup() { one_test tests/setup/parts_test.sh; }
step_core() {
  build release all
  one_test tools/lint/kernels.py build/release
  on_all_cores build/release/tests/core/palate_tests --colour-mode none
}
step_tidy() {
  build release all
  one_test python3 tools/lint/tidy.py
}
step_asan() {
  build asan palate_tests
  on_all_cores build/asan/tests/core/palate_tests --colour-mode none
}
step_wasm() {
  local preset
  for preset in wasm wasm-relaxed; do
    build "$preset" palate_tests
    on_all_cores node "build/$preset/tests/core/palate_tests.js" --colour-mode none
  done
}
step_cli() {
  build release palate
  node --test --test-concurrency=2 'tests/cli/*.test.mjs'
}
step_js() {
  build_package
  npm test --prefix js
}
step_package() {
  build_package
  install_packages tests
  node --test 'tests/package/*.test.mjs'
}
step_browser() {
  build release palate
  build_package
  install_packages tests
  install_packages demo
  node --test --test-concurrency=2 --test-timeout=600000 'tests/browser/*.test.mjs'
}
step_demo() {
  tools/demo.sh --check
  npm test --prefix demo
}

# on_all_cores COMMAND...: a program of Catch2's, its tests shared out, at random, over several processes a core.
on_all_cores() {
  local logs=build/test/shard shards=$((4 * $(nproc))) status=0
  rm -f "$logs".*
  seq 0 $((shards - 1)) | xargs -P "$(nproc)" -I{} sh -c '"$@" >"$0.{}" 2>&1' "$logs" \
    "$@" --order rand --rng-seed 1 --shard-count "$shards" --shard-index {} || status=$?
  cat "$logs".*
  return $status
}

# one_test COMMAND...: a check that counts as one test.
one_test() {
  "$@"
  echo "${FUNCNAME[1]}: 1 passed, 0 failed"
}

# count LOG: prints "PASSED FAILED", summed over the closing lines of Catch2, node:test and of our own.
count() {
  awk '
    /^All tests passed \(/ { match($0, /in [0-9]+ test case/); passed += substr($0, RSTART + 3) }
    /^test cases:/ { for (i = 2; i < NF; i++) { if ($(i + 1) == "passed") passed += $i; if ($(i + 1) == "failed") failed += $i } }
    /^(ℹ|#) pass [0-9]+$/ { passed += $3 }
    /^(ℹ|#) (fail|cancelled) [0-9]+$/ { failed += $3 }
    / [0-9]+ passed, [0-9]+ failed$/ { passed += $(NF - 3); failed += $(NF - 1) }
    END { print passed + 0, failed + 0 }' "$1"
}

# run STEP: in a shell of its own, its output in a log that is shown where it fails. A step that broke off, or that ran no
# test at all, counts as one failure.
run() {
  local log=build/test/$1.log start=$SECONDS status=0 passed failed
  echo "$1 ..."
  (set -euo pipefail; "step_$1") >"$log" 2>&1 &
  wait $! || status=$?
  read -r passed failed < <(count "$log")
  if [ "$failed" -eq 0 ] && { [ $status -ne 0 ] || [ "$passed" -eq 0 ]; }; then failed=1; fi
  [ "$failed" -eq 0 ] || cat "$log"
  echo "$1: $passed passed, $failed failed, $((SECONDS - start)) s"
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
}

steps=("${@:-${all_steps[@]}}")
for step in "${steps[@]}"; do
  declare -F "step_$step" >/dev/null || { echo "no step '$step'; there are: ${all_steps[*]}" >&2; exit 2; }
done
tools/setup.sh
source build/setup/env.sh
source tools/build.sh
mkdir -p build/test
total_passed=0
total_failed=0
for step in "${steps[@]}"; do run "$step"; done
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ]
