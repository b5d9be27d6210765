// A folder that goes away, files with tokens in it, and a sink that remembers.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "scan/scan.hpp"
#include "token/mint.hpp"

namespace vtoken::scan::test {

class World {
 public:
  World() {
    std::string name = std::filesystem::temp_directory_path() / "vtoken-scan-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~World() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  /// Writes a file, with the folders that it lies in.
  std::string put(const std::string& name, std::string_view bytes) const {
    const std::filesystem::path file = *this / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    return file;
  }

 private:
  std::string path_;
};

/// A token that is proved by its structure; another one for each number.
inline std::string a_token(std::uint64_t number = 1) {
  MintSettings settings;
  settings.random = "nVx3gQ0bT7uLkYw2RzE9aKsD";
  settings.local_index = number;
  return std::string(mint_token(settings, Key{}).value().view());
}

class Memory final : public ScanSink {
 public:
  explicit Memory(std::size_t most = SIZE_MAX) : most_(most) {}

  bool found(Finding finding) override {
    findings.push_back(std::move(finding));
    return findings.size() < most_;
  }
  void trouble(const Error& error) override { troubles.push_back(error.text()); }

  /// "path:line:column" of each, without what the paths begin with.
  [[nodiscard]] std::vector<std::string> places(std::string_view without = {}) const {
    std::vector<std::string> all;
    for (const Finding& each : findings) {
      std::string path = each.path;
      if (path.starts_with(without)) path.erase(0, without.size());
      all.push_back(path + ":" + std::to_string(each.line) + ":" + std::to_string(each.column));
    }
    return all;
  }

  std::vector<Finding> findings;
  std::vector<std::string> troubles;

 private:
  std::size_t most_;
};

/// Reads a text in pieces of a size.
inline ReadSome pieces_of(std::string_view text, std::size_t size) {
  return [text, size](char* buffer, std::size_t room) mutable -> Result<std::size_t> {
    const std::size_t count = text.copy(buffer, std::min(room, size));
    text.remove_prefix(count);
    return count;
  };
}

using Places = std::vector<std::string>;

}  // namespace vtoken::scan::test
