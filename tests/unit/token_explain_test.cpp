// Every byte of a token has a name, also of a damaged one.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "token/base64url.hpp"
#include "token/explain.hpp"
#include "token/mint.hpp"

using namespace vtoken;

namespace {

constexpr std::string_view kId = "ABCDEFGHIJKLMNOPQRSTUVWX";

MintSettings settings_of(TokenFormat format) {
  MintSettings settings;
  settings.format = format;
  settings.random = format == TokenFormat::uuid ? std::string_view() : kId;
  settings.local_index = 300;
  settings.index_epoch = 2;
  settings.entry.policies = {"ci"};
  return settings;
}

std::string minted(const MintSettings& settings) { return std::string(mint_token(settings, Key{}).value().view()); }

std::vector<std::string> one_of_each() {
  std::vector<std::string> tokens;
  for (const TokenFormat format : {TokenFormat::ssc, TokenFormat::inner, TokenFormat::legacy, TokenFormat::batch,
                                   TokenFormat::recovery, TokenFormat::accessor, TokenFormat::uuid, TokenFormat::jwt}) {
    MintSettings settings = settings_of(format);
    tokens.push_back(minted(settings));
    settings.namespace_id = "q1W2e";
    tokens.push_back(minted(settings));
  }
  tokens.emplace_back("my-own-id");
  tokens.emplace_back("my-own-id.q1W2e");
  return tokens;
}

std::string line_of(const TokenPart& part) {
  return std::to_string(part.at) + "+" + std::to_string(part.size) + " " + std::string(2UL * part.depth, ' ') +
         part.name + ": " + part.meaning + (part.secret ? " *" : "") + (part.damaged ? " !" : "");
}

using Lines = std::vector<std::string>;

Lines lines_of(const TokenLayer& layer) {
  Lines lines;
  for (const TokenPart& part : layer.parts) lines.push_back(line_of(part));
  return lines;
}

void check_lines(const Lines& lines, const Lines& wanted) {
  REQUIRE(lines.size() == wanted.size());
  for (std::size_t i = 0; i < lines.size(); ++i) CHECK(lines[i] == wanted[i]);
}

bool covers(const TokenLayer& layer) {
  std::size_t at = 0;
  for (const TokenPart& part : layer.parts) {
    if (part.at != at || part.size == 0 || part.name.empty()) return false;
    at += part.size;
  }
  return at == layer.bytes.size();
}

bool is_damaged(const TokenLayer& layer) {
  return std::any_of(layer.parts.begin(), layer.parts.end(), [](const TokenPart& part) { return part.damaged; });
}

// Whether the damage begins in the part that holds the byte.
bool begins_at(const TokenLayer& layer, std::size_t at) {
  const auto first =
      std::find_if(layer.parts.begin(), layer.parts.end(), [](const TokenPart& part) { return part.damaged; });
  if (at >= layer.bytes.size()) return first == layer.parts.end();  // something is missing at the end
  return first != layer.parts.end() && first->at <= at && at < first->at + first->size;
}

// Whether damage stands where the decoder says, and nowhere when it says nothing.
bool agrees(const std::vector<TokenLayer>& layers, const DecodedToken& token) {
  if (!token.fault) return std::none_of(layers.begin(), layers.end(), is_damaged);
  const bool in_text = token.fault->unit == TokenFault::Unit::character;
  if (!in_text && layers.size() < 2) return false;
  return begins_at(layers[in_text ? 0 : 1], token.fault->at);
}

}  // namespace

TEST_CASE("an SSC token, byte by byte") {
  MintSettings settings = settings_of(TokenFormat::ssc);
  settings.namespace_id = "q1W2e";
  const auto layers = explain_token(minted(settings));
  REQUIRE(layers.size() == 2);
  CHECK(layers[0].name == "text");
  check_lines(lines_of(layers[0]), Lines{"0+4 prefix: a service token", "4+106 base64url: 106 characters *"});
  CHECK(layers[1].name == "SignedToken (protobuf)");
  CHECK(lines_of(layers[1]) ==
        std::vector<std::string>{
            "0+1 field 1 (version), tag: a number follows", "1+1 field 1 (version): 1",
            "2+1 field 2 (hmac), tag: a length and bytes follow", "3+1 field 2 (hmac), length: 32 bytes",
            "4+32 field 2 (hmac): 32 bytes: HMAC-SHA-256 over field 3 *",
            "36+1 field 3 (token), tag: a length and bytes follow", "37+1 field 3 (token), length: 41 bytes",
            "38+1   field 1 (random), tag: a length and bytes follow", "39+1   field 1 (random), length: 34 bytes",
            "40+34   field 1 (random): 34 bytes: the inner id; works as the token by itself *",
            "74+1   field 2 (local_index), tag: a number follows",
            "75+2   field 2 (local_index): 300: the WAL index that a node must have reached",
            "77+1   field 3 (index_epoch), tag: a number follows",
            "78+1   field 3 (index_epoch): 2: rises when a cluster's history is replaced"});
}

