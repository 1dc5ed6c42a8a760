// palate compress: a smaller model file, and what it loses.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.h"
#include "compression_report.h"
#include "context_flags.h"
#include "flags.h"
#include "format.h"
#include "model_file.h"
#include "output.h"
#include "palate/compress.h"
#include "palate/dataset.h"
#include "palate/evaluate.h"
#include "preparation.h"
#include "progress.h"

namespace palate::tools {
namespace {

enum class IndexKind { kNone, kIvf };

struct CompressFlags {
  std::filesystem::path model;
  std::filesystem::path output;
  std::optional<Precision> items;
  std::optional<Precision> ranker;
  std::optional<Precision> item_half;
  std::optional<IndexKind> index;
  ListIndexOptions indexing;
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

std::string check_ranker_precision(const std::string& text) {
  if (find_precision(text) != nullptr && *find_precision(text) != Precision::kInt4) return {};
  return "there is no precision '" + text + "' for a ranker. Known: int8, f32";
}

std::string_view precision_name(Precision precision) {
  return std::ranges::find(kPrecisions, precision, [](const auto& known) { return known.second; })
      ->first;
}

std::string index_name(bool is_there) { return is_there ? "ivf" : "no"; }

/// One thing that becomes another.
struct Step {
  Change change;
  Compression compression;
  bool makes_index = false;
};

Step precision_step(const std::string& what, Precision before, Precision after,
                    Compression compression) {
  return {{what, std::string(precision_name(before)), std::string(precision_name(after))},
          std::move(compression)};
}

std::vector<Step> steps_of(const CompressFlags& flags, const Model& model) {
  std::vector<Step> steps;
  const RankerView* ranker = model.ranker();
  if (flags.items) {
    steps.push_back(precision_step("items", model.item_vectors().precision, *flags.items,
                                   {.items = *flags.items}));
  }
  if (flags.ranker) {
    const bool was_int8 =
        ranker != nullptr && ranker->layers.size() > 2 && ranker->layers[1].is_quantized();
    steps.push_back(precision_step("ranker", was_int8 ? Precision::kInt8 : Precision::kFloat32,
                                   *flags.ranker, {.ranker = *flags.ranker}));
  }
  if (flags.item_half) {
    const bool was_int8 = ranker != nullptr && ranker->rounds_item_half;
    steps.push_back(precision_step("item half", was_int8 ? Precision::kInt8 : Precision::kFloat32,
                                   *flags.item_half,
                                   {.rounds_item_half = *flags.item_half == Precision::kInt8}));
  }
  if (flags.index) {
    const bool is_made = *flags.index == IndexKind::kIvf;
    const bool was_there = model.has_list_index() && !flags.items;
    steps.push_back(
        {{"index", index_name(was_there), index_name(is_made)}, {.index = ListIndex{}}, is_made});
  }
  return steps;
}

/// A compressed model, what it is good for, and what else there is to say of how it was made.
struct Compressed {
  FileBytes bytes;
  Model model;
  EvaluationReport report;
  std::string remark;
};

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

std::vector<std::vector<Event>> events_of(const InteractionLog& log, const Model& model) {
  const IndexedHistories indexed = index_histories(log, model);
  std::vector<std::vector<Event>> histories;
  for (std::size_t user = 0; user < indexed.histories.user_count(); ++user) {
    const std::span<const Event> events = indexed.histories.of(user);
    histories.emplace_back(events.begin(), events.end());
  }
  return histories;
}

Result<Compressed> apply(const Step& step, const Model& model, const InteractionLog& history,
                         const InteractionLog& test, const CompressFlags& flags, Console& console) {
  Compression compression = step.compression;
  if (compression.ranker == Precision::kInt8) {
    Result<std::vector<float>> steps = measure_steps(model, events_of(history, model));
    if (!steps) return steps.error();
    compression.steps = std::move(*steps);
  }
  std::string remark;
  if (step.makes_index) {
    ListIndexOptions options = flags.indexing;
    options.threads = flags.threads;
    Result<MadeListIndex> made = make_list_index(model, events_of(history, model), options);
    if (!made) return made.error();
    remark = index_text(*made);
    compression.index = std::move(made->index);
  }
  const auto bytes = compress(model, compression);
  if (!bytes) return bytes.error();
  Result<FileBytes> aligned = FileBytes::copy_of(*bytes);
  if (!aligned) return aligned.error();
  Result<Model> opened = Model::open(aligned->bytes());
  if (!opened) return opened.error();
  Result<EvaluationReport> report = measure(*opened, history, test, flags, console);
  if (!report) return report.error();
  return Compressed{std::move(*aligned), std::move(*opened), std::move(*report), std::move(remark)};
}

Status run(const CompressFlags& flags, Console& console) {
  if (!flags.items && !flags.ranker && !flags.item_half && !flags.index) {
    return Error{ErrorCode::kRequestInvalid,
                 "nothing is to be changed: give --items, --ranker, --item-half or --index"};
  }
  if (Status writable = check_writable(flags.output); !writable) return writable;
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  if (flags.items && !flags.index && file->model.has_list_index()) {
    return Error{ErrorCode::kRequestInvalid,
                 flags.model.string() +
                     ": the model has an index of its item vectors as they are; "
                     "give --index ivf to make it anew, or --index none"};
  }
  const auto history = read_log(flags.histories, flags.table.options(), console);
  if (!history) return history.error();
  ReadOptions reading = flags.table.options();
  add_context_of(file->model, reading.context);
  const auto test = read_log(flags.test, reading, console);
  if (!test) return test.error();

  const auto original = measure(file->model, *history, *test, flags, console);
  if (!original) return original.error();
  std::optional<Compressed> last;
  std::string done;
  for (const Step& step : steps_of(flags, file->model)) {
    const Model& before = last ? last->model : file->model;
    Result<Compressed> next = apply(step, before, *history, *test, flags, console);
    if (!next) return Error{next.error().code, flags.model.string() + ": " + next.error().message};
    print_change(step.change, before, next->model,
                 compare(last ? last->report : *original, next->report, flags.k), console.out);
    if (!next->remark.empty()) console.out << next->remark << '\n';
    done += (last ? " + " : "") + step.change.name();
    last = std::move(*next);
    const Status status =
        check_losses(flags.max_loss, done, compare(*original, last->report, flags.k));
    if (!status) return status;
  }
  return save_file(flags.output, last->bytes.bytes());
}

std::string check_loss(const std::string& text) {
  double share = 0;
  if (CLI::detail::lexical_cast(text, share) && share >= 0 && share <= 1) return {};
  return "'" + text + "' is no share: give a number from 0 to 1, such as 0.003";
}

void declare_index(CLI::App& app, CompressFlags& flags) {
  CLI::Option* index =
      app.add_option_function<std::string>(
             "--index",
             [&flags](const std::string& name) {
               flags.index = name == "ivf" ? IndexKind::kIvf : IndexKind::kNone;
             },
             "ivf: lists of items that lie near one another, so that the best of a large catalogue "
             "are found in some of them; none: every item is looked at")
          ->check(CLI::IsMember({"ivf", "none"}));
  ListIndexOptions& options = flags.indexing;
  app.add_option("--lists", options.lists,
                 "How many lists of items; default: twice the root of the number of items")
      ->check(CLI::Range(1, 65'536))
      ->needs(index);
  app.add_option("--probes", options.probes,
                 "How many of them are looked at; default: as few as reach --index-recall")
      ->check(CLI::PositiveNumber)
      ->needs(index);
  app.add_option("--index-recall", options.recall,
                 "The share of the exact best items that is to be found")
      ->check(CLI::Range(0.0, 1.0))
      ->needs(index)
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of the index")->needs(index)->capture_default_str();
}

}  // namespace

Command declare_compress(CLI::App& parent) {
  auto flags = std::make_shared<CompressFlags>();
  CLI::App* app = parent.add_subcommand(
      "compress",
      "Round a model's vectors and its ranker to fewer bits, or index its items, unless that loses "
      "too much");
  app->add_option("--model", flags->model, "The model file to compress")->required();
  app->add_option("--output", flags->output, "The model file to write")->required();
  app->add_option_function<std::string>(
         "--items", [flags](const std::string& name) { flags->items = *find_precision(name); },
         "What item vectors become: int8, int4 or f32")
      ->check(check_precision);
  app->add_option_function<std::string>(
         "--ranker", [flags](const std::string& name) { flags->ranker = *find_precision(name); },
         "What the ranker's layers between its first and its last become: int8 or f32")
      ->check(check_ranker_precision);
  app->add_option_function<std::string>(
         "--item-half",
         [flags](const std::string& name) { flags->item_half = *find_precision(name); },
         "How what an item alone makes of the ranker's first layer is kept in the page's memory: "
         "int8, or f32: not, where it takes over 4 MiB")
      ->check(check_ranker_precision);
  declare_index(*app, *flags);
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
