// Opens what libFuzzer makes of a model file's body and uses whatever opens.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "forgery.h"
#include "model/file_header.h"

// The header is always right: otherwise hardly an input would get past the checksum.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using palate::internal::kHeaderBytes;
  const std::size_t whole_rows = size - size % 16;
  std::vector<std::byte> file(kHeaderBytes + whole_rows);
  std::transform(data, data + whole_rows, file.begin() + kHeaderBytes,
                 [](std::uint8_t byte) { return std::byte{byte}; });
  palate::internal::write_header(file);
  const palate::testing::Forgery forgery(file);
  const palate::Result<palate::Model> model = forgery.open();
  if (!model) return 0;
  palate::testing::read_everything(*model);
  palate::testing::rank_and_explain(*model);
  return 0;
}