TEST_CASE("a batch token, byte by byte") {
  MintSettings settings = settings_of(TokenFormat::batch);
  settings.namespace_id = "q1W2eR";
  settings.legacy_prefix = true;
  settings.cipher_version = 1;
  settings.key_term = 258;
  const auto layers = explain_token(minted(settings));
  REQUIRE(layers.size() == 2);
  check_lines(lines_of(layers[0]), Lines{"0+2 prefix: a batch token of Vault before 1.10, or of OpenBao",
                                         "2+54 base64url: 54 characters *", "56+7 namespace: its id: q1W2eR"});
  CHECK(layers[1].name == "envelope");
  check_lines(lines_of(layers[1]),
              Lines{"0+4 key term: 258, big endian",
                    "4+1 cipher version: 1: AES-256-GCM, nothing but the plaintext authenticated",
                    "5+12 nonce: 12 bytes", "17+7 ciphertext: 7 bytes: TokenEntry (protobuf), sealed *",
                    "24+16 tag: 16 bytes: authenticates all of it *"});
}

TEST_CASE("a cut token says how much of which field is there") {
  const std::string token = minted(settings_of(TokenFormat::ssc));
  const auto layers = explain_token(token.substr(0, 4 + 68));
  REQUIRE(layers.size() == 2);
  CHECK_FALSE(is_damaged(layers[0]));
  const Lines lines = lines_of(layers[1]);
  REQUIRE(lines.size() == 10);
  CHECK(lines[4] == "4+32 field 2 (hmac): 32 bytes: HMAC-SHA-256 over field 3 *");
  CHECK(lines[5] == "36+1 field 3 (token), tag: a length and bytes follow !");
  CHECK(lines[9] == "40+11   field 1 (random): 11 of 28 bytes * !");
  const std::string batch = minted(settings_of(TokenFormat::batch));
  CHECK(lines_of(explain_token(batch.substr(0, 4 + 12))[1]).back() == "5+4 nonce: 4 of 12 bytes !");
  CHECK(lines_of(explain_token(batch.substr(0, 4 + 24))[1]).back() == "17+1 tag: 1 of 16 bytes * !");
}

TEST_CASE("a number that no envelope has damages it from there on") {
  const auto damaged = [](std::string_view bytes) {
    SecretString text("hvb.");
    const std::string whole = std::string(bytes) + std::string(28, 'x');
    append_base64url({reinterpret_cast<const unsigned char*>(whole.data()), whole.size()}, text);
    const auto layers = explain_token(text.view());
    std::string marks;
    for (const TokenPart& part : layers.at(1).parts) marks += part.damaged ? '!' : '.';
    return marks;
  };
  CHECK(damaged(std::string("\0\0\0\1\2", 5)) == "....");
  CHECK(damaged(std::string("\0\0\0\1\3", 5)) == ".!!!");
  CHECK(damaged(std::string("\0\0\0\0\2", 5)) == "!!!!");
}

TEST_CASE("a wrong character cuts the text in two") {
  std::string token = minted(settings_of(TokenFormat::ssc));
  token[30] = '$';
  const auto layers = explain_token(token);
  CHECK(lines_of(layers[0]) ==
        std::vector<std::string>{
            "0+4 prefix: a service token", "4+26 base64url: 26 characters *",
            "30+" + std::to_string(token.size() - 30) + " base64url: not a base64url character * !"});
}

TEST_CASE("a JWT has its header and its claims as layers") {
  const auto layers = explain_token(minted(settings_of(TokenFormat::jwt)));
  REQUIRE(layers.size() == 3);
  CHECK(lines_of(layers[0]).size() == 5);
  CHECK(layers[1].name == "header (JSON)");
  CHECK(as_text(layers[1].bytes) == R"({"alg":"HS256","typ":"JWT"})");
  CHECK_FALSE(layers[1].parts[0].secret);
  CHECK(layers[2].name == "claims (JSON)");
  CHECK(layers[2].parts[0].secret);
}

