// Many short strings in little memory: a million accessors take 26 MB.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace vtoken {

/// Strings that are only added, in one place. Not a place for secrets: it is not wiped.
class KeyList {
 public:
  /// Bytes of a key; what is longer is cut. No server lists any.
  static constexpr std::size_t kLongest = 65535;

  /// Copies `key`. Returns its place, for at().
  std::uint64_t add(std::string_view key);
  /// The key at a place that add() returned. Lives as long as the list.
  [[nodiscard]] std::string_view at(std::uint64_t place) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// Gives each key in the order of add(), until `take` returns false. The keys live as long as the list.
  void for_each(const std::function<bool(std::string_view key)>& take) const;

  /// The same in the order of the bytes. Needs 4 bytes a key while it runs.
  void for_each_sorted(const std::function<bool(std::string_view key)>& take) const;

 private:
  static constexpr std::size_t kBlock = 131072;
  using Block = std::array<char, kBlock>;

  std::vector<std::unique_ptr<Block>> blocks_;
  std::vector<std::uint32_t> filled_;  ///< bytes in use, a block
  std::size_t size_ = 0;
};

}  // namespace vtoken
