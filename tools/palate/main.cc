// palate, the command line: parses, runs one command, prints its error, exits.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "command.h"
#include "train/nearest_name.h"

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
                             palate::tools::declare_recommend, palate::tools::declare_inspect,
                             palate::tools::declare_simulate}) {
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

/// The command that the arguments name, or the program itself.
const CLI::App& command_of(const CLI::App& app, const std::vector<std::string>& arguments) {
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (!arguments.empty() && command->get_name() == arguments.front()) return *command;
  }
  return app;
}

/// Before anything else is parsed: a mistyped command must not be answered with the program's help.
void check_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  const bool is_flag = arguments.front().starts_with('-');
  if (!is_flag && &command_of(app, arguments) == &app) throw CLI::ExtrasError(arguments);
}

std::vector<std::string> known_words(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::App* subcommand : command.get_subcommands(nullptr)) {
    words.push_back(subcommand->get_name());
  }
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

/// Says which argument was not understood, and what was perhaps meant.
int report_usage(const CLI::ParseError& error, const CLI::App& command,
                 const std::vector<std::string>& arguments) {
  const std::vector<std::string> known = known_words(command);
  const bool is_program = command.get_parent() == nullptr;
  const std::string name = is_program ? "palate" : "palate " + command.get_name();
  const auto first = arguments.begin() + (is_program ? 0 : 1);
  const auto unknown = std::find_if(first, arguments.end(), [&](const std::string& argument) {
    const std::string word = argument.substr(0, argument.find('='));
    const bool is_word = is_program || argument.rfind("--", 0) == 0;
    return is_word && std::find(known.begin(), known.end(), word) == known.end();
  });
  if (unknown == arguments.end()) {
    std::cerr << name << ": " << error.what() << '\n';
  } else {
    const std::string word = unknown->substr(0, unknown->find('='));
    std::cerr << name << ": there is no '" << word << "'; did you mean '"
              << palate::internal::nearest_name(
                     word, std::vector<std::string_view>(known.begin(), known.end()))
              << "'?\n";
  }
  std::cerr << "See '" << name << " --help'\n";
  return kUsage;
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
    check_command(app, arguments);
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return run_command(commands);
  } catch (const CLI::Success& answer) {  // --help, --version
    return app.exit(answer);
  } catch (const CLI::ParseError& error) {
    return report_usage(error, command_of(app, arguments), arguments);
  } catch (const std::exception& error) {
    std::cerr << "palate: " << error.what() << '\n';
    return kBadInput;
  }
}
