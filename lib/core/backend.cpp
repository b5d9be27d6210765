#include "core/backend.hpp"

#include <chrono>
#include <thread>

namespace vtoken {
namespace {

// Passes on the body of an answer that says yes, and keeps any other.
class Parting final : public BodySink {
 public:
  explicit Parting(BodySink& sink) : sink_(sink) {}
  void headers(const std::vector<Header>& headers) override {
    answer_.headers = headers;
    sink_.headers(headers);
  }
  bool begin(int status) override {
    answer_.status = status;
    return !is_success(status) || sink_.begin(status);
  }
  bool piece(std::string_view bytes) override {
    if (is_success(answer_.status)) return sink_.piece(bytes);
    answer_.body.append(bytes);
    return true;
  }
  [[nodiscard]] Response answer() && { return std::move(answer_); }

 private:
  BodySink& sink_;
  Response answer_;
};

Result<Response> stream_offer(Backend& backend, const Offer& offer) {
  Parting parting(*offer.body);
  auto done = backend.stream(offer.request, parting);
  if (!done) return tl::unexpected(std::move(done.error()));
  return std::move(parting).answer();
}

}  // namespace

Result<void> Backend::stream(const Request& request, BodySink& sink) {
  auto response = handle(request);
  if (!response) return tl::unexpected(response.error());
  sink.headers(response->headers);
  if (sink.begin(response->status) && !response->body.empty()) sink.piece(response->body.view());
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
    auto answer = offer.body == nullptr ? handle(offer.request) : stream_offer(*this, offer);
    if (!sink(index++, std::move(answer))) return {};
  }
}

void pour(Response& response, BodySink& sink) {
  if (!is_success(response.status)) return;
  sink.headers(response.headers);
  if (sink.begin(response.status) && !response.body.empty()) sink.piece(response.body.view());
  response.body = {};
}

void pause_for_source() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

}  // namespace vtoken
