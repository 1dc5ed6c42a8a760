// Writes the golden model files into a folder: `palate_golden FOLDER`.
#include <cstdio>

#include "golden_models.h"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: palate_golden FOLDER\n");
    return 2;
  }
  for (const palate::golden::Golden& golden : palate::golden::all()) {
    const auto bytes = palate::golden::write(golden.contents);
    const palate::Status status =
        bytes ? palate::save_file(std::filesystem::path(arguments[1]) / golden.file, *bytes)
              : palate::Status(bytes.error());
    if (!status) {
      std::fprintf(stderr, "%s\n", status.error().message.c_str());
      return 1;
    }
  }
  return 0;
}
