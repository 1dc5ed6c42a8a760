// Deltas: what makes a newer model file of an older one, in fewer bytes than the newer one has.
#ifndef PALATE_DELTA_H_
#define PALATE_DELTA_H_

#include <cstddef>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"

namespace palate {

/// The bytes of a delta file that makes `result` of `base`; its layout stands in models/README.md.
/// Items are matched by their ids, so a catalogue may have changed and be in another order. It is
/// applied once before it is returned.
Result<std::vector<std::byte>> make_delta(const Model& base, const Model& result);

/// The bytes of the newer model file. `kModelNotPalate`, `kModelVersion`, `kModelTruncated` or
/// `kModelStructure` for what is no whole delta file, `kRequestInvalid` where it was made for
/// another base than `base` or the result has more than `max_bytes`. The result's own SHA-256 is
/// checked; like any file it is to be opened before it is used. Takes time linear in the three
/// files and memory of the result twice.
Result<std::vector<std::byte>> apply_delta(const Model& base, std::span<const std::byte> delta,
                                           std::size_t max_bytes);

}  // namespace palate

#endif  // PALATE_DELTA_H_
