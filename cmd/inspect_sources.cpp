#include "cmd/inspect_sources.hpp"

#include <algorithm>
#include <istream>
#include <streambuf>

#include "base/secret.hpp"
#include "cmd/inputs.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kLongestLine = std::size_t{16} << 20U;

enum class Line { read, end, too_long, broken };

// As std::getline, but an endless line does not eat the machine.
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

using Take = std::function<void(std::string_view)>;

Result<void> each_line_of_file(const Context& context, const std::string& path, const Take& take) {
  const auto text = read_secret_file(context, path);
  if (!text) return tl::unexpected(text.error());
  std::string_view rest = text->view();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    take(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

Result<void> each_line_of_input(const Context& context, const Take& take) {
  SecretString line;
  Line got = Line::end;
  while ((got = read_line(context.streams.in, line)) == Line::read) take(line.view());
  if (got == Line::broken) return fail(ErrorKind::io, "cannot be read", "standard input");
  if (got == Line::too_long) return fail(ErrorKind::damaged, "a line of more than 16 MiB", "standard input");
  return {};
}

}  // namespace

Result<void> each_token(const Context& context, const std::string& source, const Take& take) {
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
  auto read =
      is_file ? each_line_of_file(context, source.substr(1), take_line) : each_line_of_input(context, take_line);
  if (!read) return read;
  if (count == 0) return fail(ErrorKind::usage, "no token is in there", is_file ? source.substr(1) : "standard input");
  return {};
}

}  // namespace vtoken::cmd
