// A server's answer, printed in every form. The input: one byte that chooses the status, then the body.
#include <array>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string_view>

#include "cmd/output.hpp"
#include "core/json.hpp"
#include "fuzz.hpp"

namespace {

using namespace vtoken;
using cmd::Format;

constexpr std::array kFormats = {Format::table, Format::json,   Format::yaml, Format::ndjson,
                                 Format::env,   Format::pretty, Format::raw};

void print(const Answer& answer, Format format, bool detailed) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cmd::Streams streams{in, out, err};
  cmd::Output output(streams, {.format = format, .detailed = detailed, .address = "https://a:1"});
  const int status = output.answer(answer);
  fuzz::require(status == 0 || !err.str().empty());
  // What was printed as JSON can be read again.
  if (status == 0 && format == Format::json && answer.has_body) fuzz::require(parse_json(out.str()).has_value());
  static_cast<void>(output.list(answer));
  if (answer.data != nullptr) static_cast<void>(output.data(*answer.data));
  for (const char* name : {"token", "policies", "wrapping_token_creation_time", "data", "ttl", "meta"}) {
    static_cast<void>(output.field(answer, name));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Response response{data[0] % 4 == 3 ? 404 : 200, SecretString(body), {}};
  if (const auto answer = read_answer(response)) {
    for (const Format format : kFormats) print(*answer, format, data[0] % 2 == 1);
  }
  ApiFailure failure{Error{ErrorKind::server, "status"}};
  const ServerErrors errors = read_server_errors(response);
  failure.status = 500;
  failure.texts = errors.texts;
  failure.raw = errors.raw;
  fuzz::require(!cmd::failure_text(failure, "https://a:1").empty());
  return 0;
}
