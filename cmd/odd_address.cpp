#include "cmd/odd_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "cmd/args.hpp"
#include "core/url.hpp"

namespace vtoken::cmd {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_scheme_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; }

// What is before the first colon, when that can be a scheme.
std::string scheme_of(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_scheme_character);
  if (text.empty() || !is_letter(text.front()) || end == text.end() || *end != ':') return {};
  return lower(std::string_view(text.begin(), end));
}

OddAddress unparsed(std::string_view text, std::string_view why) {
  return {true, fmt::format("failed to create client: parse {}: {}", go_quoted(text), why), {}};
}

class OddBackend final : public Backend {
 public:
  explicit OddBackend(OddAddress odd) : odd_(std::move(odd)) {}

  Result<Response> handle(const Request& request) override {
    return fail(ErrorKind::server, odd_.problem,
                fmt::format("{} \"{}{}\"", operation_name(request.method), odd_.base, request_target(request)));
  }
  [[nodiscard]] std::string address() const override { return odd_.base; }

 private:
  OddAddress odd_;
};

}  // namespace

std::optional<OddAddress> odd_address(std::string_view address) {
  if (address.starts_with(':')) return unparsed(address, "missing protocol scheme");
  const std::string scheme = scheme_of(address);
  if (scheme.empty()) {
    const std::string_view first = address.substr(0, address.find('/'));
    if (first.find(':') != std::string_view::npos) {
      return unparsed(address, "first path segment in URL cannot contain colon");
    }
    const auto last = address.find_last_not_of('/');
    const std::string base(address.substr(0, last == std::string_view::npos ? 0 : last + 1));
    return OddAddress{false, "unsupported protocol scheme \"\"", base};
  }
  std::string_view rest = address.substr(scheme.size() + 1);
  std::string_view host;
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    host = rest.substr(0, rest.find_first_of("/?#"));
  }
  if (host.starts_with('[') && host.find(']') == std::string_view::npos) {
    return unparsed(address, "missing ']' in host");
  }
  const std::string base = fmt::format("{}://{}", scheme, host);
  if (scheme != "http" && scheme != "https") {
    return OddAddress{false, fmt::format("unsupported protocol scheme {}", go_quoted(scheme)), base};
  }
  if (host.empty()) return OddAddress{false, "http: no Host in request URL", base};
  return std::nullopt;
}

std::unique_ptr<Backend> odd_backend(OddAddress odd) { return std::make_unique<OddBackend>(std::move(odd)); }

}  // namespace vtoken::cmd
