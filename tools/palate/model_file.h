// A model file that stays in memory as long as the model that is mapped onto it.
#ifndef PALATE_TOOLS_MODEL_FILE_H_
#define PALATE_TOOLS_MODEL_FILE_H_

#include <filesystem>
#include <utility>

#include "palate/model.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate::tools {

struct ModelFile {
  FileBytes bytes;
  Model model;

  /// Reads and checks; an error names the file.
  static Result<ModelFile> open(const std::filesystem::path& path) {
    Result<FileBytes> bytes = FileBytes::read(path);
    if (!bytes) return bytes.error();
    Result<Model> model = Model::open(bytes->bytes());
    if (!model) return named(path, model.error());
    if (auto map = content_map_of(*model); !map) return named(path, map.error());
    return ModelFile{std::move(*bytes), std::move(*model)};
  }

 private:
  static Error named(const std::filesystem::path& path, const Error& error) {
    return {error.code, path.string() + ": " + error.message};
  }
};

}  // namespace palate::tools

#endif  // PALATE_TOOLS_MODEL_FILE_H_
