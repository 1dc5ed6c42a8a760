// The state of a training on disk.
//
// The file: magic, version, length of the whole, SHA-256 of the body; then the body: the identity
// (count; name, value), the stages (count; name, parts). Texts and parts follow their length.
#include "train/checkpoint.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "model/sha256.h"
#include "palate/model_writer.h"

namespace palate::internal {
namespace {

constexpr std::string_view kMagic = "\x89PALCKP\n";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kHeader = kMagic.size() + 2 * sizeof(std::uint64_t) + sizeof(Sha256Digest);

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

class Writer {
 public:
  void number(std::uint64_t value) { raw(std::as_bytes(std::span(&value, 1))); }
  void block(std::span<const std::byte> bytes) {
    number(bytes.size());
    raw(bytes);
  }
  void text(std::string_view value) { block(bytes_of(value)); }
  void raw(std::span<const std::byte> bytes) {
    const std::size_t end = bytes_.size();
    bytes_.resize(end + bytes.size());
    if (!bytes.empty()) std::memcpy(bytes_.data() + end, bytes.data(), bytes.size());
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// Reads what `Writer` wrote; what is not there is 0 or empty, and the reader remembers it.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::span<const std::byte> bytes = raw(sizeof(value));
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }
  std::span<const std::byte> block() { return raw(number()); }
  std::string text() {
    const std::span<const std::byte> bytes = block();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::span<const std::byte> raw(std::uint64_t size) {
    if (size > rest_.size()) {
      sound_ = false;
      rest_ = {};
      return {};
    }
    const std::span<const std::byte> bytes = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(bytes.size());
    return bytes;
  }
  bool sound() const { return sound_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::span<const std::byte> rest_;
  bool sound_ = true;
};

Error unreadable(const std::filesystem::path& path, std::string_view why) {
  std::string message = path.string() + ": the checkpoint cannot be used: ";
  message.append(why).append("; remove it to begin anew");
  return {ErrorCode::kFileOpen, std::move(message)};
}

/// The whole file; nothing when there is none.
Result<std::optional<std::vector<std::byte>>> read_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return std::optional<std::vector<std::byte>>();
  if (!std::filesystem::is_regular_file(status)) return unreadable(path, "it is no regular file");
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) return unreadable(path, "it cannot be read");
  const std::span<const std::byte> bytes = std::as_bytes(std::span(text));
  return std::optional(std::vector(bytes.begin(), bytes.end()));
}

std::vector<std::byte> with_header(std::span<const std::byte> body) {
  Sha256 checksum;
  checksum.update(body);
  Writer file;
  file.raw(bytes_of(kMagic));
  file.number(kVersion);
  file.number(kHeader + body.size());
  file.raw(checksum.finish());
  file.raw(body);
  return file.take();
}

Result<std::span<const std::byte>> check_header(const std::filesystem::path& path,
                                                std::span<const std::byte> file) {
  Reader header(file);
  const std::span<const std::byte> magic = header.raw(kMagic.size());
  if (!std::ranges::equal(magic, bytes_of(kMagic))) {
    return unreadable(path, "it is no checkpoint of Palate");
  }
  const std::uint64_t version = header.number();
  if (header.sound() && version != kVersion) {
    return unreadable(path, "its format is version " + std::to_string(version) +
                                ", this build reads " + std::to_string(kVersion));
  }
  const std::uint64_t length = header.number();
  const std::span<const std::byte> stated = header.raw(sizeof(Sha256Digest));
  if (!header.sound() || length != file.size()) return unreadable(path, "it is cut off");
  const std::span<const std::byte> body = file.subspan(kHeader);
  Sha256 checksum;
  checksum.update(body);
  if (!std::ranges::equal(checksum.finish(), stated)) {
    return unreadable(path, "it is damaged, its SHA-256 does not fit");
  }
  return body;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// "recipe ('epochs = 8' there, 'epochs = 16' here)": the first line that differs.
std::string difference(const std::string& name, std::string_view there, std::string_view here) {
  const std::vector<std::string_view> old_lines = lines_of(there);
  const std::vector<std::string_view> new_lines = lines_of(here);
  const auto [a, b] =
      std::mismatch(old_lines.begin(), old_lines.end(), new_lines.begin(), new_lines.end());
  const auto quoted = [](auto line, const auto& lines) {
    return line == lines.end() ? "nothing" : "'" + std::string(*line) + "'";
  };
  return name + " (" + quoted(a, old_lines) + " there, " + quoted(b, new_lines) + " here)";
}

/// What differs between two trainings; empty: nothing.
std::string differences(const TrainingIdentity& there, const TrainingIdentity& here) {
  std::string text;
  for (std::size_t k = 0; k < here.size(); ++k) {
    const auto& [name, value] = here[k];
    const std::string old = k < there.size() ? there[k].second : "";
    if (old != value) text += (text.empty() ? "" : ", ") + difference(name, old, value);
  }
  return text;
}

TrainingIdentity read_identity(Reader& reader) {
  TrainingIdentity identity;
  for (std::uint64_t left = reader.number(); left > 0 && reader.sound(); --left) {
    std::string name = reader.text();
    identity.emplace_back(std::move(name), reader.text());
  }
  return identity;
}

}  // namespace

Result<Checkpoint> Checkpoint::open(const std::filesystem::path& path, TrainingIdentity identity,
                                    double interval) {
  Checkpoint checkpoint;
  checkpoint.path_ = path;
  checkpoint.identity_ = std::move(identity);
  checkpoint.interval_ = interval;
  const Result<std::optional<std::vector<std::byte>>> file = read_file(path);
  if (!file) return file.error();
  if (!file->has_value()) return checkpoint;
  const Result<std::span<const std::byte>> body = check_header(path, **file);
  if (!body) return body.error();
  Reader reader(*body);
  const std::string different = differences(read_identity(reader), checkpoint.identity_);
  if (!different.empty()) {
    return Error{ErrorCode::kRequestInvalid,
                 path.string() + ": the checkpoint is of another training: " + different +
                     "; train as before to go on from it, or remove it to begin anew"};
  }
  for (std::uint64_t left = reader.number(); left > 0 && reader.sound(); --left) {
    std::string name = reader.text();
    const std::span<const std::byte> parts = reader.block();
    checkpoint.stages_.push_back({std::move(name), {parts.begin(), parts.end()}});
  }
  if (!reader.sound() || !reader.at_end()) return unreadable(path, "its content is malformed");
  return checkpoint;
}

Status Checkpoint::restore(std::string_view stage, const StateParts& parts) const {
  const auto found = std::ranges::find(stages_, stage, &Stage::name);
  if (found == stages_.end()) return Done{};
  Reader reader(found->parts);
  bool fits = true;
  for (const StatePart& part : parts) {
    fits = fits && reader.text() == part.name && reader.number() == part.values.index();
    const std::span<const std::byte> bytes = reader.block();
    std::visit(
        [&](auto values) {
          fits = fits && bytes.size() == values.size_bytes();
          if (fits && !bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        },
        part.values);
  }
  if (fits && reader.sound() && reader.at_end()) return Done{};
  return unreadable(path_, "its stage '" + std::string(stage) + "' is malformed");
}

Status Checkpoint::save(std::string_view stage, const StateParts& parts) {
  if (path_.empty()) return Done{};
  Writer writer;
  for (const StatePart& part : parts) {
    writer.text(part.name);
    writer.number(part.values.index());
    std::visit([&](auto values) { writer.block(std::as_bytes(values)); }, part.values);
  }
  auto found = std::ranges::find(stages_, stage, &Stage::name);
  if (found == stages_.end()) found = stages_.insert(stages_.end(), {std::string(stage), {}});
  found->parts = writer.take();
  const Clock::time_point now = Clock::now();
  if (std::chrono::duration<double>(now - written_).count() < interval_) return Done{};
  written_ = now;
  return save_file(path_, file());
}

std::vector<std::byte> Checkpoint::file() const {
  Writer body;
  body.number(identity_.size());
  for (const auto& [name, value] : identity_) {
    body.text(name);
    body.text(value);
  }
  body.number(stages_.size());
  for (const Stage& stage : stages_) {
    body.text(stage.name);
    body.block(stage.parts);
  }
  return with_header(body.take());
}

}  // namespace palate::internal
