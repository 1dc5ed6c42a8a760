// Whether a sequence network makes sense: the shapes of its layers and tables.
#include "model/check.h"
#include "model/check_encoder.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

constexpr const char* kNetwork = "the sequence network"_words;

Verdict check_mixer(const format::Sequence& sequence, std::uint32_t dimension, SequenceView& view) {
  switch (sequence.mixer()) {
    case format::Mixer::Attention:
      view.mixer = Mixer::kAttention;
      view.heads = sequence.heads();
      view.window = sequence.window();
      if (view.heads == 0 || dimension % view.heads != 0) {
        return meaning_error(kNetwork, "has heads that do not share its dimension evenly"_words);
      }
      if (view.window == 0 || view.window > kMaxPlaces) {
        return meaning_error(kNetwork, "has a window outside 1 to 4096"_words);
      }
      return kPassed;
    case format::Mixer::Recurrence:
      view.mixer = Mixer::kRecurrence;
      return kPassed;
  }
  return unsupported_error("a sequence network with a mixer"_words);
}

Verdict check_mixing(const format::SequenceBlock& block, const SequenceView& sequence,
                     std::uint32_t dimension, SequenceBlockView& view) {
  Verdict verdict = check_layer(*block.mix_in(), dimension, kNetwork, view.mix_in);
  if (!verdict) return verdict;
  const std::uint32_t width = view.mix_in.outputs / 3;
  if (width * 3 != view.mix_in.outputs ||
      (sequence.mixer == Mixer::kAttention && width != dimension)) {
    return meaning_error(kNetwork, "has a mixer of another width than its layers"_words);
  }
  verdict = check_layer(*block.mix_out(), width, kNetwork, view.mix_out);
  if (!verdict || sequence.mixer == Mixer::kRecurrence) return verdict;
  if (block.distances() == nullptr) return meaning_error(kNetwork, "has no bias by distance"_words);
  return check_parameters(*block.distances(), std::uint64_t{sequence.heads} * sequence.window,
                          kNetwork, view.distances);
}

Verdict check_block(const format::SequenceBlock& block, const SequenceView& sequence,
                    std::uint32_t dimension, SequenceBlockView& view) {
  Verdict verdict = check_mixing(block, sequence, dimension, view);
  if (verdict) verdict = check_layer(*block.widen(), dimension, kNetwork, view.widen);
  if (verdict) verdict = check_layer(*block.narrow(), view.widen.outputs, kNetwork, view.narrow);
  if (!verdict) return verdict;
  if (view.mix_out.outputs != dimension || view.narrow.outputs != dimension) {
    return meaning_error(kNetwork,
                         "has a block that ends in another dimension than the items'"_words);
  }
  return kPassed;
}

/// A table that may be absent.
Verdict check_rows(const flatbuffers::Vector<float>* section, std::uint32_t rows,
                   std::uint32_t columns, MatrixView& view) {
  if (section == nullptr) return kPassed;
  view = {rows, columns, {}};
  return check_parameters(*section, std::uint64_t{rows} * columns, kNetwork, view.values);
}

}  // namespace

Verdict check_sequence(const format::Sequence& sequence, MappedModel& mapped) {
  const TableView& table = mapped.item_vectors;
  if (table.rows == 0) return meaning_error(kNetwork, "has no item table"_words);
  mapped.encoder = EncoderKind::kSequence;
  SequenceView& view = mapped.sequence.emplace();
  Verdict verdict = check_mixer(sequence, table.columns, view);
  if (!verdict) return verdict;
  const std::uint32_t count = sequence.blocks()->size();
  if (count == 0 || count > kMaxLayers)
    return meaning_error(kNetwork, "has not 1 to 8 blocks"_words);
  if (!mapped.blocks.allocate(count)) return memory_refused();
  for (std::uint32_t k = 0; k < count; ++k) {
    verdict = check_block(*sequence.blocks()->Get(k), view, table.columns, mapped.blocks.span()[k]);
    if (!verdict) return verdict;
  }
  view.blocks = mapped.blocks.span();
  view.repeats = sequence.repeats();
  verdict = check_parameters(*sequence.gains(), table.columns, kNetwork, view.gains);
  if (verdict) {
    verdict = check_rows(sequence.gap_vectors(), kGapBuckets, table.columns, view.gap_vectors);
  }
  if (!verdict) return verdict;
  const auto types = static_cast<std::uint32_t>(mapped.event_types.size());
  return check_rows(sequence.type_vectors(), types + 1, table.columns, view.type_vectors);
}

}  // namespace palate::internal
