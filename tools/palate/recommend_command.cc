// palate recommend: ranked lists for one history, or for every user of a file.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "command.h"
#include "flags.h"
#include "format.h"
#include "model_file.h"
#include "output.h"
#include "page_histories.h"
#include "recommend_many.h"
#include "recommend_one.h"
#include "request_flags.h"

namespace palate::tools {
namespace {

struct RecommendFlags {
  std::filesystem::path model;
  std::vector<std::string> history;
  std::filesystem::path histories;
  TableFlags table;
  std::uint32_t count = 10;
  RequestFlags request;
  bool explain = false;
  bool as_page = false;
  std::filesystem::path output;
  unsigned threads = 0;
};

Status recommend_to_many(const RecommendFlags& flags, const Model& model, Console& console) {
  const bool to_file = !flags.output.empty();
  if (to_file) {
    const Status writable = check_writable(flags.output);
    if (!writable) return writable;
  }
  ReadReport report;
  const auto log = read_interactions(flags.histories, flags.table.options(), report);
  if (!log) return log.error();
  const IndexedHistories histories = index_histories(*log, model);
  print_unknown(histories, console.log);
  HeldRequest held;
  if (Status status = flags.request.resolve(model, held); !status) return status;
  std::vector<std::vector<VisitorEvent>> page;
  if (flags.as_page) page = page_histories(*log, model);
  const ListRequest request{flags.count, held.request, flags.threads, views_of(held.context), page};
  if (!to_file) return write_recommendations(model, histories, request, console.out);
  const Status written = write_recommendations(model, histories, request, flags.output);
  if (!written) return written;
  console.out << flags.output.string() << ": lists of " << flags.count << " for "
              << counted(histories.users.size(), "user") << '\n';
  return Done{};
}

Status run(const RecommendFlags& flags, Console& console) {
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  if (!flags.histories.empty()) return recommend_to_many(flags, file->model, console);
  const KnownHistory history = look_up(file->model, flags.history);
  print_unknown(history, console.log);
  HeldRequest held;
  if (Status status = flags.request.resolve(file->model, held); !status) return status;
  const OneRequest request{flags.count, held.request, flags.explain, views_of(held.context)};
  return recommend_one(file->model, history.events, request, console.out);
}

/// --history prints a table, --histories writes CSV.
void check_form(const RecommendFlags& flags, const CLI::App& app) {
  const bool many = !flags.histories.empty();
  if (many == (app.count("--history") > 0)) {
    throw CLI::ValidationError("give either --history or --histories");
  }
  if (many && flags.explain) {
    throw CLI::ValidationError("--explain goes with --history");
  }
  for (const char* flag : {"--output", "--columns", "--max-bad", "--threads", "--as-page"}) {
    if (many || app.count(flag) == 0) continue;
    throw CLI::ValidationError(std::string(flag) + " goes with --histories");
  }
}

}  // namespace

Command declare_recommend(CLI::App& parent) {
  auto flags = std::make_shared<RecommendFlags>();
  CLI::App* app = parent.add_subcommand("recommend", "List the best items for a history");
  app->add_option("--model", flags->model, "The model file")->required();
  split_at_commas(app->add_option("--history", flags->history,
                                  "Ids, oldest first, separated by commas; '' for a new visitor"));
  app->add_option("--histories", flags->histories,
                  "A file of user, item rows: a list for every user in it");
  app->add_option("--output", flags->output,
                  "With --histories: the CSV file to write, user,rank,item,score; without it the "
                  "rows are printed");
  app->add_option("--k", flags->count, "How many items to list")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_flag("--explain", flags->explain, "With --history: say what each item owes its score");
  flags->request.declare(*app);
  app->add_flag("--as-page", flags->as_page,
                "With --histories: types of events (view, like, dislike, cart, buy, rate, "
                "impression, skip, dwell) count by kind and age, and choices are learned, as in "
                "the page");
  flags->table.declare(*app);
  declare_threads(*app, flags->threads);
  app->callback([flags, app] { check_form(*flags, *app); });
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
