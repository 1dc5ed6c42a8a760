// What to tell those whose arguments were not understood.
#ifndef PALATE_TOOLS_USAGE_H_
#define PALATE_TOOLS_USAGE_H_

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace palate::tools {

/// Throws `CLI::ExtrasError` where the first argument should name a command and does not: to be
/// called before parsing, which would answer `palate trian --help` with the program's own help.
void check_command(const CLI::App& app, const std::vector<std::string>& arguments);

/// Names the unknown word and the nearest known one, else says what `error` says; and where to read
/// on.
std::string usage_message(const CLI::App& app, const std::vector<std::string>& arguments,
                          const CLI::ParseError& error);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_USAGE_H_
