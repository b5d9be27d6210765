// A folder that goes away, stores in it, and their bytes.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "store/admin.hpp"
#include "store/engine.hpp"
#include "store/store_file.hpp"

namespace vtoken::store::test {

inline constexpr ScryptCost kCheap{4, 8, 1};
inline constexpr Nanoseconds kStart = 1'700'000'000 * kSecond;

class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "vtoken-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Every file's bytes by name: what "nothing was changed" is judged by.
  [[nodiscard]] std::map<std::string, std::string> contents() const;

 private:
  std::string path_;
};

inline std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void put(const std::string& path, const std::string& bytes, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

inline std::map<std::string, std::string> Folder::contents() const {
  std::map<std::string, std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    all[entry.path().filename().string()] = bytes_of(entry.path().string());
  }
  return all;
}

/// Unwraps, and fails the test with the error's text.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// One line that names the file, and no more.
inline void check_one_line(const Error& error) {
  INFO(error.text());
  CHECK(!error.message.empty());
  CHECK(error.text().find('\n') == std::string::npos);
  CHECK(error.text().size() < 400);
}

inline std::string make_store(const Folder& folder, const std::string& name = "store.db") {
  const ManualClock clock(kStart);
  must(init({folder / name}, clock));
  return folder / name;
}

/// Adds `count` tokens, each the child of the one before when `chain`.
inline void add_tokens(StoreFile& file, int count, bool chain = false, Nanoseconds expire_at = 0) {
  auto transaction = must(Transaction::begin(file.database()));
  must(file.refresh());
  auto state = must(read_state(file.database()));
  TokenTable tokens(file.database(), file.keyring());
  for (int i = 0; i < count; ++i) {
    TokenRow row;
    row.seq = state.next_seq++;
    if (chain && i > 0) row.parent = row.seq - 1;
    row.expire_at = expire_at;
    row.entry.accessor = "accessor-" + std::to_string(row.seq);
    row.entry.policies = {"default"};
    row.id_hash = file.keyring().hash_id("token-" + std::to_string(row.seq));
    row.accessor_hash = file.keyring().hash_accessor(row.entry.accessor);
    must(tokens.insert(row));
  }
  ++state.commit_index;
  must(write_state(file.database(), state));
  must(transaction.commit());
}

inline StoreFile open_store(const std::string& path, const Unlock& unlock = {}) {
  return must(StoreFile::open(path, unlock));
}

inline std::int64_t count_tokens(const std::string& path, const Unlock& unlock = {}) {
  auto file = open_store(path, unlock);
  return must(status(file, kStart)).tokens;
}

inline void check_sound(const std::string& path, const Unlock& unlock = {}) {
  auto file = open_store(path, unlock);
  const auto report = must(verify(file));
  if (!report.findings.empty()) FAIL_CHECK(report.findings.front());
}

}  // namespace vtoken::store::test
