// Lays the contents of a model out as a file.
#include "model/writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/file_header.h"
#include "model/limits.h"
#include "model/section_bytes.h"
#include "model/write_parts.h"

namespace palate {
namespace internal {
namespace {

Offset<format::Attribute> add_attribute(FlatBufferBuilder& builder, const Attribute& attribute) {
  const auto name = builder.CreateString(attribute.name);
  if (attribute.kind == AttributeKind::kNumber) {
    std::vector<float> numbers = attribute.numbers;
    // One NaN for all of them: the same contents must give the same bytes.
    std::replace_if(
        numbers.begin(), numbers.end(), [](float number) { return std::isnan(number); }, kNoValue);
    return format::CreateAttribute(builder, name, format::AttributeKind::Number,
                                   builder.CreateVector(numbers));
  }
  const auto categories = add_texts(builder, attribute.categories);
  const auto offsets = builder.CreateVector(attribute.offsets);
  const auto entries = builder.CreateVector(attribute.entries);
  return format::CreateAttribute(builder, name, format::AttributeKind::Category, 0, categories,
                                 offsets, entries);
}

Offset<format::Catalogue> add_catalogue(FlatBufferBuilder& builder, const Catalogue& catalogue) {
  const auto ids = add_texts(builder, catalogue.ids);
  const auto popularity = builder.CreateVector(catalogue.popularity);
  Offset<format::Texts> titles;
  if (!catalogue.titles.empty()) titles = add_texts(builder, catalogue.titles);
  std::vector<Offset<format::Attribute>> attributes;
  for (const Attribute& attribute : catalogue.attributes) {
    attributes.push_back(add_attribute(builder, attribute));
  }
  return format::CreateCatalogue(builder, ids, popularity, titles,
                                 builder.CreateVector(attributes));
}

Offset<format::ValueHead> add_value_head(FlatBufferBuilder& builder, const ValueHead& head) {
  return format::CreateValueHead(builder, head.mean, add_parameters(builder, head.item_bias),
                                 head.visitor_damping, head.slope, head.minimum, head.maximum);
}

Offset<format::ContentMap> add_content_map(FlatBufferBuilder& builder, const ContentMap& map) {
  const auto columns = builder.CreateVector(map.columns);
  const auto means = builder.CreateVector(map.means);
  const auto scales = builder.CreateVector(map.scales);
  const auto base = add_parameters(builder, map.base);
  return format::CreateContentMap(builder, columns, means, scales, base,
                                  add_parameters(builder, map.coefficients));
}

Offset<format::ListIndex> add_list_index(FlatBufferBuilder& builder, const ListIndex& index,
                                         std::uint32_t dimension) {
  const auto rows = static_cast<std::uint32_t>(index.centroids.size() / dimension);
  const auto centroids =
      format::CreateMatrix(builder, rows, dimension, add_parameters(builder, index.centroids));
  return format::CreateListIndex(builder, centroids, builder.CreateVector(index.lists),
                                 index.probes, index.length, index.recall);
}

Offset<format::Facts> add_facts(FlatBufferBuilder& builder, const TrainingFacts& facts,
                                std::string_view producer) {
  std::vector<Offset<format::Metric>> metrics;
  for (const Metric& metric : facts.metrics) {
    metrics.push_back(
        format::CreateMetric(builder, builder.CreateString(metric.name), metric.value));
  }
  const auto producer_text = builder.CreateString(producer);
  const auto recipe = builder.CreateString(facts.recipe);
  const auto recipe_toml = builder.CreateString(facts.recipe_toml);
  const auto instruction_set = builder.CreateString(facts.instruction_set);
  return format::CreateFacts(builder, producer_text, recipe, recipe_toml, instruction_set,
                             facts.users, facts.interactions, facts.newest_ms, facts.seed,
                             builder.CreateVector(metrics));
}

void add_model(FlatBufferBuilder& builder, const ModelContents& contents,
               std::string_view producer) {
  const auto catalogue = add_catalogue(builder, contents.catalogue);
  const AddedTable items = add_table(builder, contents.item_vectors, contents);
  Offset<format::Matrix> item_vectors;
  if (!items.values.IsNull()) {
    item_vectors =
        format::CreateMatrix(builder, static_cast<std::uint32_t>(contents.catalogue.ids.size()),
                             contents.dimension, items.values);
  }
  const AddedEncoder encoder = add_encoder(builder, contents);
  Offset<format::Ranker> ranker;
  if (contents.ranker) ranker = add_ranker(builder, *contents.ranker);
  Offset<format::ValueHead> value_head;
  if (contents.value_head) value_head = add_value_head(builder, *contents.value_head);
  const auto facts = add_facts(builder, contents.facts, producer);
  Offset<format::Texts> event_types;
  if (!contents.event_types.empty()) event_types = add_texts(builder, contents.event_types);
  Offset<format::Tabular> tabular;
  if (contents.tabular) tabular = add_tabular(builder, *contents.tabular);
  Offset<format::ContentMap> content_map;
  if (contents.content_map) content_map = add_content_map(builder, *contents.content_map);
  Offset<format::ListIndex> index;
  if (contents.list_index && contents.dimension > 0) {
    index = add_list_index(builder, *contents.list_index, contents.dimension);
  }
  format::FinishModelBuffer(
      builder, format::CreateModel(builder, catalogue, item_vectors, encoder.kind, encoder.table,
                                   ranker, value_head, facts, event_types, items.quantized, tabular,
                                   content_map, index));
}

std::vector<std::byte> with_header(std::span<const std::byte> body) {
  std::vector<std::byte> file(kHeaderBytes + body.size());
  std::copy(body.begin(), body.end(), file.begin() + kHeaderBytes);
  write_header(file);
  return file;
}

Result<std::vector<std::byte>> opened(std::vector<std::byte> file) {
  const Result<FileBytes> aligned = FileBytes::copy_of(file);
  if (!aligned) return aligned.error();
  const Result<Model> readable = Model::open(aligned->bytes());
  if (!readable) return readable.error();
  if (auto map = content_map_of(*readable); !map) return map.error();
  if (readable->has_list_index()) {
    if (const auto index = readable->list_index(); !index) return index.error();
  }
  return file;
}

Result<std::vector<std::byte>> lay_out(const ModelContents& contents, std::string_view producer) {
  // A megabyte stays for tables, names and padding, which the reader's limits keep far below it.
  constexpr std::uint64_t kMaxSectionBytes = kMaxFileBytes - (1U << 20);
  if (section_bytes(contents) > kMaxSectionBytes) {
    return Error{ErrorCode::kModelMeaning,
                 "the model would be larger than 2 GiB: use a smaller dimension or fewer items"};
  }
  FlatBufferBuilder builder;
  builder.TrackMinAlign(kAlignment);  // of the whole, whatever it will hold
  add_model(builder, contents, producer);
  return with_header(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

constexpr std::string_view kProducer = "palate " PALATE_VERSION;

}  // namespace

Result<std::vector<std::byte>> write_model_as(const ModelContents& contents,
                                              std::string_view producer) {
  Result<std::vector<std::byte>> file = lay_out(contents, producer);
  if (!file) return file.error();
  return opened(std::move(*file));
}

Result<std::vector<std::byte>> write_unopened(const ModelContents& contents) {
  return lay_out(contents, kProducer);
}

std::vector<std::byte> unopened_file_of(std::span<const std::byte> body) {
  return with_header(body);
}

Result<std::vector<std::byte>> file_of(std::span<const std::byte> body) {
  return opened(with_header(body));
}

}  // namespace internal

Result<std::vector<std::byte>> write_model(const ModelContents& contents) {
  return internal::write_model_as(contents, internal::kProducer);
}

}  // namespace palate
