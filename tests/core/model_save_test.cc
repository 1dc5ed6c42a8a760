// Files on a disk: whole or not at all.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>
#include <vector>

#include "model/replacement_file.h"
#include "palate/model_writer.h"

namespace palate {
namespace model_save_test {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

// An empty folder for one test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "palate-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path operator/(const char* name) const { return path_ / name; }
  std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
  }

 private:
  fs::path path_;
};

std::vector<std::byte> filled(std::size_t size, int value) {
  return std::vector<std::byte>(size, static_cast<std::byte>(value));
}

void check_holds(const fs::path& path, const std::vector<std::byte>& expected) {
  const Result<FileBytes> bytes = FileBytes::read(path);
  REQUIRE(bytes.ok());
  CHECK(std::ranges::equal(bytes->bytes(), expected));
}

TEST_CASE("A saved file holds its bytes, replaces the old one and leaves nothing beside it") {
  const Folder folder;
  const fs::path path = folder / "model.palate";
  for (const std::size_t size : {std::size_t{0}, std::size_t{100'000}, std::size_t{17}}) {
    REQUIRE(save_file(path, filled(size, 1)).ok());
    check_holds(path, filled(size, 1));
  }
  CHECK(folder.entries() == 1);
}

TEST_CASE("A file without a folder in its path is saved where the program runs") {
  const Folder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder / "");
  const bool saved = save_file("model.palate", filled(3, 1)).ok();
  fs::current_path(before);
  CHECK(saved);
  check_holds(folder / "model.palate", filled(3, 1));
}

TEST_CASE("Saving through a link replaces what it points at") {
  const Folder folder;
  REQUIRE(save_file(folder / "target", filled(4, 1)).ok());
  fs::create_symlink("target", folder / "link");
  REQUIRE(save_file(folder / "link", filled(4, 2)).ok());
  CHECK(fs::is_symlink(folder / "link"));
  check_holds(folder / "target", filled(4, 2));
}

TEST_CASE("A replacement written in parts takes the old file's place at the end") {
  const Folder folder;
  const fs::path path = folder / "lists.csv";
  REQUIRE(save_file(path, filled(5, 1)).ok());
  auto file = internal::ReplacementFile::create(path);
  REQUIRE(file.ok());
  REQUIRE(file->write(filled(2, 7)).ok());
  REQUIRE(file->write(filled(3, 7)).ok());
  check_holds(path, filled(5, 1));
  REQUIRE(file->replace().ok());
  check_holds(path, filled(5, 7));
  CHECK(folder.entries() == 1);
}

TEST_CASE("A replacement that is given up leaves the old file and nothing beside it") {
  const Folder folder;
  const fs::path path = folder / "lists.csv";
  REQUIRE(save_file(path, filled(5, 1)).ok());
  {
    auto file = internal::ReplacementFile::create(path);
    REQUIRE(file.ok());
    REQUIRE(file->write(filled(2, 7)).ok());
    CHECK(folder.entries() == 2);
  }
  check_holds(path, filled(5, 1));
  CHECK(folder.entries() == 1);
}

TEST_CASE("A disk that fails leaves the old file and says so") {
  const Folder folder;
  const fs::path path = folder / "model.palate";
  REQUIRE(save_file(path, filled(1000, 1)).ok());
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &limit) == 0);
  const rlimit small{10'000, limit.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const Status status = save_file(path, filled(20'000, 2));
  REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  std::signal(SIGXFSZ, handler);

  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == ErrorCode::kFileWrite);
  CHECK_THAT(status.error().message, ContainsSubstring(path.string()));
  CHECK_THAT(status.error().message, ContainsSubstring("File too large"));
  check_holds(path, filled(1000, 1));
  CHECK(folder.entries() == 1);
}

TEST_CASE("Paths that cannot be written or read name themselves and the reason") {
  const Folder folder;
  const Status nowhere = save_file(folder / "missing/model.palate", filled(1, 1));
  REQUIRE_FALSE(nowhere.ok());
  CHECK_THAT(nowhere.error().message, ContainsSubstring("missing/model.palate") &&
                                          ContainsSubstring("No such file or directory"));
  const Status device = save_file("/dev/null", filled(1, 1));
  REQUIRE_FALSE(device.ok());
  CHECK(device.error().code == ErrorCode::kFileWrite);
  CHECK_THAT(device.error().message, ContainsSubstring("no regular file"));
  CHECK(fs::is_character_file("/dev/null"));

  const Result<FileBytes> missing = FileBytes::read(folder / "missing");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == ErrorCode::kFileOpen);
  CHECK_THAT(missing.error().message, ContainsSubstring("No such file or directory"));
  const Result<FileBytes> directory = FileBytes::read(folder / "");
  REQUIRE_FALSE(directory.ok());
  CHECK_THAT(directory.error().message, ContainsSubstring("no regular file"));
}

TEST_CASE("A writer that is killed leaves the old file or the new one") {
  const Folder folder;
  const fs::path path = folder / "model.palate";
  const std::vector<std::byte> contents[] = {filled(300'000, 1), filled(300'000, 2)};
  REQUIRE(save_file(path, contents[0]).ok());
  for (int kill_after_ms = 0; kill_after_ms < 20; ++kill_after_ms) {
    const pid_t writer = fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
      for (int turn = 0;; ++turn) {
        if (!save_file(path, contents[turn % 2])) _exit(1);
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kill_after_ms));
    REQUIRE(kill(writer, SIGKILL) == 0);
    int status = 0;
    REQUIRE(waitpid(writer, &status, 0) == writer);
    CHECK(WIFSIGNALED(status));
    const Result<FileBytes> bytes = FileBytes::read(path);
    REQUIRE(bytes.ok());
    CHECK((std::ranges::equal(bytes->bytes(), contents[0]) ||
           std::ranges::equal(bytes->bytes(), contents[1])));
  }
}

}  // namespace model_save_test
}  // namespace palate
