#include "core/backend.hpp"

namespace vtoken {

Result<void> Backend::stream(const Request& request, BodySink& sink) {
  auto response = handle(request);
  if (!response) return tl::unexpected(response.error());
  sink.headers(response->headers);
  if (!sink.begin(response->status)) return {};
  if (!response->body.empty()) sink.piece(response->body.view());
  return {};
}

Result<void> Backend::submit(const RequestSource& source, const AnswerSink& sink) {
  std::size_t index = 0;
  while (auto request = source()) {
    if (!sink(index++, handle(*request))) break;
  }
  return {};
}

}  // namespace vtoken
