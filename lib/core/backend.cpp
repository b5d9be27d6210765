#include "core/backend.hpp"

#include <chrono>
#include <thread>

namespace vtoken {

Result<void> Backend::stream(const Request& request, BodySink& sink) {
  auto response = handle(request);
  if (!response) return tl::unexpected(response.error());
  pour(*response, sink);
  return {};
}

Result<void> Backend::submit(const RequestSource& source, const AnswerSink& sink) {
  std::size_t index = 0;
  for (;;) {
    Offer offer = source();
    if (offer.kind == Offer::Kind::later) {
      pause_for_source();
      continue;
    }
    if (offer.kind != Offer::Kind::request) return {};
    auto answer = handle(offer.request);
    if (answer && offer.body != nullptr) pour(*answer, *offer.body);
    if (!sink(index++, std::move(answer))) return {};
  }
}

void pour(Response& response, BodySink& sink) {
  sink.headers(response.headers);
  if (sink.begin(response.status) && !response.body.empty()) sink.piece(response.body.view());
  response.body = {};
}

void pause_for_source() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

}  // namespace vtoken
