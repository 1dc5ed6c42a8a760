// The text helpers of the model reader: UTF-8 and the hash of ids.
#include <catch_amalgamated.hpp>
#include <string>

#include "model/sip_hash.h"
#include "model/utf8.h"

namespace palate::internal {
namespace model_text_test {

TEST_CASE("UTF-8 is accepted up to the edges of its grammar") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain text of more than eight bytes"));
  CHECK(is_utf8("caf\xC3\xA9 and then more text, \xE2\x82\xAC too"));
  CHECK(is_utf8(std::string("nul \0 inside", 12)));
  CHECK(is_utf8("\x7F\xC2\x80\xDF\xBF"));
  CHECK(is_utf8("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"));
  CHECK(is_utf8("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST_CASE("Ill-formed UTF-8 is refused") {
  const char* text = GENERATE("\x80",                  // a continuation alone
                              "\xC3",                  // cut short
                              "\xC3(",                 // not continued
                              "\xC0\xAF",              // overlong, two bytes
                              "\xC1\xBF",              // overlong, two bytes
                              "\xE0\x9F\xBF",          // overlong, three bytes
                              "\xED\xA0\x80",          // a surrogate
                              "\xE2\x82",              // cut short
                              "\xE2\x28\xA1",          // not continued
                              "\xE2\x82\x28",          // not continued
                              "\xF0\x8F\xBF\xBF",      // overlong, four bytes
                              "\xF4\x90\x80\x80",      // above U+10FFFF
                              "\xF5\x80\x80\x80",      // no such lead
                              "\xFE", "\xFF",          // no such byte
                              "eight is\xF0\x9F\x98",  // cut short after a word of ASCII
                              "12345678\x80");
  CHECK_FALSE(is_utf8(text));
}

TEST_CASE("SipHash-1-3 gives the values of the tables that use it") {
  // CPython's without a seed: PYTHONHASHSEED=0 python3 -c "print(hex(hash(b'abcdefg') % 2**64))".
  CHECK(sip_hash({}, "a") == 0x407448d2b89b1813);
  CHECK(sip_hash({}, "abcdefg") == 0x6db12aae9070f506);
  CHECK(sip_hash({}, "abcdefgh") == 0x3f7b849c0b8e35ea);
  CHECK(sip_hash({}, "The quick brown fox") == 0x975e410714568333);
  // The first of the vectors in Rust's library: key 00 01 ... 0f.
  CHECK(sip_hash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, "") == 0xabac0158050fc4dc);
}

}  // namespace model_text_test
}  // namespace palate::internal
