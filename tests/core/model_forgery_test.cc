// Files that no writer makes: lengths, kinds and offsets that lie, under a right checksum.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "forgery.h"
#include "golden_models.h"
#include "palate/recommender.h"
#include "palate_generated.h"

namespace palate {
namespace model_forgery_test {

using Catch::Matchers::ContainsSubstring;
using testing::Forgery;

Forgery hybrid() {
  const Result<std::vector<std::byte>> file = golden::write(golden::hybrid_model());
  REQUIRE(file.ok());
  return Forgery(*file);
}

const format::Model& body_of(const Forgery& forgery) {
  return *format::GetModel(forgery.body().data());
}

// Sets a field that the file holds.
template <class T, class Table>
void set_field(const Table* table, flatbuffers::voffset_t field, T value) {
  auto* bare = reinterpret_cast<flatbuffers::Table*>(const_cast<Table*>(table));
  REQUIRE(bare->CheckField(field));
  bare->SetField<T>(field, value, T{});
}

void check_refused(Forgery& forgery, ErrorCode code, std::string_view says) {
  forgery.mend();
  const Result<Model> model = forgery.open();
  REQUIRE_FALSE(model.ok());
  CHECK(model.error().code == code);
  CHECK_THAT(model.error().message, ContainsSubstring(std::string(says)));
}

TEST_CASE("An item table of a forged size is refused") {
  struct Size {
    std::uint32_t rows, columns;
  };
  // 65537 x 65536 is 65536 in 32 bits; 2^30 x 4 is 0.
  const Size size = GENERATE(Size{0x7FFFFFFF, 4}, Size{0xFFFFFFFF, 4}, Size{65537, 65536},
                             Size{12, 0x40000004}, Size{0x40000000, 4}, Size{12, 0x7FFFFFFF},
                             Size{12, 0xFFFFFFFF}, Size{13, 4}, Size{12, 5}, Size{12, 1});
  Forgery forgery = hybrid();
  const format::Matrix* table = body_of(forgery).item_vectors();
  set_field(table, format::Matrix::VT_ROWS, size.rows);
  set_field(table, format::Matrix::VT_COLUMNS, size.columns);
  check_refused(forgery, ErrorCode::kModelMeaning, "the item table");
}

TEST_CASE("A quantised item table of a forged size, precision or scale is refused") {
  const Result<std::vector<std::byte>> file = golden::write(golden::int8_model());
  REQUIRE(file.ok());
  Forgery forgery(*file);
  const format::QuantizedMatrix* table = body_of(forgery).quantized_item_vectors();
  REQUIRE(table != nullptr);
  SECTION("rows") {
    set_field(table, format::QuantizedMatrix::VT_ROWS, GENERATE(0xFFFFFFFFU, 0x10000000U, 13U, 0U));
    check_refused(forgery, ErrorCode::kModelMeaning, "has not one row an item");
  }
  SECTION("columns") {
    // With 17 columns a row takes two blocks; 16 are what a block holds.
    set_field(table, format::QuantizedMatrix::VT_COLUMNS, GENERATE(17U, 1024U));
    check_refused(forgery, ErrorCode::kModelMeaning, "has another length");
  }
  SECTION("a dimension") {
    set_field(table, format::QuantizedMatrix::VT_COLUMNS, GENERATE(0U, 1025U, 0xFFFFFFFFU));
    check_refused(forgery, ErrorCode::kModelMeaning, "a dimension outside");
  }
  SECTION("bits") {
    set_field(table, format::QuantizedMatrix::VT_BITS, GENERATE(std::uint8_t{0}, std::uint8_t{5}));
    check_refused(forgery, ErrorCode::kModelUnsupported, "a table of a precision");
  }
  SECTION("scales") {
    const float scale = GENERATE(-1.0F, kNoValue, 8000.0F);
    const_cast<float*>(table->scales()->data())[3] = scale;
    check_refused(forgery, ErrorCode::kModelMeaning, "the item table has a scale");
  }
  SECTION("any codes are numbers") {
    std::memset(const_cast<std::uint8_t*>(table->codes()->data()), 0x80, table->codes()->size());
    forgery.mend();
    const Result<Model> model = forgery.open();
    REQUIRE(model.ok());
    testing::read_everything(*model);
    testing::rank_and_explain(*model);
  }
}

TEST_CASE("Quantised sections of forged lengths are refused") {
  const std::uint32_t length = GENERATE(0xFFFFFFFFU, 0x40000000U, 11U, 0U);
  const Result<std::vector<std::byte>> file = golden::write(golden::int4_model());
  REQUIRE(file.ok());
  Forgery forgery(*file);
  const auto forge = [length](const void* entries) {
    std::memcpy(static_cast<std::byte*>(const_cast<void*>(entries)) - 4, &length, 4);
  };
  const format::Model& body = body_of(forgery);
  SECTION("scales") { forge(body.quantized_item_vectors()->scales()->data()); }
  SECTION("codes") { forge(body.quantized_item_vectors()->codes()->data()); }
  SECTION("scales of the history") {
    forge(body.encoder_as_WeightedMean()->quantized_history_vectors()->scales()->data());
  }
  forgery.mend();
  const Result<Model> model = forgery.open();
  REQUIRE_FALSE(model.ok());
  const ErrorCode code = model.error().code;
  CHECK((code == ErrorCode::kModelStructure || code == ErrorCode::kModelMeaning));
}

// The rest of the file is as good as ever.
void check_index_refused(Forgery& forgery, std::string_view says) {
  forgery.mend();
  const Result<Model> model = forgery.open();
  REQUIRE(model.ok());
  const Result<ListIndexView> index = model->list_index();
  REQUIRE_FALSE(index.ok());
  CHECK(index.error().code == ErrorCode::kModelMeaning);
  CHECK_THAT(index.error().message, ContainsSubstring(std::string(says)));
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  CHECK_FALSE(recommender->use_index().ok());
}

TEST_CASE("An index of a forged size is refused") {
  const Result<std::vector<std::byte>> file = golden::write(golden::indexed_model());
  REQUIRE(file.ok());
  Forgery forgery(*file);
  const format::ListIndex* index = body_of(forgery).list_index();
  REQUIRE(index != nullptr);
  SECTION("rows") {
    set_field(index->centroids(), format::Matrix::VT_ROWS,
              GENERATE(0U, 65'537U, 0x40000000U, 0xFFFFFFFFU));
    check_index_refused(forgery, "has not 1 to 65536 centroids");
  }
  SECTION("rows that are not there") {
    set_field(index->centroids(), format::Matrix::VT_ROWS, GENERATE(4U, 65'536U));
    check_index_refused(forgery, "the index has another length");
  }
  SECTION("columns") {
    set_field(index->centroids(), format::Matrix::VT_COLUMNS, GENERATE(0U, 3U, 5U, 0xFFFFFFFFU));
    check_index_refused(forgery, "of the items' dimension");
  }
  SECTION("lists") {
    const std::uint32_t length = GENERATE(0xFFFFFFFFU, 0x80000006U, 13U, 11U, 0U);
    std::memcpy(const_cast<std::uint8_t*>(index->lists()->Data()) - 4, &length, 4);
    forgery.mend();
    const Result<Model> model = forgery.open();
    CHECK_FALSE((model.ok() && model->list_index().ok()));
  }
}

TEST_CASE("A layer of a forged size is refused") {
  const std::uint32_t outputs = GENERATE(0x7FFFFFFFU, 0xFFFFFFFFU, 0x80000001U, 4096U, 3U, 5U);
  Forgery forgery = hybrid();
  const format::DenseLayer* layer = body_of(forgery).ranker()->layers()->Get(0);
  set_field(layer, format::DenseLayer::VT_OUTPUTS, outputs);
  check_refused(forgery, ErrorCode::kModelMeaning, "a layer of the ranker");
}

TEST_CASE("Item weights of forged lengths are refused") {
  const std::uint32_t length = GENERATE(0xFFFFFFFFU, 0x40000000U, 0x1000U, 48U, 1U, 0U);
  const Result<std::vector<std::byte>> file = golden::write(golden::item_weights_model());
  REQUIRE(file.ok());
  Forgery forgery(*file);
  const format::ItemWeights* weights = body_of(forgery).encoder_as_ItemWeights();
  // The length stands before the first entry.
  const auto forge = [length](const void* entries) {
    std::memcpy(static_cast<std::byte*>(const_cast<void*>(entries)) - 4, &length, 4);
  };
  SECTION("of the offsets") { forge(weights->offsets()->data()); }
  SECTION("of the columns") { forge(weights->short_columns()->data()); }
  SECTION("of the values") { forge(weights->values()->data()); }
  forgery.mend();
  const Result<Model> model = forgery.open();
  REQUIRE_FALSE(model.ok());
  const ErrorCode code = model.error().code;
  CHECK((code == ErrorCode::kModelStructure || code == ErrorCode::kModelMeaning));
}

TEST_CASE("Offsets of texts that leave their section are refused") {
  const std::uint32_t offset = GENERATE(0xFFFFFFFFU, 0x80000000U, 1000U);
  Forgery forgery = hybrid();
  const std::uint32_t* offsets = body_of(forgery).catalogue()->titles()->offsets()->data();
  const_cast<std::uint32_t*>(offsets)[5] = offset;
  check_refused(forgery, ErrorCode::kModelMeaning, "titles have offsets that do not ascend");
}

TEST_CASE("What only a later release may know is refused as unsupported") {
  Forgery forgery = hybrid();
  const format::Model& model = body_of(forgery);
  SECTION("an encoder") {
    set_field(&model, format::Model::VT_ENCODER_TYPE,
              static_cast<std::uint8_t>(static_cast<int>(format::Encoder::MAX) + 1));
    check_refused(forgery, ErrorCode::kModelUnsupported, "an encoder that this build");
  }
  SECTION("a kind of attribute") {
    set_field(model.catalogue()->attributes()->Get(1), format::Attribute::VT_KIND, std::uint8_t{2});
    check_refused(forgery, ErrorCode::kModelUnsupported, "an attribute of a kind");
  }
  SECTION("a source of features") {
    set_field(model.ranker()->features()->Get(4), format::Feature::VT_SOURCE,
              static_cast<std::uint8_t>(static_cast<int>(format::FeatureSource::MAX) + 1));
    check_refused(forgery, ErrorCode::kModelUnsupported, "a feature from a source");
  }
}

TEST_CASE("A ranker in bytes of a precision that only a later release may know is refused") {
  const Result<std::vector<std::byte>> file = golden::write(golden::byte_ranker_model());
  REQUIRE(file.ok());
  Forgery forgery(*file);
  const format::Ranker* ranker = body_of(forgery).ranker();
  SECTION("of its layers") {
    set_field(ranker->layers()->Get(1)->quantized_weights(), format::QuantizedMatrix::VT_BITS,
              std::uint8_t{4});
    check_refused(forgery, ErrorCode::kModelUnsupported, "a layer of a precision");
  }
  SECTION("of its items' halves") {
    set_field(ranker, format::Ranker::VT_ITEM_HALF_BITS, std::uint8_t{4});
    check_refused(forgery, ErrorCode::kModelUnsupported, "items' halves of a precision");
  }
}

Forgery tabular() {
  const Result<std::vector<std::byte>> file = golden::write(golden::tabular_model());
  REQUIRE(file.ok());
  return Forgery(*file);
}

TEST_CASE("Columns of a tabular model that lie are refused") {
  Forgery forgery = tabular();
  const auto* columns = body_of(forgery).tabular()->columns();
  const format::TabularColumn* price = columns->Get(0);
  const format::TabularColumn* kind = columns->Get(2);
  SECTION("of a forged width") {
    const std::uint32_t width = GENERATE(1U, 3U, 0x80000001U, 0xFFFFFFFFU, 1025U);
    set_field(kind, format::TabularColumn::VT_WIDTH, width);
    check_refused(forgery, ErrorCode::kModelMeaning, "a column of the tabular model");
  }
  SECTION("of a range turned round") {
    set_field(price, format::TabularColumn::VT_MAXIMUM, -1.0F);
    check_refused(forgery, ErrorCode::kModelMeaning, "has its range turned round");
  }
  SECTION("of a scale that is not finite") {
    set_field(price, format::TabularColumn::VT_SCALE, std::numeric_limits<float>::infinity());
    check_refused(forgery, ErrorCode::kModelMeaning, "has a scale that is not finite");
  }
  SECTION("whose numbers would overflow the network") {
    set_field(price, format::TabularColumn::VT_SCALE, 1e20F);
    set_field(price, format::TabularColumn::VT_MAXIMUM, 1e20F);
    check_refused(forgery, ErrorCode::kModelMeaning, "could overflow");
  }
  SECTION("whose categories do not ascend") {
    auto* bytes = const_cast<std::uint8_t*>(kind->categories()->bytes()->data());
    bytes[0] = 'z';
    check_refused(forgery, ErrorCode::kModelMeaning, "has categories that do not ascend");
  }
  SECTION("of one name") {
    auto* letters = const_cast<char*>(columns->Get(1)->name()->c_str());
    std::memcpy(letters, "kind", 4);
    check_refused(forgery, ErrorCode::kModelMeaning, "has two columns of one name");
  }
  SECTION("of another kind than their sections") {
    set_field(price, format::TabularColumn::VT_KIND, std::uint8_t{0});
    check_refused(forgery, ErrorCode::kModelMeaning, "has no categories");
  }
  SECTION("of a kind that only a later release may know") {
    set_field(price, format::TabularColumn::VT_KIND, std::uint8_t{2});
    check_refused(forgery, ErrorCode::kModelUnsupported, "a column of a kind");
  }
}

TEST_CASE("A tabular model that lies is refused") {
  Forgery forgery = tabular();
  const format::Model& model = body_of(forgery);
  SECTION("about its layers") {
    const std::uint32_t outputs = GENERATE(0xFFFFFFFFU, 4096U, 3U);
    set_field(model.tabular()->layers()->Get(0), format::DenseLayer::VT_OUTPUTS, outputs);
    check_refused(forgery, ErrorCode::kModelMeaning, "a layer of the tabular model");
  }
  SECTION("about its bias") {
    set_field(model.tabular(), format::Tabular::VT_BIAS, 2e6F);
    check_refused(forgery, ErrorCode::kModelMeaning, "has a bias");
  }
  SECTION("about the length of its average") {
    const std::uint32_t length = 4;
    auto* average = const_cast<float*>(model.tabular()->average()->data());
    std::memcpy(reinterpret_cast<std::byte*>(average) - 4, &length, 4);
    check_refused(forgery, ErrorCode::kModelMeaning, "the tabular model");
  }
}

TEST_CASE("Only a tabular model may do without items") {
  ModelContents contents = golden::tabular_model();
  SECTION("and nothing may rank beside it then") {
    contents.value_head = ValueHead{1, {}, 1, 1, 0, 1};
    CHECK_THAT(golden::write(contents).error().message,
               ContainsSubstring("has no item for what would rank them"));
  }
  SECTION("without it there must be items") {
    contents.tabular.reset();
    CHECK_THAT(golden::write(contents).error().message, ContainsSubstring("has no item"));
  }
  SECTION("beside items it may stand too") {
    ModelContents both = golden::hybrid_model();
    both.tabular = contents.tabular;
    CHECK(golden::write(both).ok());
  }
}

TEST_CASE("A file without an encoder is refused") {
  Forgery forgery = hybrid();
  set_field(&body_of(forgery), format::Model::VT_ENCODER_TYPE, std::uint8_t{0});
  check_refused(forgery, ErrorCode::kModelMeaning, "has no encoder");
}

TEST_CASE("Headers that lie are refused, each with its own error") {
  Forgery forgery = hybrid();
  SECTION("of a later version") {
    forgery.bytes()[8] = std::byte{2};
    check_refused(forgery, ErrorCode::kModelVersion, "format version 2, this build reads 1");
  }
  SECTION("with a reserved byte set") {
    const std::size_t at = GENERATE(12, 15, 56, 63);
    forgery.bytes()[at] = std::byte{1};
    check_refused(forgery, ErrorCode::kModelStructure, "reserved bytes");
  }
  SECTION("of an enormous length") {
    std::memset(forgery.bytes().data() + 16, 0xFF, 8);
    CHECK(forgery.open().error().code == ErrorCode::kModelTruncated);
  }
}

TEST_CASE("Tiny and foreign files are refused") {
  const Forgery whole = hybrid();
  const auto begin_of = [&](std::size_t size) {
    std::vector<std::byte> bytes(size);
    Forgery source = hybrid();
    std::copy_n(source.bytes().begin(), size, bytes.begin());
    return Forgery(bytes).open().error().code;
  };
  CHECK(begin_of(0) == ErrorCode::kModelTruncated);
  CHECK(begin_of(8) == ErrorCode::kModelTruncated);
  CHECK(begin_of(64) == ErrorCode::kModelTruncated);
  const std::string_view page = "<!doctype html><title>404</title>";
  CHECK(Forgery(std::as_bytes(std::span(page))).open().error().code == ErrorCode::kModelNotPalate);
  CHECK(Forgery(std::vector<std::byte>(8)).open().error().code == ErrorCode::kModelNotPalate);
  CHECK(Forgery(std::vector<std::byte>(4096)).open().error().code == ErrorCode::kModelNotPalate);
  Forgery empty_body(std::vector<std::byte>(whole.body().begin() - 64, whole.body().begin()));
  check_refused(empty_body, ErrorCode::kModelStructure, "no FlatBuffer");
}

TEST_CASE("A buffer that is not aligned is refused") {
  const Result<std::vector<std::byte>> file = golden::write(golden::hybrid_model());
  REQUIRE(file.ok());
  const std::size_t shift = GENERATE(1, 4, 8);
  std::vector<std::byte> shifted(shift);
  shifted.insert(shifted.end(), file->begin(), file->end());
  Forgery forgery(shifted);
  const Result<Model> model = Model::open(forgery.bytes().subspan(shift));
  REQUIRE_FALSE(model.ok());
  CHECK(model.error().code == ErrorCode::kRequestInvalid);
}

TEST_CASE("A content map with sections of forged lengths is refused where it is read") {
  const std::uint32_t length = GENERATE(0xFFFFFFFFU, 0x40000000U, 1U, 0U);
  const Result<std::vector<std::byte>> file = golden::write(golden::content_map_model());
  REQUIRE(file.ok());
  Forgery forgery(*file);
  const auto forge = [length](const void* entries) {
    std::memcpy(static_cast<std::byte*>(const_cast<void*>(entries)) - 4, &length, 4);
  };
  const format::ContentMap& map = *body_of(forgery).content_map();
  SECTION("columns") { forge(map.columns()->data()); }
  SECTION("means") { forge(map.means()->data()); }
  SECTION("scales") { forge(map.scales()->data()); }
  SECTION("base") { forge(map.base()->data()); }
  SECTION("coefficients") { forge(map.coefficients()->data()); }
  forgery.mend();
  const Result<Model> model = forgery.open();
  if (!model) {
    CHECK(model.error().code == ErrorCode::kModelStructure);
    return;
  }
  testing::read_everything(*model);
  const auto read = content_map_of(*model);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().code == ErrorCode::kModelMeaning);
}

// A popularity model whose attributes are one table, named as often as wished.
std::vector<std::byte> file_with_repeated_attribute(std::size_t times) {
  flatbuffers::FlatBufferBuilder builder;
  builder.TrackMinAlign(16);
  const auto texts = [&] {
    return format::CreateTexts(builder, builder.CreateVector<std::uint32_t>({0, 1}),
                               builder.CreateVector<std::uint8_t>({'x'}));
  };
  const auto attribute =
      format::CreateAttribute(builder, builder.CreateString("name"), format::AttributeKind::Number,
                              builder.CreateVector<float>({1}));
  const std::vector<flatbuffers::Offset<format::Attribute>> attributes(times, attribute);
  const auto catalogue =
      format::CreateCatalogue(builder, texts(), builder.CreateVector<std::uint32_t>({1}), {},
                              builder.CreateVector(attributes));
  const auto text = builder.CreateString("");
  const auto facts = format::CreateFacts(builder, text, text, text, text);
  format::FinishModelBuffer(
      builder, format::CreateModel(builder, catalogue, {}, format::Encoder::Popularity,
                                   format::CreatePopularity(builder).Union(), {}, {}, facts));
  std::vector<std::byte> file(64 + builder.GetSize());
  std::memcpy(file.data() + 64, builder.GetBufferPointer(), builder.GetSize());
  const Forgery head = hybrid();
  std::copy_n(head.body().begin() - 64, 16, file.begin());
  return file;
}

TEST_CASE("A file that uses its sections many times over is refused") {
  Forgery once(file_with_repeated_attribute(1));
  once.mend();
  CHECK(once.open().ok());
  Forgery often(file_with_repeated_attribute(200));
  check_refused(often, ErrorCode::kModelMeaning, "uses sections twice");
  Forgery too_often(file_with_repeated_attribute(5000));
  check_refused(too_often, ErrorCode::kModelStructure, "no FlatBuffer");
}

}  // namespace model_forgery_test
}  // namespace palate
