#include "cmd/inputs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <istream>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"
#include "cmd/args.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";
constexpr std::size_t kLongest = std::size_t{256} << 20U;  // bytes; two million tokens fit

tl::unexpected<Error> too_long(const std::string& source) {
  return fail(ErrorKind::usage, "it is longer than 256 MiB", source);
}

// Read unbuffered, so that no copy of a secret stays behind in a stream's buffer.
Result<SecretString> read_file(const std::string& path) {
  const auto failed = [&path] {
    const int code = errno;
    return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::io, std::generic_category().message(code), path);
  };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return failed();
  SecretString text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed();
    if (count == 0) break;
    if (text.size() >= kLongest) return too_long(path);
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  wipe(buffer.data(), buffer.size());
  return text;
}

Result<SecretString> read_stream(std::istream& in) {
  SecretString text;
  std::array<char, 4096> buffer{};
  while (in) {
    if (text.size() >= kLongest) return too_long("standard input");
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  wipe(buffer.data(), buffer.size());
  if (in.bad()) return fail(ErrorKind::io, "cannot be read", "standard input");
  return text;
}

}  // namespace

Result<SecretString> read_secret_file(const Context& context, const std::string& path) {
  if (path != "-") return read_file(path);
  if (std::exchange(context.streams.in_was_read, true) && context.persona == Persona::vtoken) {
    return fail(ErrorKind::usage, "standard input (-) can be named once only");
  }
  return read_stream(context.streams.in);
}

void trim_end(SecretString& text) {
  const auto last = text.find_last_not_of(kSpace.data(), SecretString::npos, kSpace.size());
  text.resize(last == SecretString::npos ? 0 : last + 1);
}

bool has_control_character(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<std::vector<SecretString>> expand_argument(const Context& context, const std::string& argument) {
  std::string source;
  std::string path;
  if (argument == "-") {
    path = argument;
    source = "standard input";
  } else if (argument.size() > 1 && argument.front() == '@') {
    source = path = argument.substr(1);
  }
  SecretString text;
  if (path.empty()) {
    text = SecretString(argument);
    source = "argument";
    // The real command takes an empty argument for none, or sends it.
    if (argument.empty() && context.persona != Persona::vtoken) return std::vector<SecretString>(1);
  } else {
    auto read = read_secret_file(context, path);
    if (!read) return tl::unexpected(read.error());
    text = std::move(*read);
  }
  std::vector<SecretString> found;
  std::string_view rest = text.view();
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = trimmed(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line.empty()) continue;
    if (has_control_character(line)) return fail(ErrorKind::usage, "a control character is inside", source);
    found.emplace_back(line.data(), line.size());
  }
  if (found.empty())
    return fail(ErrorKind::usage, "it is empty, and should be a token, an accessor, - or @FILE", source);
  return found;
}

Result<std::vector<SecretString>> expand_arguments(const Context& context, const std::vector<std::string>& arguments) {
  if (std::count(arguments.begin(), arguments.end(), "-") > 1) {
    return fail(ErrorKind::usage, "standard input (-) can be named once only");
  }
  std::vector<SecretString> all;
  for (const auto& argument : arguments) {
    auto some = expand_argument(context, argument);
    if (!some) return some;
    std::move(some->begin(), some->end(), std::back_inserter(all));
  }
  return all;
}

Result<SecretString> expand_one(const Context& context, const std::string& argument) {
  auto found = expand_argument(context, argument);
  if (!found) return tl::unexpected(found.error());
  if (found->size() > 1) {
    return fail(ErrorKind::usage, fmt::format("one token is expected, {} are given", found->size()));
  }
  return std::move(found->front());
}

}  // namespace vtoken::cmd
