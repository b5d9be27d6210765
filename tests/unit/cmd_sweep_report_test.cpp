#include "cmd/sweep_report.hpp"

#include <doctest/doctest.h>

#include <streambuf>

#include "cmd_output_fixture.hpp"

using namespace vtoken::cmd;
using vtoken::sweep::CallerFacts;
using vtoken::sweep::Outcome;
using vtoken::sweep::Plan;
using vtoken::sweep::Settled;
using vtoken::sweep::Summary;

namespace {

SweepReportOptions options() {
  return {.program = "vtoken",
          .address = "https://vault.example.org:8200",
          .source = "VAULT_ADDR",
          .sought = "policy app or ci-*"};
}

void set(Summary& summary, Outcome outcome, std::size_t count) {
  summary.outcomes.at(static_cast<std::size_t>(outcome)) = count;
}

struct Broken : std::streambuf {};

}  // namespace

TEST_CASE("the target, the caller and what is looked for come first") {
  Printer printer;
  SweepReport(printer.output, options())
      .begin({.known = true, .accessor = "acc1", .display_name = "token-ops", .policies = {"admin", "default"}});
  CHECK(printer.said() ==
        "Target: https://vault.example.org:8200 (from VAULT_ADDR)\n"
        "Caller: token-ops, accessor acc1, policies admin, default\n"
        "Looking for: policy app or ci-*\n");
  auto in_namespace = options();
  in_namespace.namespace_path = "team-a";
  SweepReport(printer.output, in_namespace).begin({});
  CHECK(printer.said() ==
        "Target: https://vault.example.org:8200 (from VAULT_ADDR)\n"
        "Namespace: team-a\n"
        "Caller: not known (the token may not look itself up)\n"
        "Looking for: policy app or ci-*\n");
  CHECK(printer.printed().empty());
}

