#include <doctest/doctest.h>

#include <sstream>

#include "cmd/complete_flags.hpp"
#include "cmd/complete_paths.hpp"
#include "cmd/services.hpp"

using namespace vtoken;
using namespace vtoken::cmd;

namespace {

struct Line {
  std::istringstream in;
  std::ostringstream out, err;
  SystemClock clock;
  Services services = system_services(clock);
  Streams streams{in, out, err};
  Environment environment{{"HOME", "/home/me"}};
  Context context{Persona::vtoken, "vtoken", environment, streams, services};

  bool take(const std::vector<std::string>& words) { return take_flags(context, words); }
};

}  // namespace

TEST_CASE("Flags of an unfinished line say where to ask") {
  Line line;
  REQUIRE(line.take({"-store", "a.db", "create", "-ttl", "-address=http://x", "-token-file=t", "-policy=p", "-role"}));
  CHECK(line.context.common.store == "a.db");
  CHECK(line.context.common.token_file == "t");
  CHECK(line.context.common.addresses.empty());  // that was the value of -ttl
}

TEST_CASE("What is wrong, unknown or not there yet is passed over") {
  Line line;
  REQUIRE(line.take({"nonsense", "-nonsense", "-orphan=perhaps", "-namespace=team", "--ca-cert=c", "-",
                     "-wrap-ttl=soon", "-key-file"}));
  CHECK(line.context.common.namespace_path == "team");
  CHECK(line.context.common.ca_cert == "c");
  CHECK_FALSE(line.context.common.key_file);
  CHECK_FALSE(line.context.common.wrap_ttl);
}

TEST_CASE("Words behind -- are no flags") {
  Line line;
  REQUIRE(line.take({"run", "--", "-store=a.db"}));
  CHECK_FALSE(line.context.common.store);
}

TEST_CASE("A home folder is meant where a shell would mean it") {
  Line line;
  REQUIRE(line.take({"-store", "~/a.db", "-ca-cert=~/c", "create"}));
  CHECK(line.context.common.store == "/home/me/a.db");
  CHECK(line.context.common.ca_cert == "~/c");
}

TEST_CASE("Nothing is asked for a line that cannot be asked for") {
  CHECK_FALSE(Line().take({"create", "-token-file=-"}));
  CHECK_FALSE(Line().take({"create", "-passphrase-file", "-"}));
  CHECK_FALSE(Line().take({"create", "-tls-skip-verify=perhaps"}));
}

TEST_CASE("Known paths are completed a part at a time") {
  using Paths = std::vector<std::string>;
  CHECK(known_paths("") == Paths{"auth/", "cubbyhole/", "sys/"});
  CHECK(known_paths("au") == Paths{"auth/"});
  CHECK(known_paths("auth/") == Paths{"auth/token/"});
  CHECK(known_paths("auth/token/lo") ==
        Paths{"auth/token/lookup", "auth/token/lookup-accessor", "auth/token/lookup-self"});
  CHECK(known_paths("auth/token/lookup-self").empty());
  CHECK(known_paths("sys/wrapping/u") == Paths{"sys/wrapping/unwrap"});
  CHECK(known_paths("secret/").empty());
}
