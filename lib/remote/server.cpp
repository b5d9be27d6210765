#include "remote/server.hpp"

#include <fmt/format.h>

#include <utility>

#include "remote/answer_of.hpp"
#include "remote/collect.hpp"

namespace vtoken::remote {

Server::Server(Plan plan) : plan_(std::move(plan)), handle_(nullptr, {&plan_.api}) {}

Result<Head> Server::perform(const Request& request, BodySink& sink) {
  if (handle_ == nullptr) handle_.reset(plan_.api.easy_init());
  if (handle_ == nullptr) return fail(ErrorKind::io, "libcurl cannot start a request: out of memory");
  Errand errand(plan_, handle_.get(), request, sink, reached_);
  for (errand.begin(); !errand.outcome();) errand.settle(plan_.api.easy_perform(handle_.get()));
  reached_ = errand.address();
  return std::move(*errand.outcome());
}

Result<Response> Server::handle(const Request& request) {
  Collect body(plan_.settings.body_limit);
  auto head = perform(request, body);
  return answer_of(std::move(head), body, plan_);
}

Result<void> Server::stream(const Request& request, BodySink& sink) {
  auto head = perform(request, sink);
  if (!head) return tl::unexpected(std::move(head.error()));
  return {};
}

std::string Server::address() const { return plan_.addresses[reached_].text; }

}  // namespace vtoken::remote
