// Errors as values: what every fallible call of Palate returns.
#ifndef PALATE_RESULT_H_
#define PALATE_RESULT_H_

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace palate {

/// What went wrong, in the order of the way of the data. `error_name` gives the stable text that
/// callers may switch on.
enum class ErrorCode : std::uint8_t {
  kFileOpen,          // a file is missing or cannot be read
  kFileWrite,         // a file cannot be written; what stood there before is untouched
  kDataMalformed,     // a table's layout or too many of its rows cannot be understood
  kDataEmpty,         // nothing is left to work with
  kRecipeInvalid,     // a recipe has an unknown field or a value out of its range
  kModelNotPalate,    // the bytes are no Palate model file
  kModelVersion,      // the file's format version is not the one this build reads
  kModelTruncated,    // the file is shorter or longer than its header says
  kModelChecksum,     // the body differs from its SHA-256
  kModelStructure,    // the body is no valid FlatBuffer of the schema
  kModelMeaning,      // sizes, indices or values contradict each other
  kModelUnsupported,  // a valid file asks for something this build or this model lacks
  kRequestInvalid,  // a request is out of range: an unknown item, a count of zero, a value that is
                    // not finite
  kMemory,          // an allocation was refused
};

/// The stable name of a code, such as "model/checksum". Never changes once released.
std::string_view error_name(ErrorCode code);

/// A failure: its kind, and one sentence that says where, why and what to do.
struct Error {
  ErrorCode code;
  std::string message;
};

/// A value or an error. Reading the one that is not there is a caller's bug.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const Error& error() const {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
struct Done {};

/// The result of a call that yields nothing but may fail.
using Status = Result<Done>;

}  // namespace palate

#endif  // PALATE_RESULT_H_
