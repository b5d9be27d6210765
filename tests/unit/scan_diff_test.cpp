// Diffs: what is added, and where it stands in the new file.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "scan/diff_header.hpp"
#include "scan_world.hpp"

using namespace vtoken;
using namespace vtoken::scan;
using namespace vtoken::scan::test;

namespace {

const std::string kToken = a_token();

/// The text with a token for each "$".
std::string filled(std::string_view text) {
  std::string whole;
  for (const char c : text) {
    if (c == '$') {
      whole += kToken;
    } else {
      whole += c;
    }
  }
  return whole;
}

Places found_in(std::string_view text, StreamForm form = StreamForm::guess, std::size_t piece = 1U << 20U) {
  const std::string whole = filled(text);
  Memory sink;
  static_cast<void>(scan_stream(pieces_of(whole, piece), "-", form, {}, sink));
  for (const Finding& each : sink.findings) CHECK(each.token.view() == kToken);
  return sink.places();
}

}  // namespace

TEST_CASE("added lines are found under the new file's path and line, and no others") {
  const std::string_view text =
      "diff --git a/old b/new\nindex 1..2 100644\n--- a/old\n+++ b/new\n"
      "@@ -10,4 +20,5 @@ context $\n kept $\n-gone $\n+added $\n+$ twice $\n kept\n\\ No newline at end of file\n"
      "@@ -40 +50,2 @@\n kept\n+  $\n";
  const Places expected{"new:21:7", "new:22:1", "new:22:" + std::to_string(kToken.size() + 8), "new:51:3"};
  CHECK(found_in(text) == expected);
  for (const std::size_t piece : {1U, 2U, 5U, 100U}) CHECK(found_in(text, StreamForm::guess, piece) == expected);
  CHECK(found_in(text, StreamForm::plain).size() == 7);
}

TEST_CASE("what stands outside of hunks is the stream's own") {
  CHECK(found_in("commit 1111111111111111111111111111111111111111\nAuthor: x\n\n    message $\n\n"
                 "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n x\n+$\n\ncommit 22\n\n    $\n") ==
        Places{"-:4:13", "f:2:1", "-:15:5"});
}

TEST_CASE("names: quoted, with spaces, with a time, with no prefix, new and gone") {
  const auto name_of = [](std::string_view headers) {
    const Places places = found_in(std::string(headers) + "@@ -1 +1,2 @@\n x\n+$\n", StreamForm::diff);
    REQUIRE(places.size() == 1);
    return places.front();
  };
  CHECK(name_of("diff --git a/f b/f\n--- a/f\n+++ b/f\n") == "f:2:1");
  CHECK(name_of("--- \"a/n\\303\\244 \\\"\\t\\\\\"\n+++ \"b/n\\303\\244 \\\"\\t\\\\\"\n") == "n\xc3\xa4 \"\t\\:2:1");
  CHECK(name_of("--- a/with space\t\n+++ b/with space\t\n") == "with space:2:1");
  CHECK(name_of("--- old/f\t2024-01-01 00:00:00 +0000\n+++ new/f\t2024-01-01 00:00:00 +0000\n") == "new/f:2:1");
  CHECK(name_of("diff --git f f\n--- f\n+++ f\n") == "f:2:1");
  CHECK(name_of("diff --git b/f b/f\n--- b/f\n+++ b/f\n") == "b/f:2:1");
  CHECK(name_of("diff --git i/f w/f\n--- i/f\n+++ w/f\n") == "f:2:1");
  CHECK(name_of("diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n") == "f:2:1");
  CHECK(name_of("diff --git b/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n") == "b/f:2:1");
  CHECK(name_of("diff --git a/f b/g\nrename from f\nrename to g\n--- a/f\n+++ b/g\n") == "g:2:1");
  CHECK(name_of("--- a/f\r\n+++ b/f\r\n") == "f:2:1");
  CHECK(found_in("diff --git a/f b/f\n--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-$\n-x\n").empty());
}

TEST_CASE("a merge has a column for each parent") {
  CHECK(found_in("diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1,3 -1,3 +1,5 @@@\n  kept $\n- gone $\n -gone "
                 "$\n++both $\n"
                 "+ one $\n +other $\n  kept\n\n    $\n") == Places{"f:2:6", "f:3:5", "f:4:7", "-:14:5"});
}

TEST_CASE("lines whose ends were changed: CRLF, and blanks that were cut off") {
  CHECK(found_in("diff --git a/f b/f\r\n--- a/f\r\n+++ b/f\r\n@@ -1,2 +1,3 @@\r\n\r\n+$\r\n x\r\n$\r\n") ==
        Places{"f:2:1", "-:8:1"});
  CHECK(found_in("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n\n+$\n\n x\n$\n") == Places{"f:2:1", "-:9:1"});
}

TEST_CASE("hunks whose numbers lie hide nothing that was added") {
  const std::string start = "diff --git a/f b/f\n--- a/f\n+++ b/f\n";
  // Too small: what is left over is read as text of the stream.
  CHECK(found_in(start + "@@ -1 +1 @@\n-x\n+$\n+$\n") == Places{"f:1:1", "-:7:2"});
  CHECK(found_in(start + "@@ -0,0 +0,0 @@\n+$\n") == Places{"-:5:2"});
  // Too large: the next line that cannot be the hunk's ends it.
  CHECK(found_in(start + "@@ -1,9 +1,9 @@\n x\n+$\ndiff --git a/g b/g\n--- a/g\n+++ b/g\n@@ -1 +1,2 @@\n x\n+$\n") ==
        Places{"f:2:1", "g:2:1"});
  CHECK(found_in("--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n x\n+$\n--- a/g\n+++ b/g\n@@ -1 +1,2 @@\n x\n+$\n") ==
        Places{"f:2:1", "g:2:1"});
  CHECK(found_in(start + "@@ -1,99999999999999999999 +1 @@\n+$\n") == Places{"-:5:2"});
  CHECK(found_in(start + "@@ -1,18446744073709551615 +18446744073709551615,18446744073709551615 @@\n x\n+$\n").size() ==
        1);
}

