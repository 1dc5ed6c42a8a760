// SHA-256 against the example messages of FIPS 180-4 and of NIST's CAVP (SHA256ShortMsg).
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <string>
#include <string_view>

#include "model/sha256.h"

namespace palate::internal {
namespace model_sha256_test {

// Digests `message` in pieces of `piece` bytes.
std::string digest_of(std::string_view message, std::size_t piece) {
  Sha256 sha;
  for (; !message.empty(); message.remove_prefix(std::min(piece, message.size()))) {
    sha.update(std::as_bytes(std::span(message.substr(0, piece))));
  }
  return to_hex(sha.finish());
}

struct Example {
  std::string message;
  std::string_view digest;
};

TEST_CASE("SHA-256 gives the published digests, in whatever pieces a message comes") {
  const std::size_t piece = GENERATE(1, 3, 55, 56, 63, 64, 65, 1000, 2000000);
  const Example examples[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
       "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
      {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
  };
  for (const Example& example : examples) {
    CHECK(digest_of(example.message, piece) == example.digest);
  }
}

}  // namespace model_sha256_test
}  // namespace palate::internal
