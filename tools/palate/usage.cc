// What to tell those whose arguments were not understood.
#include "usage.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>
#include <string_view>

#include "train/nearest_name.h"

namespace palate::tools {
namespace {

/// The command that the arguments name, or the program itself.
const CLI::App& command_of(const CLI::App& app, const std::vector<std::string>& arguments) {
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (!arguments.empty() && command->get_name() == arguments.front()) return *command;
  }
  return app;
}

/// Commands and flags that may stand there.
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

/// The first of `words` that looks like a command or a flag and is none of `known`; empty if none.
std::string unknown_word(std::span<const std::string> words, const std::vector<std::string>& known,
                         bool may_be_command) {
  for (const std::string& argument : words) {
    const std::string word = argument.substr(0, argument.find('='));
    const bool is_word = may_be_command || word.starts_with("--");
    if (is_word && std::find(known.begin(), known.end(), word) == known.end()) return word;
  }
  return {};
}

}  // namespace

void check_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  const bool is_flag = arguments.front().starts_with('-');
  if (!is_flag && &command_of(app, arguments) == &app) throw CLI::ExtrasError(arguments);
}

std::string usage_message(const CLI::App& app, const std::vector<std::string>& arguments,
                          const CLI::ParseError& error) {
  const CLI::App& command = command_of(app, arguments);
  const bool is_program = &command == &app;
  const std::string name = is_program ? app.get_name() : app.get_name() + " " + command.get_name();
  const std::vector<std::string> known = known_words(command);
  const std::string word =
      unknown_word(std::span(arguments).subspan(is_program ? 0 : 1), known, is_program);
  std::string reason = error.what();
  if (!word.empty()) {
    const std::vector<std::string_view> names(known.begin(), known.end());
    reason = "there is no '" + word + "'; did you mean '" +
             std::string(internal::nearest_name(word, names)) + "'?";
  }
  return name + ": " + reason + "\nSee '" + name + " --help'\n";
}

}  // namespace palate::tools
