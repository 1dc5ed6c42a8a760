#!/usr/bin/env bash
# Palate in the page beside TensorFlow.js, ONNX Runtime Web, LiteRT.js and plain JavaScript: the same vectors, the same
# network and the same requests in headless Chromium, interleaved in one run; Palate alone in Firefox and WebKitGTK, and
# natively. Prints tables in Markdown and fails where a list is wrong: f32 has to find plain JavaScript's best 10, int8
# nine of ten.
#
#   tools/bench/page.sh                      some eight minutes, on a machine that does nothing else
#   tools/bench/page.sh --quick              few repetitions: whether it runs, not how fast
#   tools/bench/page.sh --parts times,start  of times, engines, start (with bytes), memory, native
#   tools/bench/page.sh --only int8 --works rank   those whose name, build, precision and "precomputed" fit, on these works
#   tools/bench/page.sh --json FILE          every sample, too
#
# Does its own set-up: the peers come from npm at the versions of tools/bench/page/package.json, their files and Palate's
# are written into build/bench/page, 1.4 GB.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools/setup.sh
source build/setup/env.sh
source tools/build.sh
build release page_models page_native
build wasm train_step
build wasm-relaxed train_step
build_package
install_packages tests
install_packages tools/bench/page
exec node tools/bench/page/main.mjs "$@"