TEST_CASE("lines of a hunk that look like headers are its lines") {
  CHECK(found_in("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n--- a/g\n+++ b/$\n x\n-y\n+z\n@@ -9 +9,2 @@\n "
                 "x\n+$\n") == Places{"f:1:6", "f:10:1"});
}

TEST_CASE("a hunk without a file's name is text") {
  CHECK(found_in("diff -r\n@@ -1 +1,2 @@\n-$\n+$\n") == Places{"-:3:2", "-:4:2"});
}

TEST_CASE("tokens do not run on from line to line, nor from hunk to hunk") {
  const std::string half = kToken.substr(0, 40);
  const std::string rest = kToken.substr(40);
  CHECK(found_in("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1,2 @@\n+" + half + "\n+" + rest + "\n").empty());
}

TEST_CASE("lines longer than any buffer") {
  const std::string start = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n";
  for (const std::size_t size : {200'000U, 262'143U, 262'144U, 1'000'000U}) {
    const std::string filler(size, ' ');
    CHECK(found_in(start + " " + filler + "$\n+" + filler + "$\n") == Places{"f:2:" + std::to_string(size + 1)});
    CHECK(found_in(start + "-" + filler + "$\n+x\n+x\n" + filler + "$") == Places{"-:8:" + std::to_string(size + 1)});
  }
}

TEST_CASE("windows cut no token of a long hunk") {
  std::string text = "diff --git a/f b/f\n--- /dev/null\n+++ b/f\n@@ -0,0 +1,6000 @@\n";
  Places expected;
  for (int line = 1; line <= 6000; ++line) {
    if (line % 3 == 0) {
      expected.push_back("f:" + std::to_string(line) + ":" + std::to_string(line % 50 + 1));
      text += "+" + std::string(static_cast<std::size_t>(line % 50), ' ') + "$\n";
    } else {
      text += "+" + std::string(static_cast<std::size_t>(line % 150), '=') + "\n";
    }
  }
  CHECK((found_in(text) == expected));
  CHECK((found_in(text, StreamForm::guess, 777) == expected));
}

TEST_CASE("colours of git are left out") {
  CHECK(found_in("\x1b[1mdiff --git a/f b/f\x1b[m\n\x1b[1m--- a/f\x1b[m\n\x1b[1m+++ b/f\x1b[m\n\x1b[36m@@ -1 +1,2 "
                 "@@\x1b[m\n x\n"
                 "\x1b[31m-$\x1b[m\n\x1b[32m+\x1b[m\x1b[32m y $\x1b[m\n") == Places{"f:2:4"});
}

TEST_CASE("what begins like a diff") {
  const std::string hash(40, 'a');
  for (const std::string& head :
       {std::string("diff --git a/f b/f\n"), std::string("diff -ru a b\n"), "commit " + hash + "\n",
        std::string("commit abc1234 (HEAD)\n"), "From " + hash + " Mon Sep 17 00:00:00 2001\n",
        std::string("--- a\n+++ b\n"), std::string("Index: f\n"), std::string("tag v1\nTagger: x\n"),
        std::string(" f | 2 +-\n 1 file changed\n\ndiff --git a/f b/f\n")}) {
    CAPTURE(head);
    CHECK(starts_like_diff(head) == std::optional(true));
  }
  for (const std::string& head :
       {std::string("x"), std::string("From me\n"), std::string("commit early\n"), std::string("--- a\nb\n"),
        std::string("tag v1\nx\n"), std::string("--- ") + std::string(1000, 'x'),
        std::string("+ git diff\ndiff --git a/f b/f\n")}) {
    CAPTURE(head);
    CHECK(starts_like_diff(head) == std::optional(false));
  }
  for (const std::string& head :
       {std::string(), std::string("di"), std::string("commit aaa"), std::string("--- a\n++")}) {
    CAPTURE(head);
    CHECK_FALSE(starts_like_diff(head).has_value());
  }
}

TEST_CASE("any text is taken for a diff without harm, and no added line is lost") {
  CHECK(rc::check([] {
    const auto parts =
        *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{"@@ -1,2 +1,2 @@",
                                                                                                  "@@@ -1 -1 +1,3 @@@",
                                                                                                  "@@",
                                                                                                  " ",
                                                                                                  "+",
                                                                                                  "-",
                                                                                                  "++",
                                                                                                  "--- ",
                                                                                                  "+++ ",
                                                                                                  "a/x",
                                                                                                  "\"",
                                                                                                  "\\",
                                                                                                  "\n",
                                                                                                  "\n",
                                                                                                  "\n",
                                                                                                  "diff --git a/f b/f",
                                                                                                  "/dev/null",
                                                                                                  "\r",
                                                                                                  "\x1b[1m",
                                                                                                  "\t",
                                                                                                  "commit abcdef12",
                                                                                                  "@@ -9 +9,99 @@"}));
    std::string text;
    std::size_t added = 0;
    for (const std::string& part : parts) text += part;
    text += "\n+";
    // A plus at the start of a line is an added line, or text: found either way.
    for (int i = 0; i < 3; ++i, ++added) text += "+ " + kToken + "\n";
    Memory sink;
    static_cast<void>(
        scan_stream(pieces_of(text, *rc::gen::inRange<std::size_t>(1, 40)), "-", StreamForm::diff, {}, sink));
    RC_ASSERT(sink.findings.size() == added);
  }));
}
