// A back end for a program that asks now and then, for hours: it is opened for each request and closed after it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/backend.hpp"

namespace vtoken::cmd {

/// A store that is replaced meanwhile, as by a restore, is then the one that is asked, and in between nothing is kept
/// open. What opening fails with is the request's failure. Not safe for use from several threads, as any back end.
class ReopeningBackend final : public Backend {
 public:
  using Open = std::function<Result<std::unique_ptr<Backend>>()>;

  ReopeningBackend(Open open, std::string address) : open_(std::move(open)), address_(std::move(address)) {}

  [[nodiscard]] Result<Response> handle(const Request& request) override {
    auto backend = open_();
    if (!backend) return tl::unexpected(backend.error());
    return (*backend)->handle(request);
  }
  [[nodiscard]] std::string address() const override { return address_; }

 private:
  Open open_;
  std::string address_;
};

}  // namespace vtoken::cmd
