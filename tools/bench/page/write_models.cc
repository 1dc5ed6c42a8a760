// Writes what tools/bench/page.sh measures on into a folder: `page_models FOLDER`.
//
// - items-SIZE.f32: random item vectors; a smaller catalogue is the beginning of a larger one
// - network.f32: a random network, layer after layer: weights (outputs x inputs), bias
// - requests.u32: for each request an item, whose vector is the visitor's, and candidates
// - retrieve-SIZE.palate: the items; the visitor's vector is that of the history's one item, so the
//   peers can be given it
// - rank-100k.palate: the same with the network as the ranker
// - page-10k.palate, page-100k.palate: what a page would have, whose visitors are folded in; the
//   smaller one without the ranker
// - first.f32: the vector that page-10k.palate folds a visitor of its first item into
// - *-int8.palate: the models in int8: items, ranker, items' halves of the ranker's first layer
// - *-int8-lean.palate: the same without these halves
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "palate/compress.h"
#include "palate/model_writer.h"
#include "palate/random.h"
#include "palate/recommender.h"

namespace palate::bench {
namespace {

constexpr std::uint32_t kDimension = 64;
constexpr std::uint32_t kWidths[] = {2 * kDimension, 128, 64, 1};
constexpr std::uint32_t kRequests = 16;
constexpr std::uint32_t kCandidates = 10'000;

struct Size {
  const char* name;
  std::uint32_t items;
};
constexpr Size kSizes[] = {{"10k", 10'000}, {"100k", 100'000}, {"1m", 1'000'000}};
constexpr Size kSmallest = kSizes[0];
constexpr Size kRanked = kSizes[1];

std::vector<float> random_numbers(std::size_t count, double bound, Random& random) {
  std::vector<float> numbers(count);
  for (float& number : numbers) number = static_cast<float>(bound * (2 * random.uniform() - 1));
  return numbers;
}

ModelContents contents_of(std::uint32_t items, std::span<const float> vectors) {
  ModelContents contents;
  for (std::uint32_t item = 0; item < items; ++item) {
    char id[16];
    std::snprintf(id, sizeof(id), "%07u", item);
    contents.catalogue.ids.emplace_back(id);
  }
  contents.catalogue.popularity.assign(items, 1);
  contents.dimension = kDimension;
  contents.item_vectors.assign(vectors.begin(), vectors.end());
  contents.facts = {.recipe = "bench",
                    .recipe_toml = "",
                    .instruction_set = "",
                    .users = 1,
                    .interactions = items,
                    .newest_ms = 0,
                    .seed = 1,
                    .metrics = {}};
  return contents;
}

/// As iALS leaves it: a Gramian of all items, and settings of the size that recipes have.
FoldIn fold_in_of(std::span<const float> vectors) {
  std::vector<double> sums(std::size_t{kDimension} * (kDimension + 1) / 2);
  for (std::size_t first = 0; first < vectors.size(); first += kDimension) {
    const std::span<const float> vector = vectors.subspan(first, kDimension);
    std::size_t place = 0;
    for (std::uint32_t row = 0; row < kDimension; ++row) {
      for (std::uint32_t column = 0; column <= row; ++column) {
        sums[place++] += double{vector[row]} * vector[column];
      }
    }
  }
  return {.gramian = {sums.begin(), sums.end()},
          .unobserved_weight = 0.01F,
          .regularization = 0.01F,
          .exponent = 1};
}

Ranker random_ranker(Random& random) {
  Ranker ranker{.layers = {}, .features = {}, .candidates = 100, .retrievers = {}};
  for (std::size_t layer = 0; layer + 1 < std::size(kWidths); ++layer) {
    const std::uint32_t inputs = kWidths[layer];
    const std::uint32_t outputs = kWidths[layer + 1];
    const double bound = std::sqrt(6.0 / inputs);  // He et al. 2015: the scale survives the layers
    ranker.layers.push_back(
        {.inputs = inputs,
         .outputs = outputs,
         .weights = random_numbers(std::size_t{inputs} * outputs, bound, random),
         .bias = random_numbers(outputs, 0.2, random)});
  }
  return ranker;
}

std::vector<std::uint32_t> random_requests(Random& random) {
  std::vector<std::uint32_t> words;
  std::vector<std::uint32_t> rows(kRanked.items);
  std::iota(rows.begin(), rows.end(), 0);
  for (std::uint32_t request = 0; request < kRequests; ++request) {
    words.push_back(static_cast<std::uint32_t>(random.below(kSmallest.items)));
    random.shuffle(std::span(rows));
    words.insert(words.end(), rows.begin(), rows.begin() + kCandidates);
  }
  return words;
}

template <class T>
Status save(const std::filesystem::path& path, std::span<const T> values) {
  return save_file(path, std::as_bytes(values));
}

Status save_compressed(const std::filesystem::path& path, const Model& model,
                       const Compression& compression) {
  const Result<std::vector<std::byte>> small = compress(model, compression);
  return small ? save_file(path, *small) : Status(small.error());
}

/// The model as it is, and beside it compressed.
Status save_models(const std::filesystem::path& folder, const std::string& name,
                   const ModelContents& contents) {
  const Result<std::vector<std::byte>> written = write_model(contents);
  if (!written) return written.error();
  const Result<FileBytes> file = FileBytes::copy_of(*written);
  if (!file) return file.error();
  const Result<Model> model = Model::open(file->bytes());
  if (!model) return model.error();
  Status status = save_file(folder / (name + ".palate"), *written);
  if (!status) return status;
  Compression compression = {.items = Precision::kInt8};
  if (!contents.ranker) {
    return save_compressed(folder / (name + "-int8.palate"), *model, compression);
  }
  std::vector<std::vector<Event>> histories;
  for (std::uint32_t row = 0; row < kRequests; ++row)
    histories.push_back({{.item = ItemIndex{row}}});
  Result<std::vector<float>> steps = measure_steps(*model, histories);
  if (!steps) return steps.error();
  compression.ranker = Precision::kInt8;
  compression.steps = std::move(*steps);
  status = save_compressed(folder / (name + "-int8-lean.palate"), *model, compression);
  if (!status) return status;
  compression.rounds_item_half = true;
  return save_compressed(folder / (name + "-int8.palate"), *model, compression);
}

/// What the model folds a visitor into who has seen the first item.
Status save_first(const std::filesystem::path& folder, const std::string& name) {
  const Result<FileBytes> file = FileBytes::read(folder / (name + ".palate"));
  if (!file) return file.error();
  const Result<Model> model = Model::open(file->bytes());
  if (!model) return model.error();
  Result<Recommender> recommender = Recommender::create(*model);
  if (!recommender) return recommender.error();
  std::vector<float> vector(kDimension);
  const Event event = {.item = ItemIndex{0}};
  const Status status = recommender->user_vector(std::span(&event, 1), vector);
  return status ? save<float>(folder / "first.f32", vector) : status;
}

Status write_all(const std::filesystem::path& folder) {
  Random random(1);
  const Ranker ranker = random_ranker(random);
  std::vector<float> network;
  for (const DenseLayer& layer : ranker.layers) {
    network.insert(network.end(), layer.weights.begin(), layer.weights.end());
    network.insert(network.end(), layer.bias.begin(), layer.bias.end());
  }
  Status status = save<float>(folder / "network.f32", network);
  if (status) status = save<std::uint32_t>(folder / "requests.u32", random_requests(random));
  const std::size_t most = std::size_t{kSizes[std::size(kSizes) - 1].items} * kDimension;
  const std::vector<float> vectors = random_numbers(most, 0.5, random);
  for (const auto& [name, items] : kSizes) {
    if (!status) return status;
    const auto part = std::span(vectors).first(std::size_t{items} * kDimension);
    status = save<float>(folder / ("items-" + std::string(name) + ".f32"), part);
    if (!status) return status;
    ModelContents contents = contents_of(items, part);
    contents.weighted_mean = WeightedMean{};
    status = save_models(folder, "retrieve-" + std::string(name), contents);
    if (status && items == kRanked.items) {
      contents.ranker = ranker;
      status = save_models(folder, "rank-" + std::string(name), contents);
    }
    contents.weighted_mean.reset();
    contents.fold_in = fold_in_of(part);
    if (status && items <= kRanked.items) {
      status = save_models(folder, "page-" + std::string(name), contents);
    }
    if (status && items == kSmallest.items)
      status = save_first(folder, "page-" + std::string(name));
  }
  return status;
}

}  // namespace
}  // namespace palate::bench

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: page_models FOLDER\n");
    return 2;
  }
  const palate::Status status = palate::bench::write_all(arguments[1]);
  if (!status) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status ? 0 : 1;
}
