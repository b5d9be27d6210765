#include <doctest/doctest.h>

#include "cmd/help_text.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kHelp = R"help(Makes a token, which the
-counter counts.

Or many: -count of them.

  One:

      $ vault token create -ttl=1h
      $ vault token create -counts=3

  Many, at once or
  one by one:

      $ vault token create -count=3 |
          xargs -n 1 echo
      $ echo -n "$(vault token create -ttl=1h -count 3)"

  For all that follows:

      $ eval "$(vault token create -format=env)"
      $ vault token lookup
)help";

TEST_CASE("paragraphs and examples with flags that a name does not know are left out, with their titles") {
  CHECK(help_without(kHelp, {"-count", "-format=env"}) == R"help(Makes a token, which the
-counter counts.

  One:

      $ vault token create -ttl=1h
      $ vault token create -counts=3

  For all that follows:

      $ vault token lookup
)help");
}

TEST_CASE("without such flags a help text stays as it is") {
  CHECK(help_without(kHelp, {}) == kHelp);
  CHECK(help_without(kHelp, {"-n3", "-coun", "-format=yaml"}) == kHelp);
  CHECK(help_without("", {"-count"}).empty());
}

TEST_CASE("a continued command goes as a whole") {
  CHECK(help_without("  A:\n\n      $ a \\\n          -count=3\n      $ b\n", {"-count"}) == "  A:\n\n      $ b\n");
  CHECK(help_without("  A:\n\n      $ a \\\n          -count=3\n", {"-count"}) == "\n");
}

}  // namespace
}  // namespace vtoken::cmd
