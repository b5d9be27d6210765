// The back end over HTTP.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/backend.hpp"
#include "remote/curl.hpp"
#include "remote/errand.hpp"
#include "remote/plan.hpp"
#include "remote/transfers.hpp"

namespace vtoken::remote {

/// Keeps connections from one call to the next, and begins with the address that was reached last.
class Server final : public Backend {
 public:
  explicit Server(Plan plan);

  [[nodiscard]] Result<Response> handle(const Request& request) override;
  [[nodiscard]] Result<void> stream(const Request& request, BodySink& sink) override;
  [[nodiscard]] Result<void> submit(const RequestSource& source, const AnswerSink& sink) override;
  [[nodiscard]] std::string address() const override;

 private:
  [[nodiscard]] Result<Head> perform(const Request& request, BodySink& sink);

  const Plan plan_;
  EasyHandle handle_;                     // of handle() and stream(); made when first needed
  std::unique_ptr<Transfers> transfers_;  // of submit(); made when first needed
  std::size_t reached_ = 0;
};

}  // namespace vtoken::remote
