#include "cmd/noting_backend.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kIndex = "X-Vault-Index";

void note(const std::vector<Header>& headers, std::ostream& err) {
  for (const Header& header : headers) {
    const bool fit = std::all_of(header.value.begin(), header.value.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    if (same_name(header.name, kIndex) && fit) err << kIndex << ": " << header.value << '\n';
  }
}

class NotingSink final : public BodySink {
 public:
  NotingSink(BodySink& sink, std::ostream& err) : sink_(sink), err_(err) {}

  void headers(const std::vector<Header>& headers) override {
    note(headers, err_);
    sink_.headers(headers);
  }
  bool begin(int status) override { return sink_.begin(status); }
  bool piece(std::string_view bytes) override { return sink_.piece(bytes); }

 private:
  BodySink& sink_;
  std::ostream& err_;
};

class NotingBackend final : public Backend {
 public:
  NotingBackend(std::unique_ptr<Backend> inner, std::ostream& err) : inner_(std::move(inner)), err_(err) {}

  Result<Response> handle(const Request& request) override {
    auto answer = inner_->handle(request);
    if (answer) note(answer->headers, err_);
    return answer;
  }

  Result<void> stream(const Request& request, BodySink& sink) override {
    NotingSink noting(sink, err_);
    return inner_->stream(request, noting);
  }

  Result<void> submit(const RequestSource& source, const AnswerSink& sink) override {
    return inner_->submit(source, [&](std::size_t index, Result<Response> answer) {
      if (answer) note(answer->headers, err_);
      return sink(index, std::move(answer));
    });
  }

  [[nodiscard]] std::string address() const override { return inner_->address(); }

 private:
  std::unique_ptr<Backend> inner_;
  std::ostream& err_;
};

}  // namespace

std::unique_ptr<Backend> noting_backend(std::unique_ptr<Backend> inner, std::ostream& err) {
  return std::make_unique<NotingBackend>(std::move(inner), err);
}

}  // namespace vtoken::cmd
