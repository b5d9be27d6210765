#include "cmd/failure_line.hpp"

#include <fmt/format.h>

#include "cmd/readable.hpp"
#include "core/one_line.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {

std::string failure_line(const ApiFailure& failure, std::string_view token) {
  std::string text;
  for (const std::string& each : failure.texts) {
    if (!text.empty()) text += "; ";
    text += one_line(each);
  }
  if (failure.status == 0) {
    text = failure.error.text();
  } else {
    text = text.empty() ? fmt::format("status {}", failure.status) : fmt::format("{} ({})", text, failure.status);
  }
  constexpr std::size_t kMost = 300;
  return readable(mask_tokens_in(text, token), kMost);
}

}  // namespace vtoken::cmd
