// Messages on standard error: warnings, failures, and what they mean for the exit status.
#include <fmt/format.h>

#include <ostream>

#include "cmd/output.hpp"
#include "cmd/output_wrap.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kWidth = 78;
constexpr std::size_t kIndent = 2;

}  // namespace

int exit_status(const Error& error) noexcept {
  return error.kind == ErrorKind::usage || error.kind == ErrorKind::refused ? 1 : 2;
}

std::string failure_text(const ApiFailure& failure, std::string_view address) {
  if (failure.status == 0) return failure.error.text();
  const bool is_list = failure.method == Method::list;
  std::string text = "Error making API request.\n\n";
  if (!failure.namespace_path.empty() && failure.namespace_path != "root/") {
    text += fmt::format("Namespace: {}\n", failure.namespace_path);
  }
  text +=
      fmt::format("URL: {} {}/v1/{}{}\nCode: {}. {}:\n\n", is_list ? "GET" : method_name(failure.method), address,
                  failure.path, is_list ? "?list=true" : "", failure.status, failure.raw ? "Raw Message" : "Errors");
  bool first = true;
  for (const std::string& line : failure.texts) {
    if (failure.raw) {
      text += line;
    } else {
      text += fmt::format("{}* {}", first ? "" : "\n", line);
    }
    first = false;
  }
  return text;
}

void Output::line(std::string_view text) { streams_->out << text << '\n'; }

void Output::info(std::string_view text) { streams_->err << text << '\n'; }

void Output::warn(std::string_view text) { streams_->err << text << '\n'; }

void Output::error(std::string_view text) { streams_->err << text << '\n'; }

void Output::warnings(const std::vector<std::string>& warnings) {
  if (warnings.empty()) return;
  warn("WARNING! The following warnings were returned from Vault:\n");
  for (const std::string& warning : warnings) {
    warn(wrap_text("* " + warning, kWidth - kIndent, kIndent));
    warn("");
  }
}

int Output::failure(std::string_view doing, const ApiFailure& failure) {
  error(doing.empty() ? failure_text(failure, options_.address)
                      : fmt::format("{}: {}", doing, failure_text(failure, options_.address)));
  return exit_status(failure.error);
}

int Output::failure(std::string_view doing, const Error& failure) {
  error(doing.empty() ? failure.text() : fmt::format("{}: {}", doing, failure.text()));
  if (!failure.advice.empty() && !options_.quiet) info(failure.advice);
  return exit_status(failure);
}

}  // namespace vtoken::cmd
