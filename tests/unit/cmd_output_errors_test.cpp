#include <doctest/doctest.h>

#include "cmd_output_fixture.hpp"

namespace vtoken::cmd {
namespace {

ApiFailure refused() {
  ApiFailure failure;
  failure.error = {ErrorKind::denied, "status 403: bad token"};
  failure.method = Method::post;
  failure.path = "auth/token/lookup";
  failure.status = 403;
  failure.texts = {"bad token"};
  return failure;
}

TEST_CASE("a refusal reads as the real command's") {
  Printer printer;
  CHECK(printer.output.failure("Error looking up token", refused()) == 2);
  CHECK(printer.said() ==
        "Error looking up token: Error making API request.\n\nURL: POST http://a:1/v1/auth/token/lookup\n"
        "Code: 403. Errors:\n\n* bad token\n");
  CHECK(printer.printed().empty());
}

TEST_CASE("lists, namespaces, many errors, none, and what is no JSON") {
  ApiFailure failure = refused();
  failure.method = Method::list;
  failure.namespace_path = "team/";
  failure.texts = {"a", "b"};
  CHECK(failure_text(failure, "X") ==
        "Error making API request.\n\nNamespace: team/\nURL: GET X/v1/auth/token/lookup?list=true\nCode: 403. "
        "Errors:\n\n* a\n* b");
  failure.namespace_path = "root/";
  failure.texts.clear();
  CHECK(failure_text(failure, "X") ==
        "Error making API request.\n\nURL: GET X/v1/auth/token/lookup?list=true\nCode: 403. Errors:\n\n");
  failure.texts = {"<html>"};
  failure.raw = true;
  CHECK(failure_text(failure, "X").find("Code: 403. Raw Message:\n\n<html>") != std::string::npos);
}

TEST_CASE("no answer says why") {
  ApiFailure failure = refused();
  failure.status = 0;
  failure.error = {ErrorKind::io, "no space left", "/store.db"};
  Printer printer;
  CHECK(printer.output.failure("Error creating token", failure) == 2);
  CHECK(printer.said() == "Error creating token: /store.db: no space left\n");
  CHECK(printer.output.failure("", Error{ErrorKind::usage, "two targets"}) == 1);
  CHECK(printer.said() == "two targets\n");
  CHECK(printer.output.failure("Cannot start", Error{ErrorKind::refused, "no"}) == 1);
  CHECK(printer.said() == "Cannot start: no\n");
}

TEST_CASE("messages go to standard error, lines to standard output") {
  Printer printer;
  printer.output.line("l");
  printer.output.info("i");
  printer.output.warn("w");
  printer.output.error("e");
  CHECK(printer.printed() == "l\n");
  CHECK(printer.said() == "i\nw\ne\n");
}

TEST_CASE("warnings stand in a block of even lines") {
  Printer printer;
  printer.output.warnings({});
  CHECK(printer.said().empty());
  printer.output.warnings(
      {R"(TTL of "100h" exceeded the effective max_ttl of "4h59m57s"; TTL value is capped accordingly)", "b"});
  CHECK(printer.said() ==
        "WARNING! The following warnings were returned from Vault:\n\n"
        "  * TTL of \"100h\" exceeded the effective max_ttl of \"4h59m57s\"; TTL value is\n  capped accordingly\n\n  * "
        "b\n\n");
}

}  // namespace
}  // namespace vtoken::cmd
