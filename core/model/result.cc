// The stable names of the error codes, and where errors are kept.
#include "palate/result.h"

#include <new>

namespace palate {
namespace {

// What is kept where there is no memory for an error either; short enough to need none itself.
const Error& no_memory() {
  static const Error error{ErrorCode::kMemory, "no memory"};
  return error;
}

const Error* keep(const Error& error) {
  const Error* kept = new (std::nothrow) Error(error);
  return kept != nullptr ? kept : &no_memory();
}

}  // namespace

Failure::Failure(const Error& error) : error_(keep(error)) {}

Failure::Failure(const Failure& other) : error_(other ? keep(*other.error_) : nullptr) {}

void Failure::forget() {
  if (error_ != &no_memory()) delete error_;
}

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