TEST_CASE("every byte has one name, and damage stands where the decoder says: whole tokens, cut ones, changed ones") {
  CHECK(explain_token("").empty());
  CHECK(explain_token(" \n").empty());
  for (const std::string& token : one_of_each()) {
    for (std::size_t length = 1; length <= token.size(); ++length) {
      const std::string text = token.substr(0, length);
      CAPTURE(text);
      const auto layers = explain_token(text);
      REQUIRE_FALSE(layers.empty());
      CHECK(std::all_of(layers.begin(), layers.end(), covers));
      CHECK(agrees(layers, decode_token(text)));
    }
  }
  CHECK(rc::check([] {
    std::string text = *rc::gen::elementOf(one_of_each());
    const auto changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      text[*rc::gen::inRange<std::size_t>(0, text.size())] =
          *rc::gen::oneOf(rc::gen::elementOf(std::string("ABCDEFGHIJabcdefghij0189-_.$ ")), rc::gen::arbitrary<char>());
    }
    const auto layers = explain_token(text);
    RC_ASSERT(std::all_of(layers.begin(), layers.end(), covers));
    if (!layers.empty()) RC_ASSERT(agrees(layers, decode_token(text)));
  }));
}

TEST_CASE("any protobuf inside an SSC token, or none, is named to its last byte") {
  CHECK(rc::check([](const std::string& noise) {
    SecretString text("hvs.CAES");
    const std::string bytes = "I" + noise;
    append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, text);
    const auto layers = explain_token(text.view());
    RC_ASSERT(std::all_of(layers.begin(), layers.end(), covers));
    RC_ASSERT(agrees(layers, decode_token(text.view())));
  }));
}

TEST_CASE("an id is in no part that is not secret, and in no text") {
  for (const std::string& token : one_of_each()) {
    for (const std::size_t cut : {0UL, 1UL, 7UL}) {
      const std::string text = token.substr(0, token.size() - cut);
      CAPTURE(text);
      for (const TokenLayer& layer : explain_token(text)) {
        std::string shown;
        for (const TokenPart& part : layer.parts) {
          shown += part.secret ? "*" : std::string(as_text(layer.bytes).substr(part.at, part.size));
          shown += part.name + part.meaning;
        }
        CHECK(shown.find("ABCDEFGH") == std::string::npos);
        CHECK(shown.find("own-id") == std::string::npos);
        CHECK(shown.find("QUJDREVGR0") == std::string::npos);
      }
    }
  }
}

TEST_CASE("the plaintext of a batch token, field by field") {
  const std::string plain =
      "\x1a\x04hvs.\x22\x02"
      "ci\x32\x06\x0a\x01k\x12\x01v\x48\x80\xe2\xcf\xaa\x06\x50\x80\xc0\xe2\x85\xe3\x68\x7a\x03\x1b["
      "m\x90\x01\x02\x98\x06\x07\xf2\x01\x03xyz";
  const TokenLayer layer = explain_entry(plain);
  CHECK(layer.name == "TokenEntry (protobuf)");
  CHECK(covers(layer));
  Lines values;
  for (const std::string& line : lines_of(layer)) {
    if (line.find(", tag") == std::string::npos && line.find(", length") == std::string::npos) values.push_back(line);
  }
  check_lines(values, Lines{"2+4 field 3 (parent): 4 bytes: the parent's id; works as a token *",
                            "8+2 field 4 (policies): ci", "14+1   field 1 (key): k", "17+1   field 2 (value): v",
                            "19+5 field 9 (creation_time): 1700000000 (2023-11-14T22:13:20Z)",
                            "25+6 field 10 (ttl): 1h", "33+3 field 15 (bound_cidrs): \\x1b[m",
                            "38+1 field 18 (type): 2: 2 is batch", "41+1 field 99: 7", "45+3 field 30: 3 bytes *"});
}

TEST_CASE("the comparison has the document's twelve lines") {
  const auto& all = abilities();
  REQUIRE(all.size() == 12);
  CHECK(all[0].what == "Can be root tokens");
  CHECK(all[7].batch == "Stops Working");
  CHECK(all[8].service == "Self");
  CHECK(all[11].what == "Cost");
  CHECK(std::count_if(all.begin(), all.end(), [](const Ability& one) { return one.service == "Yes"; }) == 8);
  CHECK(std::count_if(all.begin(), all.end(), [](const Ability& one) { return one.batch == "Yes"; }) == 2);
}
