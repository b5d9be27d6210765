// Messages on standard error: warnings, failures, and what they mean for the exit status.
#include <fmt/format.h>

#include <ostream>

#include "cmd/output.hpp"
#include "cmd/output_wrap.hpp"
#include "core/url.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kWidth = 78;
constexpr std::size_t kIndent = 2;

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";

// The URL that was asked; the address may end in a path of its own.
std::string url_of(const ApiFailure& failure, std::string_view address) {
  Request request{failure.method, failure.path};
  request.query = failure.query;
  const bool is_url = address.starts_with("http://") || address.starts_with("https://");
  const auto slash = is_url ? address.find('/', address.find("://") + 3) : std::string_view::npos;
  const std::string_view prefix = slash == std::string_view::npos ? std::string_view() : address.substr(slash);
  return std::string(address.substr(0, slash)) + request_target(request, prefix);
}

}  // namespace

int exit_status(const Error& error) noexcept {
  return error.kind == ErrorKind::usage || error.kind == ErrorKind::refused ? 1 : 2;
}

std::string failure_text(const ApiFailure& failure, std::string_view address, ErrorLines lines) {
  if (failure.status == 0) return failure.error.text();
  const bool is_list = failure.method == Method::list;
  std::string text = "Error making API request.\n\n";
  if (!failure.namespace_path.empty() && failure.namespace_path != "root/") {
    text += fmt::format("Namespace: {}\n", failure.namespace_path);
  }
  text += fmt::format("URL: {} {}\nCode: {}. {}:\n\n", is_list ? "GET" : method_name(failure.method),
                      url_of(failure, address), failure.status, failure.raw ? "Raw Message" : "Errors");
  bool first = true;
  for (const std::string& line : failure.texts) {
    if (failure.raw) {
      text += line;
    } else {
      text += fmt::format("{}* {}", first || lines == ErrorLines::joined ? "" : "\n", line);
    }
    first = false;
  }
  return text;
}

void Output::line(std::string_view text) { streams_->out << text << '\n'; }

void Output::info(std::string_view text) { streams_->err << text << '\n'; }

void Output::warn(std::string_view text) { coloured(text, kYellow); }

void Output::error(std::string_view text) { coloured(text, kRed); }

void Output::coloured(std::string_view text, std::string_view start) {
  const bool plain = !options_.colours || text.empty();
  streams_->err << (plain ? "" : start) << text << (plain ? "" : kPlain) << '\n';
}

void Output::warnings(const std::vector<std::string>& warnings) {
  if (warnings.empty()) return;
  warn(fmt::format("WARNING! The following warnings were returned from {}:\n", options_.server));
  for (const std::string& warning : warnings) {
    warn(wrap_text("* " + warning, kWidth - kIndent, kIndent));
    warn("");
  }
}

int Output::failure(std::string_view doing, const ApiFailure& failure) {
  const std::string text = failure_text(failure, options_.address, options_.error_lines);
  error(doing.empty() ? text : fmt::format("{}: {}", doing, text));
  return exit_status(failure.error);
}

int Output::failure(std::string_view doing, const Error& failure) {
  error(doing.empty() ? failure.text() : fmt::format("{}: {}", doing, failure.text()));
  if (!failure.advice.empty() && !options_.quiet) info(failure.advice);
  return exit_status(failure);
}

}  // namespace vtoken::cmd
