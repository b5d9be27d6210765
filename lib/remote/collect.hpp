// A body that is held in memory, up to a limit; that of an answer that says yes may go elsewhere.
#pragma once

#include <cstddef>

#include "base/secret.hpp"
#include "core/backend.hpp"

namespace vtoken::remote {

class Collect final : public BodySink {
 public:
  /// `elsewhere` is borrowed; null for none.
  explicit Collect(std::size_t limit, BodySink* elsewhere = nullptr) : limit_(limit), elsewhere_(elsewhere) {}

  void headers(const std::vector<Header>& headers) override {
    if (elsewhere_ != nullptr) elsewhere_->headers(headers);
  }
  bool begin(int status) override {
    if (!is_success(status)) elsewhere_ = nullptr;
    return elsewhere_ == nullptr || elsewhere_->begin(status);
  }
  bool piece(std::string_view bytes) override {
    if (elsewhere_ != nullptr) return elsewhere_->piece(bytes);
    overflow_ = bytes.size() > limit_ - body_.size();
    if (!overflow_) body_.append(bytes);
    return !overflow_;
  }

  [[nodiscard]] bool overflow() const noexcept { return overflow_; }
  [[nodiscard]] SecretString take() noexcept { return std::move(body_); }

 private:
  std::size_t limit_;
  BodySink* elsewhere_;
  SecretString body_;
  bool overflow_ = false;
};

}  // namespace vtoken::remote
