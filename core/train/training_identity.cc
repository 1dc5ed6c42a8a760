// What makes a training the same training.
#include "train/training_identity.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/sha256.h"

namespace palate::internal {
namespace {

/// Digests values of any size, gathered into pieces: one at a time they would take long.
class Digest {
 public:
  template <class T>
  void number(T value) {
    add(std::as_bytes(std::span(&value, 1)));
  }
  template <class T>
  void array(const std::vector<T>& values) {
    bytes(std::as_bytes(std::span(values)));
  }
  void text(std::string_view value) { bytes(std::as_bytes(std::span(value.data(), value.size()))); }
  void bytes(std::span<const std::byte> value) {
    number<std::uint64_t>(value.size());
    add(value);
  }
  void texts(const std::vector<std::string>& values) {
    number<std::uint64_t>(values.size());
    for (const std::string& value : values) text(value);
  }

  void attribute(const Attribute& value) {
    text(value.name);
    number(value.kind);
    array(value.numbers);
    texts(value.categories);
    array(value.offsets);
    array(value.entries);
  }

  std::string hex() {
    flush();
    return to_hex(sha_.finish());
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16U;

  void add(std::span<const std::byte> bytes) {
    pending_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (pending_.size() >= kPiece) flush();
  }
  void flush() {
    sha_.update(std::as_bytes(std::span(pending_)));
    pending_.clear();
  }

  Sha256 sha_;
  std::string pending_;
};

std::string digest_of(const Dataset& dataset) {
  Digest digest;
  const Catalogue& catalogue = dataset.catalogue;
  digest.texts(catalogue.ids);
  digest.array(catalogue.popularity);
  digest.texts(catalogue.titles);
  for (const Attribute& attribute : catalogue.attributes) digest.attribute(attribute);
  digest.array(dataset.histories.offsets);
  for (const Event& event : dataset.histories.events) {
    digest.number(event.item);
    digest.number(event.weight);
    digest.number(event.value);
    digest.number(event.type);
    digest.number(event.time_ms);
  }
  digest.texts(dataset.event_types);
  for (const Attribute& column : dataset.context) digest.attribute(column);
  return digest.hex();
}

std::string digest_of(const Model& model) {
  Digest digest;
  digest.bytes(model.bytes());
  return digest.hex();
}

std::string description_of(const Dataset& dataset) {
  return std::to_string(dataset.histories.user_count()) + " users, " +
         std::to_string(dataset.catalogue.ids.size()) + " items, " +
         std::to_string(dataset.histories.events.size()) + " interactions, SHA-256 " +
         digest_of(dataset);
}

std::string description_of(const ExampleLog& examples) {
  Digest digest;
  digest.text(examples.label_name);
  digest.array(examples.labels);
  digest.array(examples.time_ms);
  digest.array(examples.user);
  for (const Attribute& column : examples.columns) digest.attribute(column);
  return std::to_string(examples.rows) + " examples, SHA-256 " + digest.hex();
}

TrainingIdentity identity(std::string training_data, const Recipe& recipe,
                          const TrainOptions& options, std::string_view instruction_set) {
  return {{"version of Palate", PALATE_VERSION},
          {"recipe", recipe.name + "\n" + recipe.toml},
          {"seed", std::to_string(options.seed)},
          {"instruction set", std::string(instruction_set)},
          {"older model", options.from == nullptr ? "none" : digest_of(*options.from)},
          {"training data", std::move(training_data)}};
}

}  // namespace

TrainingIdentity identity_of(const Dataset& dataset, const Recipe& recipe,
                             const TrainOptions& options, std::string_view instruction_set) {
  return identity(description_of(dataset), recipe, options, instruction_set);
}

TrainingIdentity identity_of(const ExampleLog& examples, const Recipe& recipe,
                             const TrainOptions& options, std::string_view instruction_set) {
  return identity(description_of(examples), recipe, options, instruction_set);
}

}  // namespace palate::internal
