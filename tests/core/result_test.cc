// The names of errors, which callers switch on.
#include "palate/result.h"

#include <catch_amalgamated.hpp>

namespace palate {
namespace result_test {

TEST_CASE("The names of errors are those that were released") {
  CHECK(error_name(ErrorCode::kFileOpen) == "file/open");
  CHECK(error_name(ErrorCode::kFileWrite) == "file/write");
  CHECK(error_name(ErrorCode::kDataMalformed) == "data/malformed");
  CHECK(error_name(ErrorCode::kDataEmpty) == "data/empty");
  CHECK(error_name(ErrorCode::kRecipeInvalid) == "recipe/invalid");
  CHECK(error_name(ErrorCode::kModelNotPalate) == "model/not-palate");
  CHECK(error_name(ErrorCode::kModelVersion) == "model/version");
  CHECK(error_name(ErrorCode::kModelTruncated) == "model/truncated");
  CHECK(error_name(ErrorCode::kModelChecksum) == "model/checksum");
  CHECK(error_name(ErrorCode::kModelStructure) == "model/structure");
  CHECK(error_name(ErrorCode::kModelMeaning) == "model/meaning");
  CHECK(error_name(ErrorCode::kModelUnsupported) == "model/unsupported");
  CHECK(error_name(ErrorCode::kRequestInvalid) == "request/invalid");
  CHECK(error_name(ErrorCode::kMemory) == "memory/refused");
}

}  // namespace result_test
}  // namespace palate
