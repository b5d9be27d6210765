// What a server sends, from its first byte: head lines, then the body, as an answer, as a server's errors and as a list
// in pieces. The input: one byte that chooses the pieces, then the answer as it comes over the wire.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/answer.hpp"
#include "core/key_stream.hpp"
#include "core/retry_after.hpp"
#include "fuzz.hpp"
#include "remote/head.hpp"
#include "remote/redirect.hpp"

namespace {

using namespace vtoken;

// Gives the lines to the reader as libcurl does; returns where the body begins.
std::size_t read_head(std::string_view text, remote::HeadReader& reader) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t newline = text.find('\n', at);
    const std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
    const std::string_view line = text.substr(at, end - at);
    if (!reader.line(line)) return text.size();
    at = end;
    if (line == "\r\n" || line == "\n") break;
  }
  return at;
}

struct Keys {
  std::vector<std::string> keys;
  Result<Response> rest = Response{};
};

Keys stream(int status, std::string_view body, std::size_t piece) {
  Keys out;
  const std::function<bool(std::string_view)> take = [&out](std::string_view key) {
    out.keys.emplace_back(key);
    return true;
  };
  KeyStream stream(take);
  if (stream.begin(status)) {
    for (std::size_t at = 0; at < body.size() && stream.piece(body.substr(at, piece)); at += piece) continue;
  }
  out.rest = stream.rest();
  return out;
}

// A redirect stays with a host that was named, and never leaves https.
void check_redirect(std::string_view location) {
  const auto server = remote::parse_address("https://vault.example:8200");
  const auto other = remote::parse_address("http://10.0.0.1:8200");
  for (const auto& from : {*server, *other}) {
    const auto place = remote::follow({from, "/v1/x"}, location, {*server, *other});
    if (!place) {
      fuzz::require(!place.error().message.empty());
      continue;
    }
    fuzz::require(place->address.host == server->host || place->address.host == other->host);
    fuzz::require(from.scheme != "https" || place->address.scheme == "https");
    fuzz::require(place->target.starts_with('/'));
    fuzz::require(place->url().find('\n') == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  remote::HeadReader reader;
  const std::string_view body = text.substr(read_head(text, reader));
  const remote::Head& head = reader.head();
  const auto wait = retry_after(head.headers, 0);
  fuzz::require(!wait || (*wait >= 0 && *wait <= 60 * kSecond));
  check_redirect(head.header("location"));

  const Response response{head.status, SecretString(body), head.headers};
  const auto answer = read_answer(response);
  if (!answer) fuzz::require(!answer.error().message.empty());
  static_cast<void>(read_server_errors(response));

  // Where the pieces end changes nothing.
  const Keys whole = stream(head.status, body, body.size() + 1);
  const Keys pieces = stream(head.status, body, data[0] % 16 + 1U);
  fuzz::require(whole.keys == pieces.keys);
  fuzz::require(whole.rest.has_value() == pieces.rest.has_value());
  if (whole.rest) {
    fuzz::require(whole.rest->body == pieces.rest->body);
    static_cast<void>(read_answer(*whole.rest));
  }
  return 0;
}
