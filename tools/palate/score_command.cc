// palate score: what a tabular model makes of each row of a file.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "command.h"
#include "examples.h"
#include "flags.h"
#include "format.h"
#include "model/replacement_file.h"
#include "model_file.h"
#include "output.h"
#include "palate/scorer.h"

namespace palate::tools {
namespace {

constexpr std::size_t kRowsAtOnce = 4096;

struct ScoreFlags {
  std::filesystem::path model;
  std::filesystem::path rows;
  std::filesystem::path output;
  TableFlags table;
  bool explain = false;
};

std::string header_of(const TabularView& tabular, bool explain) {
  std::string header = "row,score,linear";
  if (explain) {
    header += ",sum,base,remainder";
    for (const TabularColumnView& column : tabular.columns) {
      header += "," + csv_field(column.name);
    }
    header += ",linear_base";
    for (const TabularColumnView& column : tabular.columns) {
      header += "," + csv_field("linear " + std::string(column.name));
    }
  }
  return header + "\n";
}

/// The fields behind score and linear score: of each column what it adds, in the model's order.
Result<std::string> reasons_of(Scorer& scorer, std::span<const CellsView> columns,
                               std::size_t row) {
  const Result<ScoreExplanation> why = scorer.explain(columns, row);
  if (!why) return why.error();
  std::string text =
      "," + shortest(why->sum) + "," + shortest(why->base) + "," + shortest(why->remainder);
  for (const FeatureContribution& one : why->contributions) text += "," + shortest(one.amount);
  text += "," + shortest(why->linear_base);
  for (const FeatureContribution& one : why->contributions) text += "," + shortest(one.linear);
  return text;
}

Status write_scores(const Model& model, const ExampleLog& examples, const ScoreFlags& flags) {
  auto file = internal::ReplacementFile::create(flags.output);
  if (!file) return file.error();
  const auto write = [&](std::string_view text) {
    return file->write(std::as_bytes(std::span(text.data(), text.size())));
  };
  Result<Scorer> scorer = Scorer::create(model);
  if (!scorer) return scorer.error();
  const std::vector<EncodedColumn> cells =
      encode(examples.columns, examples.rows, model.tabular()->columns);
  const std::vector<CellsView> columns = views_of(cells);
  Status status = write(header_of(*model.tabular(), flags.explain));
  for (std::size_t begin = 0; status && begin < examples.rows; begin += kRowsAtOnce) {
    const std::size_t count = std::min(kRowsAtOnce, examples.rows - begin);
    std::vector<float> sums(count);
    std::vector<float> linear(count);
    if (status = scorer->score(columns, begin, sums, linear); !status) break;
    std::string text;
    for (std::size_t k = 0; k < count; ++k) {
      text += std::to_string(begin + k + 1) + "," + shortest(scorer->score_of(sums[k])) + "," +
              shortest(scorer->score_of(linear[k]));
      if (flags.explain) {
        const Result<std::string> reasons = reasons_of(*scorer, columns, begin + k);
        if (!reasons) return reasons.error();
        text += *reasons;
      }
      text += "\n";
    }
    status = write(text);
  }
  return status ? file->replace() : status;
}

Status run(const ScoreFlags& flags, Console& console) {
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  if (file->model.tabular() == nullptr) return Scorer::create(file->model).error();
  if (Status writable = check_writable(flags.output); !writable) return writable;
  const auto examples = read_examples_for(file->model, flags.rows, flags.table, false, console);
  if (!examples) return examples.error();
  if (Status written = write_scores(file->model, *examples, flags); !written) return written;
  console.out << "scores  " << flags.output.string() << ", " << counted(examples->rows, "row")
              << '\n';
  return Done{};
}

}  // namespace

Command declare_score(CLI::App& parent) {
  auto flags = std::make_shared<ScoreFlags>();
  CLI::App* app =
      parent.add_subcommand("score", "Score rows of features by a model of the recipe click");
  app->add_option("--model", flags->model, "The model file")->required();
  app->add_option("--interactions", flags->rows,
                  "The rows: columns by the names that the model was trained on; a column that is "
                  "not there is missing in every row")
      ->required();
  app->add_option("--output", flags->output,
                  "A CSV file to write: row (of those accepted, from 1), score of the network, "
                  "score of the linear head")
      ->required();
  flags->table.declare(*app);
  app->add_flag("--explain", flags->explain, "Write what each column adds to both, too");
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
