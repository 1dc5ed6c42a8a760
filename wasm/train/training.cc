// The trainer's module: plain functions over its memory, one training an instance.
#include <emscripten/emscripten.h>

#include <cstddef>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "palate/factor.h"
#include "request.h"
#include "standalone.h"

namespace palate {
namespace {

/// What the model file calls this machine.
constexpr std::string_view kInstructionSet = "wasm32";

/// Lives as long as the instance.
struct Trainer {
  std::vector<std::byte> request;
  std::optional<FactorTraining> training;
  std::vector<std::byte> model;
};

Trainer& trainer() {
  static Trainer& one = *new Trainer;
  return one;
}

}  // namespace

extern "C" {

/// The address of `size` bytes for the request.
EMSCRIPTEN_KEEPALIVE std::byte* request(std::size_t size) {
  std::set_new_handler(run_out_of_memory);
  trainer().request.resize(size);
  return trainer().request.data();
}

/// Reads the request and begins; 0: failed.
EMSCRIPTEN_KEEPALIVE int start() {
  const Result<TrainRequest> read = read_train_request(trainer().request);
  if (!read) return failed(read.error());
  trainer().request = {};
  Result<FactorTraining> training =
      FactorTraining::create(read->log, read->items, read->recipe, kInstructionSet);
  if (!training) return failed(training.error());
  trainer().training.emplace(std::move(*training));
  return 1;
}

EMSCRIPTEN_KEEPALIVE void runEpoch() { trainer().training->run_epoch(); }

/// Makes the model file; 0: failed.
EMSCRIPTEN_KEEPALIVE int finish() {
  Result<std::vector<std::byte>> model = trainer().training->model();
  if (!model) return failed(model.error());
  trainer().model = std::move(*model);
  return 1;
}

EMSCRIPTEN_KEEPALIVE const std::byte* model() { return trainer().model.data(); }
EMSCRIPTEN_KEEPALIVE std::size_t modelSize() { return trainer().model.size(); }

}  // extern "C"
}  // namespace palate
