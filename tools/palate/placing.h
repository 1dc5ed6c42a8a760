// A trained model to a file, with new items behind its own where that is asked for.
#ifndef PALATE_TOOLS_PLACING_H_
#define PALATE_TOOLS_PLACING_H_

#include <ostream>

#include "palate/model_writer.h"
#include "training.h"

namespace palate::tools {

/// Fits the content map that `request` asks for, or needs, into `contents`.
Status add_content_map(const TrainingRequest& request, ModelContents& contents);

/// The file, with those of `items` that the model lacks; prints how many they are. `contents` have
/// a content map, which stays in the file only where `request` asks for it.
Result<TrainedModel> write_with_new_items(const Catalogue& items, const TrainingRequest& request,
                                          ModelContents& contents, std::ostream& out);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_PLACING_H_
