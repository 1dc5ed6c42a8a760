// Writes the golden model files, and the deltas between some, into a folder: `palate_golden
// FOLDER`.
#include <cstdio>

#include "golden_models.h"
#include "palate/delta.h"

namespace {

using palate::golden::GoldenDelta;

palate::Status save(const char* folder, std::string_view file,
                    const palate::Result<std::vector<std::byte>>& bytes) {
  if (!bytes) return bytes.error();
  return palate::save_file(std::filesystem::path(folder) / file, *bytes);
}

palate::Result<std::vector<std::byte>> delta_of(const GoldenDelta& golden) {
  const auto base = palate::FileBytes::copy_of(palate::golden::write(golden.base).value());
  const auto result = palate::FileBytes::copy_of(palate::golden::write(golden.result).value());
  return palate::make_delta(palate::Model::open(base->bytes()).value(),
                            palate::Model::open(result->bytes()).value());
}

bool is_done(const palate::Status& status) {
  if (!status) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status.ok();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: palate_golden FOLDER\n");
    return 2;
  }
  for (const palate::golden::Golden& golden : palate::golden::all()) {
    if (!is_done(save(arguments[1], golden.file, palate::golden::write(golden.contents)))) return 1;
  }
  for (const GoldenDelta& golden : palate::golden::deltas()) {
    if (!is_done(save(arguments[1], golden.file, delta_of(golden)))) return 1;
  }
  return 0;
}
