// JSON Web Tokens, by their form.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "token/base64url.hpp"
#include "token/decode.hpp"

using namespace vtoken;

namespace {

std::string encoded(std::string_view bytes) {
  SecretString out;
  append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, out);
  return std::string(out.view());
}

const std::string kHeader = encoded(R"({"alg":"ES512","typ":"JWT"})");
const std::string kClaims = encoded(R"({"jti":"hvs.ABCDEFGHIJKLMNOPQRSTUVWX","type":"wrapping"})");
const std::string kSignature = encoded(std::string(132, 's'));

std::string problem(const std::string& text) {
  const DecodedToken token = decode_token(text);
  if (token.format != TokenFormat::jwt) return "another format: " + std::string(name_of(token.format));
  CHECK(token.jwt.has_value() == !token.fault.has_value());
  return token.fault ? token.fault->text() : "none";
}

}  // namespace

TEST_CASE("the parts of a JWT come back") {
  const DecodedToken token = decode_token(kHeader + "." + kClaims + "." + kSignature);
  CHECK(token.format == TokenFormat::jwt);
  CHECK(token.type == TokenType::unknown);
  CHECK(token.prefix.empty());
  CHECK_FALSE(token.fault.has_value());
  CHECK_FALSE(token.namespace_id.has_value());
  REQUIRE(token.jwt.has_value());
  CHECK(as_text(token.jwt->header) == R"({"alg":"ES512","typ":"JWT"})");
  CHECK(as_text(token.jwt->claims) == R"({"jti":"hvs.ABCDEFGHIJKLMNOPQRSTUVWX","type":"wrapping"})");
  CHECK(token.jwt->signature.size() == 132);
}

TEST_CASE("what is wrong with a JWT has its place") {
  const std::string start = kHeader + ".";
  const std::string size = std::to_string(start.size());
  CHECK(problem(start) == "character " + size + ": cut short in the set of claims");
  CHECK(problem(start + kClaims) ==
        "character " + std::to_string((start + kClaims).size()) + ": cut short in the set of claims");
  CHECK(problem(start + kClaims.substr(0, 21)) ==
        "character " + std::to_string(start.size() + 21) + ": cut short in the set of claims");
  CHECK(problem(start + kClaims + ".") ==
        "character " + std::to_string((start + kClaims).size() + 1) + ": the signature is missing");
  CHECK(problem(start + "." + kSignature) == "character " + size + ": the set of claims is missing");
  CHECK(problem(start + encoded("[1]") + "." + kSignature) ==
        "character " + size + ": the set of claims is no JSON object");
  CHECK(problem(start + "e$J." + kSignature) ==
        "character " + std::to_string(start.size() + 1) + ": not a base64url character");
  CHECK(problem(start + kClaims + "." + kSignature + ".more") ==
        "character " + std::to_string((start + kClaims + kSignature).size() + 1) + ": a fourth part");
}

TEST_CASE("what only begins alike is none") {
  CHECK(problem(kHeader) == "another format: unknown");
  CHECK(problem("eyJ.q1W2e") == "another format: unknown");
  CHECK(problem(encoded(R"({"alg":"E)") + "." + kClaims + "." + kSignature) == "another format: unknown");
  CHECK(problem("eyJ$." + kClaims + "." + kSignature) == "another format: unknown");
  CHECK(problem("hvs." + kClaims + "." + kSignature).starts_with("another format: "));
  CHECK(problem(encoded("[1]") + "." + kClaims + "." + kSignature) == "another format: unknown");
}

TEST_CASE("a change of one character never ends a JWT's reading badly, and no fault repeats it") {
  const std::string text = kHeader + "." + kClaims + "." + kSignature;
  CHECK(rc::check([&text] {
    std::string changed = text.substr(0, *rc::gen::inRange<std::size_t>(1, text.size() + 1));
    changed[*rc::gen::inRange<std::size_t>(0, changed.size())] = *rc::gen::arbitrary<char>();
    const DecodedToken token = decode_token(changed);
    if (token.fault) RC_ASSERT(token.fault->text().size() < 80U);
    if (token.fault) RC_ASSERT(token.fault->at <= changed.size());
  }));
}
