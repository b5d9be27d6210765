#include "remote/errand.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/url.hpp"

namespace vtoken::remote {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

}  // namespace

Errand::Errand(const Plan& plan, CURL* handle, const Request& request, BodySink& sink, std::size_t first)
    : plan_(plan),
      handle_(handle),
      request_(request),
      exchange_(plan, handle, request, sink),
      first_(first),
      address_(first) {
  const milliseconds own = std::chrono::seconds(request.timeout);
  const milliseconds allowed = own.count() > 0 ? own : plan.settings.timeout;
  if (allowed.count() > 0) deadline_ = steady_clock::now() + allowed;
}

void Errand::begin() {
  redirected_ = false;
  const Address& address = plan_.addresses[address_];
  const std::string_view prefix = address.scheme == "unix" ? std::string_view() : address.path;
  go(Place{address, request_target(request_, prefix)}, plan_.settings.follow_redirects);
}

void Errand::go(Place place, bool may_follow) {
  place_ = std::move(place);
  milliseconds left{0};
  if (deadline_) {
    left = std::chrono::duration_cast<milliseconds>(*deadline_ - steady_clock::now());
    if (left.count() <= 0) return failed(Error{ErrorKind::unreachable, "context deadline exceeded", {}, {}});
  }
  if (auto prepared = exchange_.prepare(place_, left, may_follow); !prepared) failed(prepared.error());
}

void Errand::failed(Error error) {
  error.context = fmt::format("{} \"{}\"", operation_name(request_.method), place_.url());
  outcome_.emplace(tl::unexpected(std::move(error)));
}

void Errand::settle(CURLcode code) {
  auto head = exchange_.end(code);
  if (!head) {
    const bool next = head.error().kind == ErrorKind::unreachable && (address_ + 1) % plan_.addresses.size() != first_;
    if (!next) return failed(std::move(head.error()));
    address_ = (address_ + 1) % plan_.addresses.size();
    return begin();
  }
  if (redirected_ && is_redirect(head->status)) {
    return failed({ErrorKind::server, "the server redirects again: one redirect is followed, no more", {}, {}});
  }
  if (redirected_ || !plan_.settings.follow_redirects || !is_redirect(head->status)) {
    outcome_.emplace(std::move(*head));
    return;
  }
  auto place = follow(place_, head->header("Location"), plan_.addresses);
  if (!place) return failed(std::move(place.error()));
  redirected_ = true;
  go(std::move(*place), false);
}

}  // namespace vtoken::remote
