// Compression: a model file in, a smaller one out.
#ifndef PALATE_COMPRESS_H_
#define PALATE_COMPRESS_H_

#include <cstddef>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"

namespace palate {

/// The bytes of the same model with its item table, and the tables of its shape, in another
/// precision; see `quantize`. The Gramian of a fold-in is taken anew from what the table then reads
/// as, so user vectors are the exact ones of the items as they are ranked. All else stays as it is.
/// `kModelUnsupported` where the model has no item table, `kModelMeaning` where the file would be
/// too large.
Result<std::vector<std::byte>> compress(const Model& model, Precision precision);

}  // namespace palate

#endif  // PALATE_COMPRESS_H_
