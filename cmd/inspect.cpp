#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <ostream>
#include <streambuf>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/inspect_store.hpp"
#include "cmd/inspection.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kLongestLine = std::size_t{16} << 20U;

enum class Line { read, end, too_long, broken };

// As std::getline, but an endless line does not eat the machine. Each line is there as soon as it has arrived.
Line read_line(std::istream& in, SecretString& line) try {
  constexpr auto kEnd = std::char_traits<char>::eof();
  std::streambuf& buffer = *in.rdbuf();
  line.clear();
  for (auto c = buffer.sbumpc(); c != '\n'; c = buffer.sbumpc()) {
    if (c == kEnd) return line.empty() ? Line::end : Line::read;
    if (line.size() == kLongestLine) return Line::too_long;
    line += std::char_traits<char>::to_char_type(c);
  }
  return Line::read;
} catch (const std::ios_base::failure&) {
  return Line::broken;
}

class Inspect final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"reveal", "Show tokens and ids whole instead of masked."}, reveal_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    std::vector<std::string> sources = arguments;
    if (sources.empty() && !context.streams.in_is_terminal) sources.emplace_back("-");
    if (sources.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected at least 1, got 0)");
    if (std::count(sources.begin(), sources.end(), "-") > 1) {
      return fail(ErrorKind::usage, "standard input (-) can be named once only");
    }
    StoreAtHand store(context);
    Output output = make_output(context);
    int status = kDone;
    for (const std::string& source : sources) {
      const auto found = each_line(
          context, source, [&](std::string_view text) { status = worse(status, show(context, output, store, text)); });
      if (!found) return tl::unexpected(found.error());
    }
    return status;
  }

 private:
  // Standard input is read line by line: memory does not grow with the number of tokens.
  template <class Take>
  static Result<void> each_line(const Context& context, const std::string& source, Take take) {
    const bool is_file = source.size() > 1 && source.front() == '@';
    if (source != "-" && !is_file) {
      take(source);
      return {};
    }
    std::size_t count = 0;
    const auto take_line = [&](std::string_view line) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.find_first_not_of(" \t\v\f\r") == std::string_view::npos) return;
      ++count;
      take(line);
    };
    if (is_file) {
      const auto text = read_secret_file(context, source.substr(1));
      if (!text) return tl::unexpected(text.error());
      std::string_view rest = text->view();
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        take_line(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    } else {
      SecretString line;
      Line got = Line::end;
      while ((got = read_line(context.streams.in, line)) == Line::read) take_line(line.view());
      if (got == Line::broken) return fail(ErrorKind::io, "cannot be read", "standard input");
      if (got == Line::too_long) return fail(ErrorKind::damaged, "a line of more than 16 MiB", "standard input");
    }
    if (count == 0)
      return fail(ErrorKind::usage, "no token is in there", is_file ? source.substr(1) : "standard input");
    return {};
  }

  int show(const Context& context, Output& output, StoreAtHand& store, std::string_view text) {
    Inspection inspection = inspect_offline(text);
    int status = inspection.token.fault ? kFailed : kDone;
    if (const auto completed = store.complete(inspection); !completed) {
      output.error(completed.error().text());
      status = worse(status, status_of(context, completed.error()));
    }
    return worse(status, print(context, output, inspection));
  }

  int print(const Context& context, Output& output, const Inspection& inspection) {
    const bool first = std::exchange(first_, false);
    if (context.common.field) {
      if (!first) output.line("");
      return output.field(inspection_json(inspection, reveal_), *context.common.field);
    }
    if (output.format() == Format::table) {
      if (!first) output.line("");
      const SecretString table = render_table(inspection_rows(inspection, reveal_));
      context.streams.out.write(table.data(), static_cast<std::streamsize>(table.size()));
      return kDone;
    }
    if (!first && output.format() == Format::yaml) output.line("---");
    return output.data(inspection_json(inspection, reveal_));
  }

  bool reveal_ = false;
  bool first_ = true;
};

}  // namespace

const CommandInfo kInspect{"inspect",
                           "Show what is inside a token, offline",
                           "inspect [flags] [TOKEN…]",
                           R"(Takes tokens to pieces: type, format, WAL index, HMAC, key term. No server is
asked. A local store, if there is one, checks the HMAC, opens batch tokens that
it made, and says how long a token has to live. A TOKEN may be - for standard
input or @FILE, many tokens, one a line; without an argument, standard input is
read. The exit status is 2 when a token is damaged.

  One token:

      $ {program} inspect @token.txt

  The WAL index, for a script:

      $ {program} inspect -field=wal_index - < token.txt

  Many, a line of JSON each:

      $ {program} inspect -format=ndjson - < tokens.txt
)",
                           kTargetFlags | kFormatFlag | kFieldFlag,
                           make_command<Inspect>};

}  // namespace vtoken::cmd
