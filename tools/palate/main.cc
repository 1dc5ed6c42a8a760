// palate, the command line: parses, runs one command, prints its error, exits.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "command.h"
#include "usage.h"

namespace {

using palate::tools::Command;
using palate::tools::Console;

constexpr int kSuccess = 0;
constexpr int kBadInput = 1;
constexpr int kUsage = 2;

std::vector<Command> declare_commands(CLI::App& app) {
  app.set_version_flag("--version", std::string("palate ") + PALATE_VERSION);
  app.require_subcommand(1);
  std::vector<Command> commands;
  for (const auto declare : {palate::tools::declare_train, palate::tools::declare_evaluate,
                             palate::tools::declare_recommend, palate::tools::declare_compress,
                             palate::tools::declare_diff, palate::tools::declare_inspect,
                             palate::tools::declare_score, palate::tools::declare_simulate}) {
    commands.push_back(declare(app));
  }
  return commands;
}

/// "palate help" and "palate help train" read as "palate --help" and "palate train --help".
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) return {"--help"};
  if (arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  return arguments;
}

int run_command(const std::vector<Command>& commands) {
  const auto chosen = std::find_if(commands.begin(), commands.end(),
                                   [](const Command& command) { return command.app->parsed(); });
  Console console{std::cout, std::cerr, isatty(STDERR_FILENO) != 0};
  const palate::Status status = chosen->run(console);
  if (!status) {
    std::cout.flush();
    std::cerr << "palate " << chosen->app->get_name() << ": " << status.error().message << '\n';
    return kBadInput;
  }
  if (!std::cout.flush()) {
    std::cerr << "palate: cannot write to standard output\n";
    return kBadInput;
  }
  return kSuccess;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Trains, measures and asks recommenders that run in the visitor's browser.",
               "palate"};
  const std::vector<std::string> arguments = arguments_of(argc, argv);
  try {
    const std::vector<Command> commands = declare_commands(app);
    palate::tools::check_command(app, arguments);
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return run_command(commands);
  } catch (const CLI::Success& answer) {  // --help, --version
    return app.exit(answer);
  } catch (const CLI::ParseError& error) {
    std::cerr << palate::tools::usage_message(app, arguments, error);
    return kUsage;
  } catch (const std::exception& error) {
    std::cerr << "palate: " << error.what() << '\n';
    return kBadInput;
  }
}
