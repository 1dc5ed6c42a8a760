// The stable names of the error codes.
#include "palate/result.h"

namespace palate {

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kFileOpen:
      return "file/open";
    case ErrorCode::kFileWrite:
      return "file/write";
    case ErrorCode::kDataMalformed:
      return "data/malformed";
    case ErrorCode::kDataEmpty:
      return "data/empty";
    case ErrorCode::kRecipeInvalid:
      return "recipe/invalid";
    case ErrorCode::kModelNotPalate:
      return "model/not-palate";
    case ErrorCode::kModelVersion:
      return "model/version";
    case ErrorCode::kModelTruncated:
      return "model/truncated";
    case ErrorCode::kModelChecksum:
      return "model/checksum";
    case ErrorCode::kModelStructure:
      return "model/structure";
    case ErrorCode::kModelMeaning:
      return "model/meaning";
    case ErrorCode::kModelUnsupported:
      return "model/unsupported";
    case ErrorCode::kRequestInvalid:
      return "request/invalid";
    case ErrorCode::kMemory:
      return "memory/refused";
  }
  assert(false);
  return {};
}

}  // namespace palate
