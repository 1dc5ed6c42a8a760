// palate simulate: visitors who never were, over a catalogue that is.
#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <string>

#include "command.h"
#include "flags.h"
#include "format.h"
#include "output.h"
#include "palate/simulate.h"
#include "preparation.h"

namespace palate::tools {
namespace {

struct SimulateFlags {
  std::filesystem::path items;
  std::filesystem::path output;
  std::vector<std::string> columns;
  SimulateOptions options;
};

/// user,item[,value][,timestamp], with times in milliseconds.
std::string to_csv(const InteractionLog& log) {
  const bool values = !log.value.empty();
  const bool times = !log.time_ms.empty();
  std::string csv = "user,item";
  csv += std::string(values ? ",value" : "") + (times ? ",timestamp" : "") + "\n";
  for (std::size_t row = 0; row < log.size(); ++row) {
    csv += csv_field(log.users[log.user[row]]);
    csv += ',';
    csv += csv_field(log.items[log.item[row]]);
    if (values) csv += std::isnan(log.value[row]) ? "," : "," + shortest(log.value[row]);
    if (times) csv += "," + std::to_string(log.time_ms[row]);
    csv += '\n';
  }
  return csv;
}

Status run(const SimulateFlags& flags, Console& console) {
  const Status writable = check_writable(flags.output);
  if (!writable) return writable;
  const ItemFlags items{flags.items, flags.columns};
  const Result<Catalogue> catalogue =
      read_catalogue(flags.items, items.options(ReadOptions{}.max_bad), console);
  if (!catalogue) return catalogue.error();
  const Result<InteractionLog> log = simulate(*catalogue, flags.options);
  if (!log) return log.error();
  const Status saved = save_text(flags.output, to_csv(*log));
  if (!saved) return saved;
  console.out << "simulated  " << flags.output.string() << ", "
              << counted(log->users.size(), "user") << ", " << counted(log->items.size(), "item")
              << ", " << counted(log->size(), "interaction") << ", seed " << flags.options.seed
              << '\n';
  return Done{};
}

}  // namespace

Command declare_simulate(CLI::App& parent) {
  auto flags = std::make_shared<SimulateFlags>();
  CLI::App* app =
      parent.add_subcommand("simulate", "Draw a log of simulated visitors over real items");
  app->add_option("--items", flags->items, "The items: id, title, attributes")->required();
  split_at_commas(app->add_option("--item-columns", flags->columns,
                                  "Which column plays which role, such as item=sku,title=name"))
      ->check(check_assignment);
  app->add_option("--users", flags->options.users, "How many visitors")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_option("--events", flags->options.events, "How many interactions in all")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_option("--seed", flags->options.seed, "Seed of every random choice")
      ->capture_default_str();
  app->add_option("--output", flags->output, "The CSV file to write")->required();
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
