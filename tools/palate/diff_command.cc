// palate diff: what makes a newer model file of an older one, for pages that have kept the older.
#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "format.h"
#include "model/file_header.h"
#include "model_file.h"
#include "output.h"
#include "palate/delta.h"

namespace palate::tools {
namespace {

struct DiffFlags {
  std::filesystem::path base;
  std::filesystem::path result;
  std::filesystem::path output;
};

Status run(const DiffFlags& flags, Console& console) {
  if (Status writable = check_writable(flags.output); !writable) return writable;
  const Result<ModelFile> base = ModelFile::open(flags.base);
  if (!base) return base.error();
  const Result<ModelFile> result = ModelFile::open(flags.result);
  if (!result) return result.error();
  const auto delta = make_delta(base->model, result->model);
  if (!delta) return delta.error();
  const double whole = static_cast<double>(result->bytes.bytes().size());
  Table table({Align::kLeft, Align::kRight, Align::kRight});
  table.add({"", "bytes", "share"});
  table.add({"model", with_commas(result->bytes.bytes().size()), ""});
  table.add({"delta", with_commas(delta->size()),
             fixed(100 * static_cast<double>(delta->size()) / whole, 1) + " %"});
  table.print(console.out);
  console.out << "for the model with SHA-256 "
              << internal::to_hex(internal::stated_checksum(base->bytes.bytes())) << '\n';
  return save_file(flags.output, *delta);
}

}  // namespace

Command declare_diff(CLI::App& parent) {
  auto flags = std::make_shared<DiffFlags>();
  CLI::App* app = parent.add_subcommand(
      "diff", "Write what pages that have kept an older model need to have the newer one");
  app->add_option("old", flags->base, "The model file that pages have kept")->required();
  app->add_option("new", flags->result, "The model file that takes its place")->required();
  app->add_option("--output", flags->output, "The delta file to write")->required();
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
