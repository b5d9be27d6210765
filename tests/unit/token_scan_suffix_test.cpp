// Namespaces behind tokens, and what is none.
#include <doctest/doctest.h>

#include <string>

#include "token_scan_fixture.hpp"

using namespace vtoken;
using namespace vtoken::scan_test;

namespace {

const std::string kInner = "hvs." + std::string(kId);

}  // namespace

TEST_CASE("a namespace belongs to the token") {
  for (const std::string space : {"E6NGEG", "Vf4d8V", "EjvCvC", "By3vg", "0a1b2", "xqzwk", "XQZWK"}) {
    CAPTURE(space);
    const std::string batch = minted({.format = TokenFormat::batch, .namespace_id = space});
    const std::string older = minted({.format = TokenFormat::batch, .legacy_prefix = true, .namespace_id = space});
    const std::string inner = kInner + "." + space;
    for (const std::string& token : {batch, older, inner, "hvr." + std::string(kId) + "." + space}) {
      for (const std::string after : {"", " ", "\"", ".", ". Then", ".\n", ",", "\\n", "%22", "\xc3\xa9"}) {
        CAPTURE(after);
        CHECK(only_in("token=" + token + after) == token);
      }
    }
  }
}

TEST_CASE("file extensions, methods, numbers and sentences are no namespaces") {
  for (const std::string after : {".json",     ".backup",  ".sqlite",  ".Please", ".There",  ".length", ".E6NGEGx",
                                  ".E6NGEG-x", ".E6NGEG_", ".E6NGEG(", ".12345",  ".123456", ".",       "..E6NGEG",
                                  ".E6NG",     ".class",   ".txt",     ".tar.gz", ".Should", ".module"}) {
    CAPTURE(after);
    CHECK(only_in("token=" + kInner + after) == kInner);
  }
}

TEST_CASE("a namespace behind an SSC token is the one inside of it") {
  const std::string token = minted({.namespace_id = kNamespace});
  CHECK(only_in(token) == token);
  CHECK(only_in(token + ".E6NGEG") == token + ".E6NGEG");
  CHECK(only_in(token + ".E6NGEG.") == token + ".E6NGEG");
  CHECK(only_in(token + ".Vf4d8V") == token);
  CHECK(only_in(token + ".E6NGEGx") == token);
  const std::string plain = minted({});
  CHECK(only_in(plain + ".E6NGEG") == plain);
}

TEST_CASE("OpenBao writes a service token's namespace inside, a batch token's behind it") {
  // Made by a cluster of OpenBao 2.7.2 in a namespace.
  const std::string service =
      "hvs.CAESIGBIz3tBijbt6cVxi7D8nQz97FOtlVIpvv57suRiMS6FGioKI2h2cy5ENm41VjdNQWU2WEFkakpMNnRLeX"
      "pwWFIudnFCTWU1kgMCNDc";
  const std::string batch =
      "hvb.AAAAAQLhB1VHn6QubYyywGZGzOlHDdogwIjM88JFNvk7Yxe5KlKcWFTMYuFAK1pl5k4uwbpdJoCPWLuPpsBPr5"
      "FAP9uX-GCoc5qOVTaslmYPxTLfcqnPUaAcqvKwcIrrjP8fecdg-8c2J8v1IiSAsvCX3QLq6tdpz4SCTgw.vqBMe5";
  CHECK(only_in("token: " + service + ".\n") == service);
  CHECK(only_in("token: " + batch + ".\n") == batch);
  CHECK(verdict(service) == "proved ssc");
  CHECK(verdict(batch) == "proved batch");
}
