// Memory that is wiped before it is given back, for tokens, keys and JSON that holds them.
//
// Threads: values are independent; the usual rules of the standard library hold.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vtoken {

/// Overwrites `size` bytes at `data` with zeros; the compiler cannot drop it. `data` may be null when `size` is 0.
void wipe(void* data, std::size_t size) noexcept;

/// Compares without telling by its time where two strings of the same length differ.
/// Strings of different lengths are unequal at once: only the length shows.
[[nodiscard]] bool equal_secrets(std::string_view a, std::string_view b) noexcept;

/// An allocator that wipes what it frees. Containers that grow leave no copy behind.
template <class T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() noexcept = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>& /*other*/) noexcept {}

  T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
  void deallocate(T* data, std::size_t count) noexcept {
    wipe(data, count * sizeof(T));
    std::allocator<T>{}.deallocate(data, count);
  }
  friend bool operator==(const WipingAllocator& /*a*/, const WipingAllocator& /*b*/) noexcept { return true; }
};

/// A string for secrets: heap memory and the short-string buffer are both wiped.
class SecretString : public std::basic_string<char, std::char_traits<char>, WipingAllocator<char>> {
  using Base = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

 public:
  using Base::Base;
  SecretString() = default;
  SecretString(const Base& text) : Base(text) {}
  SecretString(Base&& text) noexcept : Base(std::move(text)) {}
  SecretString(const std::string& text) : Base(text.data(), text.size()) {}
  SecretString(const SecretString&) = default;
  SecretString(SecretString&&) noexcept = default;
  SecretString& operator=(const SecretString&) = default;
  SecretString& operator=(SecretString&&) noexcept = default;
  ~SecretString() { wipe(data(), capacity()); }

  [[nodiscard]] std::string_view view() const noexcept { return {data(), size()}; }
};

/// Bytes of keys and of decrypted data.
using SecretBytes = std::vector<unsigned char, WipingAllocator<unsigned char>>;

/// Reads bytes as text, and text as bytes, without a copy.
[[nodiscard]] inline std::string_view as_text(const SecretBytes& bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace vtoken

template <>
struct std::hash<vtoken::SecretString> {
  std::size_t operator()(const vtoken::SecretString& text) const noexcept {
    return std::hash<std::string_view>{}(text.view());
  }
};
