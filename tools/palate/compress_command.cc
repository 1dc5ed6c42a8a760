// palate compress: a smaller model file, and what it loses.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.h"
#include "flags.h"
#include "format.h"
#include "model_file.h"
#include "output.h"
#include "palate/compress.h"
#include "palate/evaluate.h"
#include "preparation.h"
#include "progress.h"

namespace palate::tools {
namespace {

struct CompressFlags {
  std::filesystem::path model;
  std::filesystem::path output;
  Precision items = Precision::kInt8;
  std::filesystem::path histories;
  std::filesystem::path test;
  std::uint32_t k = 20;
  double max_loss = 0.003;
  TableFlags table;
  unsigned threads = 0;
};

constexpr std::array<std::pair<std::string_view, Precision>, 3> kPrecisions{
    {{"f32", Precision::kFloat32}, {"int8", Precision::kInt8}, {"int4", Precision::kInt4}}};

const Precision* find_precision(std::string_view name) {
  for (const auto& [known, precision] : kPrecisions) {
    if (name == known) return &precision;
  }
  return nullptr;
}

std::string check_precision(const std::string& text) {
  if (find_precision(text) != nullptr) return {};
  return "there is no precision '" + text + "'. Known: int8, int4, f32";
}

std::string_view precision_name(Precision precision) {
  return std::ranges::find(kPrecisions, precision, [](const auto& known) { return known.second; })
      ->first;
}

/// One measure of the model as it was and as it would be.
struct Quality {
  std::string name;
  double before = 0;
  double after = 0;
  bool is_error = false;  ///< the smaller the better

  /// The share that is lost; below 0 where something is won.
  double loss() const {
    if (before <= 0) return 0;
    return is_error ? after / before - 1 : 1 - after / before;
  }
};

std::string percent(double share) { return fixed(100 * share, 2) + " %"; }

Result<EvaluationReport> measure(const Model& model, const InteractionLog& history,
                                 const InteractionLog& test, const CompressFlags& flags,
                                 Console& console) {
  ProgressLine line(console);
  EvaluateOptions options;
  options.ks = {flags.k};
  options.threads = flags.threads;
  options.resamples = 0;
  options.progress = [&](const Progress& progress) { line.show(progress); };
  return evaluate(model, history, test, options);
}

std::vector<Quality> compare(const EvaluationReport& before, const EvaluationReport& after,
                             std::uint32_t k) {
  const RankingMetrics& old_ranking = before.model.front().ranking;
  const RankingMetrics& new_ranking = after.model.front().ranking;
  const std::string at = "@" + std::to_string(k);
  std::vector<Quality> list = {{"recall" + at, old_ranking.recall, new_ranking.recall},
                               {"ndcg" + at, old_ranking.ndcg, new_ranking.ndcg}};
  if (before.values && after.values) {
    list.push_back({"rmse", before.values->rmse, after.values->rmse, true});
  }
  return list;
}

void print(const CompressFlags& flags, const Model& before, const Model& after,
           const std::vector<Quality>& list, Console& console) {
  Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kRight});
  table.add({"items", std::string(precision_name(before.item_vectors().precision)),
             std::string(precision_name(flags.items)), "loss"});
  const auto per_item = [](const Model& model) {
    return fixed(
        static_cast<double>(model.bytes().size()) / static_cast<double>(model.item_count()), 1);
  };
  table.add({"bytes", with_commas(before.bytes().size()), with_commas(after.bytes().size()), ""});
  table.add({"bytes an item", per_item(before), per_item(after), ""});
  for (const Quality& quality : list) {
    table.add(
        {quality.name, fixed(quality.before, 4), fixed(quality.after, 4), percent(quality.loss())});
  }
  table.print(console.out);
}

Status check_losses(const CompressFlags& flags, const std::vector<Quality>& list) {
  for (const Quality& quality : list) {
    if (quality.loss() <= flags.max_loss) continue;
    return Error{ErrorCode::kRequestInvalid,
                 std::string(precision_name(flags.items)) + " items lose " +
                     percent(quality.loss()) + " of " + quality.name + ", over --max-loss " +
                     percent(flags.max_loss) +
                     ": nothing is written; take more bits or allow a larger loss"};
  }
  return Done{};
}

Status run(const CompressFlags& flags, Console& console) {
  if (Status writable = check_writable(flags.output); !writable) return writable;
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  const auto history = read_log(flags.histories, flags.table.options(), console);
  if (!history) return history.error();
  const auto test = read_log(flags.test, flags.table.options(), console);
  if (!test) return test.error();

  const auto bytes = palate::compress(file->model, flags.items);
  if (!bytes) return Error{bytes.error().code, flags.model.string() + ": " + bytes.error().message};
  const Result<FileBytes> aligned = FileBytes::copy_of(*bytes);
  if (!aligned) return aligned.error();
  const Result<Model> smaller = Model::open(aligned->bytes());
  if (!smaller) return smaller.error();

  const auto before = measure(file->model, *history, *test, flags, console);
  if (!before) return before.error();
  const auto after = measure(*smaller, *history, *test, flags, console);
  if (!after) return after.error();
  const std::vector<Quality> list = compare(*before, *after, flags.k);
  print(flags, file->model, *smaller, list, console);
  if (Status status = check_losses(flags, list); !status) return status;
  return save_file(flags.output, *bytes);
}

std::string check_loss(const std::string& text) {
  double share = 0;
  if (CLI::detail::lexical_cast(text, share) && share >= 0 && share <= 1) return {};
  return "'" + text + "' is no share: give a number from 0 to 1, such as 0.003";
}

}  // namespace

Command declare_compress(CLI::App& parent) {
  auto flags = std::make_shared<CompressFlags>();
  CLI::App* app = parent.add_subcommand(
      "compress", "Round a model's vectors to fewer bits, unless that loses too much");
  app->add_option("--model", flags->model, "The model file to compress")->required();
  app->add_option("--output", flags->output, "The model file to write")->required();
  app->add_option_function<std::string>(
         "--items", [flags](const std::string& name) { flags->items = *find_precision(name); },
         "What item vectors become: int8, int4 or f32")
      ->check(check_precision)
      ->required();
  app->add_option("--histories", flags->histories,
                  "What the users of the measurement did before: user, item rows")
      ->required();
  app->add_option("--test", flags->test, "What they did then: user, item rows")->required();
  app->add_option("--k", flags->k, "The cut-off that the loss is measured at")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_option("--max-loss", flags->max_loss,
                  "The share of recall, NDCG or (of values) RMSE that may be lost; over it nothing "
                  "is written")
      ->check(check_loss)
      ->capture_default_str();
  flags->table.declare(*app);
  declare_threads(*app, flags->threads);
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
