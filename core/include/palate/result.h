// Errors as values: what every fallible call of Palate returns.
#ifndef PALATE_RESULT_H_
#define PALATE_RESULT_H_

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

/// An error, or none. It is as small as a pointer and made out of line: a page pays for each of the
/// hundreds of calls that may fail, and hardly one ever does.
class Failure {
 public:
  Failure() = default;
  Failure(const Error& error);
  Failure(const Failure& other);
  Failure(Failure&& other) noexcept : error_(std::exchange(other.error_, nullptr)) {}
  Failure& operator=(Failure other) noexcept {
    std::swap(error_, other.error_);
    return *this;
  }
  ~Failure() {
    if (error_ != nullptr) forget();
  }

  explicit operator bool() const { return error_ != nullptr; }
  const Error& error() const {
    assert(error_ != nullptr);
    return *error_;
  }

 private:
  void forget();

  const Error* error_ = nullptr;
};

/// A value or an error. Reading the one that is not there is a caller's bug.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  // By reference: by value each caller would hold code that copies the error and lets the copy go.
  Result(const Error& error) : failure_(error) {}

  bool ok() const { return !failure_; }
  explicit operator bool() const { return ok(); }

  T& value() {
    assert(ok());
    return *value_;
  }
  const T& value() const {
    assert(ok());
    return *value_;
  }
  const Error& error() const { return failure_.error(); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  Failure failure_;
  std::optional<T> value_;
};

/// Success without a value.
struct Done {};

/// The result of a call that yields nothing but may fail.
using Status = Result<Done>;

}  // namespace palate

#endif  // PALATE_RESULT_H_
