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

TEST_CASE("SipHash-2-4 gives the values of its paper's reference implementation") {
  // vectors_sip64 of the reference: key 00 01 ... 0f, message 00 01 ... of growing length.
  const SipKey key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
  std::string message;
  for (char byte = 0; byte < 15; ++byte) message += byte;
  CHECK(sip_hash(key, message) == 0xa129ca6149be45e5);  // the paper, appendix A
  CHECK(sip_hash(key, "") == 0x726fdb47dd0e0e31);
  CHECK(sip_hash(key, message.substr(0, 1)) == 0x74f839c593dc67fd);
  CHECK(sip_hash(key, message.substr(0, 8)) == 0x93f5f5799a932462);
}

}  // namespace model_text_test
}  // namespace palate::internal
