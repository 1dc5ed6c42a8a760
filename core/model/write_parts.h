// The parts of a model file that hold others or are many: what writer.cc puts together.
#ifndef PALATE_MODEL_WRITE_PARTS_H_
#define PALATE_MODEL_WRITE_PARTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "palate/model_writer.h"
#include "palate_generated.h"

namespace palate::internal {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::Vector;

// write_tables.cc

Offset<format::Texts> add_texts(FlatBufferBuilder& builder, const std::vector<std::string>& texts);

Offset<Vector<float>> add_parameters(FlatBufferBuilder& builder, const std::vector<float>& values);

/// A table of vectors in the file's precision; one of the two is set, or none without values.
struct AddedTable {
  Offset<Vector<float>> values;
  Offset<format::QuantizedMatrix> quantized;
};

AddedTable add_table(FlatBufferBuilder& builder, const std::vector<float>& values,
                     const ModelContents& contents);

Offset<format::DenseLayer> add_layer(FlatBufferBuilder& builder, const DenseLayer& layer);

// write_encoder.cc

Offset<format::ItemWeights> add_item_weights(FlatBufferBuilder& builder, const ItemWeights& rows);

struct AddedEncoder {
  format::Encoder kind;
  Offset<void> table;
};

AddedEncoder add_encoder(FlatBufferBuilder& builder, const ModelContents& contents);

// write_networks.cc

Offset<format::Ranker> add_ranker(FlatBufferBuilder& builder, const Ranker& ranker);
Offset<format::Tabular> add_tabular(FlatBufferBuilder& builder, const Tabular& tabular);

}  // namespace palate::internal

#endif  // PALATE_MODEL_WRITE_PARTS_H_