TEST_CASE("a plan shows the ten largest, and what is spared") {
  Printer printer;
  Plan plan;
  plan.total = 1234;
  for (std::size_t i = 0; i < 22; ++i) plan.by_policy["p" + std::to_string(i)] = i + 1;
  plan.by_policy["default"] = 1234;
  plan.by_policy["\x1b[2J"] = 1000;
  plan.by_path = {{"auth/token/create", 234}, {"", 1000}};
  plan.roots = 2;
  plan.selves = 1;
  plan.spared_roots = 1;
  plan.spared_selves = 2;
  plan.has_parent = true;
  SweepReport report(printer.output, options());
  report.begin({});
  static_cast<void>(printer.said());
  report.plan(plan);
  CHECK(printer.said() ==
        R"(Plan: 1,234 tokens
  By policy (a token counts under each of its policies):
    1,234  default
    1,000  \x1b[2J
       22  p21
       21  p20
       20  p19
       19  p18
       18  p17
       17  p16
       16  p15
       15  p14
    … and 14 more
  By path that made them:
    1,000  (none)
      234  auth/token/create
Among them are 2 root tokens; they go after the others.
Among them is your own token, or one it was made with; last of all.
Spared: 1 root token (-include-root revokes it too)
Spared: 2 tokens: your own and those it was made with (-include-self revokes them too)
Warning: your own token was made with another one, its parent, which servers do not name. If the parent is
among these tokens, yours ends with it and the sweep stops there. An orphan token or a root token is safe.
)");
  CHECK(SweepReport::question(plan) == "Revoke these 1,234 tokens?");
  plan.total = 1;
  CHECK(SweepReport::question(plan) == "Revoke this token?");
}

TEST_CASE("with -q only what a question is about is shown") {
  Printer printer;
  auto quiet = options();
  quiet.quiet = true;
  Plan plan;
  plan.total = 1;
  SweepReport report(printer.output, quiet);
  report.begin({});
  report.plan(plan, false);
  CHECK(printer.said().empty());
  report.plan(plan);
  CHECK(printer.said().starts_with("Target: https://vault.example.org:8200 (from VAULT_ADDR)\n"));
  Summary summary;
  summary.complete = true;
  CHECK(report.finish(summary, false) == 0);
  CHECK(printer.said().empty());
}

TEST_CASE("a sweep that left nothing says so, and its status is 0") {
  Printer printer;
  Summary summary;
  summary.listed = 5000;
  summary.looked_up = 5000;
  summary.matched = 1236;
  summary.rounds = 2;
  summary.complete = true;
  set(summary, Outcome::revoked, 1200);
  set(summary, Outcome::gone, 34);
  set(summary, Outcome::dangling, 1);
  set(summary, Outcome::spared, 1);
  CHECK(SweepReport(printer.output, options()).finish(summary, false) == 0);
  CHECK(printer.printed() ==
        "Outcome     Count\n-------     -----\nrevoked     1200\ngone        34\ndangling    1\n"
        "spared      1\nleft        0\n");
  CHECK(printer.said() ==
        R"(Result: 5,000 listed, 5,000 looked up, 1,236 matched, 2 rounds
  1,200 tokens revoked
  34 tokens gone already: ended, or revoked with what they were made with
  1 accessor dangling: listed, but without a token that could be used. `vtoken write -f auth/token/tidy` clears
    such up.
  1 token spared: root tokens, your own and those it was made with
Done: no token that matches is left.
)");
}

TEST_CASE("what is left is told last, with what to do") {
  Printer printer(Format::ndjson);
  Summary summary;
  summary.listed = 5000;
  summary.looked_up = 4000;
  summary.matched = 1200;
  summary.rounds = 1;
  set(summary, Outcome::revoked, 1188);
  set(summary, Outcome::denied, 10);
  set(summary, Outcome::failed, 2);
  summary.left = 12;
  summary.unseen = 1000;
  summary.ended = "looking up: sealed: Vault is sealed\x1b[0m";
  summary.advice = "Unseal the server, then run this again.";
  for (int i = 0; i < 12; ++i) summary.examples.push_back("acc" + std::to_string(i) + ": permission denied\n");
  auto with_journal = options();
  with_journal.journal = "it's night.ndjson";
  CHECK(SweepReport(printer.output, with_journal).finish(summary, false) == 2);
  CHECK(printer.printed().empty());
  CHECK(printer.said() ==
        R"(Result: 5,000 listed, 4,000 looked up, 1,200 matched
  1,188 tokens revoked
  10 tokens denied: the caller's policies must allow `update` on auth/token/lookup-accessor and on
    auth/token/revoke-accessor
  2 tokens failed
LEFT: 12 tokens that matched, or could not be looked at, were not revoked.
NOT LOOKED AT: 1,000 tokens, which may match.
  acc0: permission denied\n
  acc1: permission denied\n
  acc2: permission denied\n
  acc3: permission denied\n
  acc4: permission denied\n
  acc5: permission denied\n
  acc6: permission denied\n
  acc7: permission denied\n
  acc8: permission denied\n
  acc9: permission denied\n
  … and 2 more
Ended early: looking up: sealed: Vault is sealed\x1b[0m
Unseal the server, then run this again.
To go on: vtoken accessors revoke -resume -journal='it'\''s night.ndjson'
)");
}

TEST_CASE("nobody knows what is left when nothing could be looked at") {
  Printer printer;
  Summary summary;
  summary.ended = "the accessors cannot be listed: permission denied";
  CHECK(SweepReport(printer.output, options()).finish(summary, false) == 2);
  CHECK(printer.printed() == "Outcome    Count\n-------    -----\nleft       unknown\n");
  CHECK(printer.said() ==
        "Result: 0 listed, 0 looked up, 0 matched\n"
        "Ended early: the accessors cannot be listed: permission denied\n"
        "To go on, run the same command again: what is revoked stays revoked.\n");
}

TEST_CASE("rows come as they settle") {
  const Settled row{"acc\x1b", Outcome::would_revoke, {"app", "ci\"x"}, "tok\xc2\x9b", "auth/token/create", ""};
  const Settled other{"b", Outcome::denied, {}, "", "", "permission denied"};
  Printer lines(Format::ndjson);
  SweepReport report(lines.output, options());
  report.settled(row);
  CHECK(lines.printed() ==
        R"({"accessor":"acc\u001b","outcome":"would-revoke","policies":["app","ci\"x"],"display_name":"tok\u009b",)"
        R"("path":"auth/token/create","error":null})"
        "\n");
  report.settled(other);
  CHECK(lines.printed() ==
        R"({"accessor":"b","outcome":"denied","policies":[],"display_name":"","path":"","error":"permission denied"})"
        "\n");

  for (const Format format : {Format::json, Format::yaml}) {
    Printer list(format);
    SweepReport(list.output, options()).settled(row);
    SweepReport both(list.output, options());
    static_cast<void>(list.printed());
    both.settled(row);
    both.settled(other);
    CHECK(both.finish({.complete = true}, false) == 0);
    const std::string text = list.printed();
    if (format == Format::json) {
      const auto parsed = vtoken::parse_json(text);
      REQUIRE(parsed);
      REQUIRE(parsed->size() == 2);
      CHECK(vtoken::text_member((*parsed)[0], "display_name") == "tok\xc2\x9b");
      CHECK(text.find("\"accessor\"") < text.find("\"outcome\""));
    } else {
      CHECK(text.starts_with("- accessor: \"acc\\e\"\n"));
      CHECK(text.find("\n- accessor: b\n") != std::string::npos);
    }
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\x9b') == std::string::npos);
    SweepReport none(list.output, options());
    CHECK(none.finish({.complete = true}, false) == 0);
    CHECK(list.printed() == "[]\n");
  }
}

TEST_CASE("a reader of the rows that goes away does not keep the rest from being told") {
  Printer printer(Format::ndjson);
  Broken broken;
  printer.out.std::ios::rdbuf(&broken);
  SweepReport report(printer.output, options());
  report.settled({"a", Outcome::revoked, {}, "", "", ""});
  CHECK(report.finish({.complete = true}, false) == 2);
  const std::string said = printer.said();
  CHECK(said.find("Standard output was closed or is full") != std::string::npos);
  CHECK(said.find("Done: no token that matches is left.") != std::string::npos);
}

TEST_CASE("a dry run revokes nothing, and says that") {
  Printer printer;
  Summary summary;
  summary.matched = 2;
  summary.complete = true;
  set(summary, Outcome::would_revoke, 2);
  CHECK(SweepReport(printer.output, options()).finish(summary, true) == 0);
  CHECK(printer.said() ==
        "Dry run, nothing was revoked: 0 listed, 0 looked up, 2 matched\n"
        "  2 tokens would be revoked\n");
  summary.ended = "interrupted";
  CHECK(SweepReport(printer.output, options()).finish(summary, true) == 2);
}
