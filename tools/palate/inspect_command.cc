// palate inspect: what stands in a model file.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "model_file.h"
#include "model_json.h"
#include "model_report.h"

namespace palate::tools {
namespace {

struct InspectFlags {
  std::filesystem::path model;
  bool json = false;
};

Status run(const InspectFlags& flags, Console& console) {
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  if (flags.json) {
    console.out << model_json(file->model).dump(2) << '\n';
  } else {
    print_model(file->model, console.out);
  }
  return Done{};
}

}  // namespace

Command declare_inspect(CLI::App& parent) {
  auto flags = std::make_shared<InspectFlags>();
  CLI::App* app = parent.add_subcommand("inspect", "Show what stands in a model file");
  app->add_option("model", flags->model, "The model file")->required();
  app->add_flag("--json", flags->json, "Print JSON");
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
