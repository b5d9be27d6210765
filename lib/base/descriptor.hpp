// Open files of the operating system.
#pragma once

#include <string_view>

namespace vtoken {

/// A file descriptor that is closed at the end.
class Descriptor {
 public:
  /// Owns `number`, which is negative when opening failed.
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

/// Writes all of `bytes` to an open file, however many calls it takes. False, with errno set, when it cannot.
[[nodiscard]] bool write_all(int file, std::string_view bytes) noexcept;

}  // namespace vtoken
