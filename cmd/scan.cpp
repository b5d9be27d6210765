#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <limits>
#include <optional>
#include <streambuf>
#include <string>
#include <vector>

#include "cmd/command.hpp"
#include "cmd/scan_baseline.hpp"
#include "cmd/scan_output.hpp"
#include "cmd/status.hpp"
#include "scan/scan.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kInput = "-";
constexpr std::int64_t kMostThreads = 64;

tl::unexpected<Error> wrong(std::string message, std::string advice = {}) {
  return tl::unexpected<Error>(Error{ErrorKind::usage, std::move(message), {}, std::move(advice)});
}

// What has arrived, up to `size` bytes; waits only while that is nothing.
Result<std::size_t> read_arrived(std::istream& in, char* buffer, std::size_t size) try {
  using Traits = std::streambuf::traits_type;
  std::streambuf& from = *in.rdbuf();
  if (Traits::eq_int_type(from.sgetc(), Traits::eof())) return 0;
  const auto most = static_cast<std::streamsize>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
  return static_cast<std::size_t>(from.sgetn(buffer, std::clamp<std::streamsize>(from.in_avail(), 1, most)));
} catch (const std::ios_base::failure& error) {
  return fail(ErrorKind::io, error.code().value() > 0 ? error.code().message() : "cannot be read", "standard input");
}

class Scan final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.text({"format",
                "text, json, ndjson, sarif, or token: each token once, a line each, for vtoken revoke -.",
                "FORMAT",
                {},
                false,
                Values::choice,
                "text json ndjson sarif token"},
               format_);
    flags.text({"min-confidence",
                "weak, likely or proved: report nothing less sure. likely unless given.",
                "LEVEL",
                {},
                false,
                Values::choice,
                "weak likely proved"},
               confidence_);
    flags.text({"baseline",
                "A report of vtoken scan, in json, ndjson or sarif: the tokens in it are known, and not reported.",
                "FILE",
                {},
                false,
                Values::file},
               baseline_);
    flags.boolean({"reveal", "Show tokens whole instead of masked."}, reveal_);
    flags.boolean({"binary", "Read binary files too."}, settings_.binaries);
    flags.boolean({"no-ignore", "Read also what .gitignore leaves out, and .git itself."}, settings_.ignored);
    flags.boolean({"diff", "Standard input is a diff (-diff), or plain text (-diff=false), however it begins."}, diff_);
    flags.integer({"threads", "How many threads read files, at most 64. One a core unless given.", "N"}, threads_);
    flags.boolean({"q", "No summary on standard error."}, quiet_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    std::vector<std::string> paths = arguments;
    if (paths.empty() && !context.streams.in_is_terminal) paths.emplace_back(kInput);
    ScanOutputOptions options;
    options.reveal = reveal_;
    options.quiet = quiet_;
    options.only_input = paths.size() == 1 && paths.front() == kInput;
    if (auto checked = check(paths, options); !checked) return tl::unexpected(checked.error());
    if (baseline_) {
      auto known = read_baseline_file(context, *baseline_);
      if (!known) return tl::unexpected(known.error());
      options.baseline = std::move(*known);
    }
    ScanOutput output(context.streams, context.services.clock, std::move(options));
    return output.end(scan(context, paths, output));
  }

 private:
  Result<void> check(const std::vector<std::string>& paths, ScanOutputOptions& options) {
    if (paths.empty()) {
      return wrong("Name what is to be scanned: files, folders, or - for standard input");
    }
    const auto inputs = std::count(paths.begin(), paths.end(), kInput);
    if (inputs > 1) return wrong("standard input (-) can be named once only");
    if (inputs == 1 && baseline_ == kInput) return wrong("-baseline=- and PATH - cannot both be standard input");
    if (diff_ && inputs == 0) {
      return wrong("-diff says what standard input is, and only files are named",
                   "A diff in a file: vtoken scan -diff - < FILE");
    }
    if (std::find(paths.begin(), paths.end(), "") != paths.end()) return wrong("a PATH is empty; . is this folder");
    if (format_) {
      const auto format = scan_format_named(*format_);
      if (!format) {
        return wrong(
            fmt::format("invalid value {} for flag -format: text, json, ndjson, sarif or token", go_quoted(*format_)));
      }
      options.format = *format;
    }
    if (options.format == ScanFormat::token && !reveal_) {
      return wrong("-format=token writes tokens whole: say -reveal too");
    }
    return check_settings();
  }

  Result<void> check_settings() {
    if (confidence_) {
      const auto least = confidence_named(*confidence_);
      if (!least) {
        return wrong(
            fmt::format("invalid value {} for flag -min-confidence: weak, likely or proved", go_quoted(*confidence_)));
      }
      settings_.least = *least;
    }
    if (threads_) {
      if (*threads_ < 1 || *threads_ > kMostThreads) {
        return wrong(fmt::format("invalid value \"{}\" for flag -threads: from 1 to {}", *threads_, kMostThreads));
      }
      settings_.threads = static_cast<unsigned>(*threads_);
    }
    return {};
  }

  // Standard input may stand between paths; what is found comes in the order of the command line.
  ScanTotals scan(const Context& context, const std::vector<std::string>& paths, ScanOutput& output) const {
    const ReadSome read = [&](char* buffer, std::size_t size) {
      output.flush();  // the next bytes may be long in coming
      return read_arrived(context.streams.in, buffer, size);
    };
    ScanTotals totals;
    for (auto next = paths.begin(); next != paths.end() && !totals.ended_early;) {
      if (*next == kInput) {
        add(totals, scan_stream(read, std::string(kInput), form(), settings_, output));
        ++next;
        continue;
      }
      const auto end = std::find(next, paths.end(), kInput);
      add(totals, scan_paths({next, end}, settings_, output));
      next = end;
    }
    return totals;
  }

  [[nodiscard]] StreamForm form() const noexcept {
    if (!diff_) return StreamForm::guess;
    return *diff_ ? StreamForm::diff : StreamForm::plain;
  }

  ScanSettings settings_;
  std::optional<std::string> format_, confidence_, baseline_;
  std::optional<std::int64_t> threads_;
  std::optional<bool> diff_;
  bool reveal_ = false;
  bool quiet_ = false;
};

}  // namespace

const CommandInfo kScan{"scan",
                        "Find tokens in files, folders, standard input and diffs",
                        "scan [flags] [PATH… | -]",
                        R"(Finds tokens of Vault and OpenBao that leaked into logs, sources and settings.
Folders are read with all below them, but for what .gitignore leaves out and for
binary files; - is standard input, and so is no PATH at all. Of a diff (git
diff, git log -p) the added lines are read. Asks nobody and needs no settings.

Each finding says how sure it is: proved by the token's own structure, likely by
its prefix and what stands around it, or weak, such as a bare s. with 24 letters
behind it, which source code has many of. Columns count bytes.

The exit status is 0 when nothing is found, 1 when something is, and 2 when not
all could be read, or for wrong usage.

  A folder:

      $ {program} scan .

  What is about to be committed, and all that ever was:

      $ git diff --cached | {program} scan
      $ git log -p --all | {program} scan

  The same again, but for what is known:

      $ {program} scan -format=json . > known.json
      $ {program} scan -baseline=known.json .

  Revoke what leaked:

      $ {program} scan -reveal -format=token logs/ | {program} revoke -

  For a code host:

      $ {program} scan -format=sarif . > vtoken.sarif
)",
                        kNoFlags,
                        make_command<Scan>,
                        Values::file,
                        Values::file,
                        kFailed};

}  // namespace vtoken::cmd
