// What a subcommand is to main: flags to declare, then work to do.
#ifndef PALATE_TOOLS_COMMAND_H_
#define PALATE_TOOLS_COMMAND_H_

#include <functional>
#include <ostream>

#include "palate/result.h"

namespace CLI {
class App;
}

namespace palate::tools {

/// Where a command writes: results to `out`; progress and remarks to `log`.
struct Console {
  std::ostream& out;
  std::ostream& log;
  bool log_is_terminal = false;
};

using Action = std::function<Status(Console&)>;

/// A declared subcommand. `run` is called once its flags are parsed.
struct Command {
  CLI::App* app = nullptr;
  Action run;
};

Command declare_train(CLI::App& parent);
Command declare_evaluate(CLI::App& parent);
Command declare_compress(CLI::App& parent);
Command declare_diff(CLI::App& parent);
Command declare_recommend(CLI::App& parent);
Command declare_inspect(CLI::App& parent);
Command declare_score(CLI::App& parent);
Command declare_simulate(CLI::App& parent);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_COMMAND_H_
