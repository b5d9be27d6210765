// Real answers with something wrong in them, printed in every way: an error or a text, never a crash.
#include <doctest/doctest.h>

#include <fstream>
#include <random>
#include <vector>

#include "cmd_output_fixture.hpp"

namespace vtoken::cmd {
namespace {

using Random = std::mt19937;

std::vector<std::string> recorded_bodies() {
  std::vector<std::string> bodies;
  std::ifstream file(std::string(VTOKEN_SOURCE_DIR) + "/tests/golden/vault-1.14.2.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto record = parse_json(line);
    REQUIRE(record);
    for (const Json& exchange : record->at("exchanges")) {
      bodies.emplace_back(text_member(exchange.at("response"), "body"));
    }
  }
  return bodies;
}

Json odd_value(Random& random) {
  switch (random() % 14) {
    case 0: return Json();
    case 1: return Json(true);
    case 2: return Json(std::numeric_limits<std::int64_t>::min());
    case 3: return Json(std::numeric_limits<std::uint64_t>::max());
    case 4: return Json(1e300);
    case 5: return Json("");
    case 6: return Json("\n\x01\x7f\xc2\x85\xe2\x80\xa8<&> \"'\\");
    case 7: return Json(SecretString(500, 'x'));
    case 8: return Json::array();
    case 9: return Json::object();
    case 10: return Json({nullptr, 1, "a", Json::object()});
    case 11: return Json({{"", nullptr}, {"ttl", -1}, {"2", "<<"}});
    case 12: return Json("2026-11-22T03:20:56.123456789123456789+99:99");
    default: return Json(static_cast<std::int64_t>(random()) - 5);
  }
}

// Puts an odd value in the place of one that is somewhere inside.
void spoil(Json& value, Random& random) {
  if (!value.is_structured() || value.empty() || random() % 6 == 0) {
    value = odd_value(random);
    return;
  }
  auto place = value.begin();
  std::advance(place, static_cast<std::ptrdiff_t>(random() % value.size()));
  spoil(*place, random);
}

void cut_bytes(std::string& text, Random& random) {
  const std::size_t at = text.empty() ? 0 : random() % text.size();
  if (random() % 2 == 0) text.resize(at);
  if (at < text.size()) text[at] = static_cast<char>(random() % 256);
}

void print_all(const Answer& answer) {
  for (const Format format : {Format::table, Format::json, Format::yaml, Format::ndjson, Format::pretty, Format::raw}) {
    Printer printer(format);
    const int status = printer.output.answer(answer);
    CHECK((status == 0 || !printer.said().empty()));
    if (answer.data != nullptr) static_cast<void>(printer.output.data(*answer.data));
    for (const char* name :
         {"token", "policies", "identity_policies", "wrapping_token_creation_time", "data", "ttl", "meta"}) {
      static_cast<void>(printer.output.field(answer, name));
    }
  }
}

TEST_CASE("answers with something wrong are printed or refused") {
  Random random(20'261'122);
  int read = 0;
  int refused = 0;
  for (const std::string& body : recorded_bodies()) {
    for (int i = 0; i < 12; ++i) {
      auto value = parse_json(body);
      std::string text = body;
      if (value && i > 1) {
        for (unsigned times = 1 + random() % 2; times > 0; --times) spoil(*value, random);
        text = std::string(dump_json(*value).view());
      } else {
        cut_bytes(text, random);
      }
      const Response response{random() % 8 == 0 ? 404 : 200, SecretString(text), {}};
      static_cast<void>(read_server_errors(response));
      const auto answer = read_answer(response);
      (answer ? read : refused) += 1;
      if (answer) print_all(*answer);
    }
  }
  CHECK(read > 500);
  CHECK(refused > 500);
}

}  // namespace
}  // namespace vtoken::cmd
