// A body that is held in memory, up to a limit.
#pragma once

#include <cstddef>

#include "base/secret.hpp"
#include "core/backend.hpp"

namespace vtoken::remote {

class Collect final : public BodySink {
 public:
  explicit Collect(std::size_t limit) : limit_(limit) {}

  bool begin(int) override { return true; }
  bool piece(std::string_view bytes) override {
    overflow_ = bytes.size() > limit_ - body_.size();
    if (!overflow_) body_.append(bytes);
    return !overflow_;
  }

  [[nodiscard]] bool overflow() const noexcept { return overflow_; }
  [[nodiscard]] SecretString take() noexcept { return std::move(body_); }

 private:
  std::size_t limit_;
  SecretString body_;
  bool overflow_ = false;
};

}  // namespace vtoken::remote
