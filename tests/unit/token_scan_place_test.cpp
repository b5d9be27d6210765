// Where ids stand: boundaries, names, placeholders, and programs' own words.
#include <doctest/doctest.h>

#include <string>

#include "token_scan_fixture.hpp"

using namespace vtoken;
using namespace vtoken::scan_test;

namespace {

const std::string kInner = "hvs." + std::string(kId);
const std::string kLegacy = "s." + std::string(kId);

}  // namespace

TEST_CASE("an id may start behind anything that is no word, and behind escapes") {
  for (const std::string before : {"",
                                   " ",
                                   "\"",
                                   "=",
                                   "/",
                                   ".",
                                   "\n",
                                   "\xc3\xa9",
                                   "\\n",
                                   "\\t",
                                   "\\\"",
                                   "\\u0022",
                                   "\\x22",
                                   "%22",
                                   "%3D",
                                   "%2522",
                                   "&quot;",
                                   "=3D",
                                   "=22",
                                   "\x1b[31m",
                                   "\x1b[1;31m",
                                   "\\u001b[0m",
                                   "\x1b[01;31m\x1b[K",
                                   "-",
                                   "--",
                                   "\n-",
                                   "**",
                                   "__",
                                   "~",
                                   "\\0",
                                   "\\U00000022"}) {
    CAPTURE(before);
    CHECK(verdict(before + kInner) == "likely inner");
    CHECK(only_in("x " + before + kInner + " y") == kInner);
  }
  for (const std::string before : {"a", "Z", "0", "a-", "a_", "\\q", "%2g", "\\u002", "x31m", "[31n"}) {
    CAPTURE(before);
    CHECK(verdict(before + kInner) == "weak inner");
  }
}

TEST_CASE("an id may end before anything that is no token character") {
  for (const std::string after :
       {"",  " ", "\"", "\\n",      "\\u0022", "%22", "&amp;", "<",   "\x1b[0m", ".",  ". Then",
        ",", ")", "'",  "\xc3\xa9", "`",       "**",  "__",    "-->", "_",       "/v1"}) {
    CAPTURE(after);
    CHECK(verdict(" " + kInner + after) == "likely inner");
    CHECK(only_in(" " + kInner + after) == kInner);
  }
}

TEST_CASE("an older token stands where tokens stand") {
  for (const std::string before : {"VAULT_TOKEN=",
                                   "export VAULT_TOKEN='",
                                   "BAO_TOKEN: ",
                                   "X-Vault-Token: ",
                                   "-H \"X-Vault-Token:",
                                   "\"client_token\": \"",
                                   "\"client_token\":\"",
                                   "\\\"token\\\":\\\"",
                                   "token => '",
                                   "token                ",
                                   "Root Token: ",
                                   "?token=",
                                   "token%3D",
                                   "%22token%22%3A%22",
                                   "Authorization: Bearer ",
                                   "vault login ",
                                   "bao login -no-print ",
                                   "vault token revoke ",
                                   "vault unwrap -field=x ",
                                   "root_token_id = \"",
                                   "os.Setenv(\"VAULT_TOKEN\", \"",
                                   "- name: VAULT_TOKEN\n  value: ",
                                   "key=\"VaultToken\" value=\"",
                                   "token    \x1b[33m",
                                   "VAULT_TOKEN=\\u001b[33m",
                                   "hvac.Client(url, '",
                                   "id                  ",
                                   "\"id\": \"",
                                   "password: ",
                                   "<token>",
                                   "client.auth = \"",
                                   "[\"X-Vault-Token\"] = \"",
                                   "",
                                   "\n",
                                   "a line\n",
                                   "+"}) {
    CAPTURE(before);
    CHECK(verdict(before + kLegacy) == "likely legacy");
    CHECK(only_in(before + kLegacy) == kLegacy);
  }
  for (const std::string before : {"x = ", "return ", "{", "foo(\"", "idx: ", "void: "}) {
    CAPTURE(before);
    CHECK(verdict(before + kLegacy) == "weak legacy");
  }
  CHECK(verdict("\n" + kLegacy + "\r\n") == "likely legacy");
  CHECK(verdict("\n" + kLegacy + ".E6NGEG\n") == "likely legacy");
  CHECK(verdict("\n" + kLegacy + " and") == "weak legacy");
}

TEST_CASE("a name counts within the bytes that the contract names, and no further") {
  const auto before = [](std::size_t bytes) { return "x token" + std::string(bytes - 6, '.') + " "; };
  CHECK(verdict(before(kContextBefore) + kLegacy) == "likely legacy");
  CHECK(verdict(before(kContextBefore + 1) + kLegacy) == "weak legacy");
}

TEST_CASE("words of programs are no ids") {
  for (const std::string name :
       {"MaxConnectionBytesPerSec", "AcceptanceTimeoutSeconds", "multilineTagIndentFactor", "makeKubeConfigController",
        "HighVoltageSupplyService", "ReadUint16LengthPrefixed", "DescribeDBSecurityGroups", "differenceInCalendarDays",
        "noDeleteOnFetchRejection", "InstanceTypeIm4gn8xlarge"}) {
    CAPTURE(name);
    CHECK(verdict("token = s." + name) == "weak legacy");
    CHECK(verdict("r." + name) == "weak recovery");
    CHECK(verdict("import hvs." + name + ";") == "weak inner");
  }
}

TEST_CASE("placeholders are no ids") {
  for (const std::string id :
       {"xxxxxxxxxxxxxxxxxxxxxxxx", "XXXXXXXXxxxxxxxxXXXXXXXX", "000000000000000000000000", "abcdefghijklmnopqrstuvwx",
        "ABCDEFGHIJKLMNOPQRSTUVWX", "AbCdEfGhIjKlMnOpQrStUvWx", "123456789012345678901234", "abababABABababABABababAB",
        "thisstringisalllowercase", "THISSTRINGISALLUPPERCASE", "deadbeefdeadbeefdeadbeef", "c6697351ff4aec29cdbaabf2",
        "YourVaultTokenGoesHere01", "1ExAmPlE2qW8eRtY7uIoP3as", "zyxwvutsrqponmlkjihgfeDC", "A1234567890bcD0987654321",
        "AaAaBbBbCcCcDdDdAaBbCcDd", "aB3dE6gH9kkkkkkkL2nP5rT8"}) {
    CAPTURE(id);
    CHECK(verdict("hvs." + id) == "weak inner");
    CHECK(verdict("token=s." + id) == "weak legacy");
    CHECK(verdict("hvr." + id) == "weak recovery");
  }
}

TEST_CASE("ids drawn at random are ids, with few exceptions") {
  std::mt19937_64 random(7);
  int missed = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string id = random_text(random, 24, kBase62);
    if (verdict("hvs." + id) != "likely inner") ++missed;
    if (verdict("token=s." + id) != "likely legacy") ++missed;
  }
  CHECK(missed <= 12);
}
