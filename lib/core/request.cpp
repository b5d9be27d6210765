#include "core/request.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace vtoken {
namespace {

constexpr std::array<std::string_view, 6> kQuestions = {"auth/token/lookup",         "auth/token/lookup-accessor",
                                                        "sys/capabilities",          "sys/capabilities-self",
                                                        "sys/capabilities-accessor", "sys/wrapping/lookup"};

}  // namespace

std::string_view method_name(Method method) noexcept {
  switch (method) {
    case Method::get: return "GET";
    case Method::list: return "LIST";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::del: return "DELETE";
  }
  return "GET";
}

std::string_view operation_name(Method method) noexcept {
  switch (method) {
    case Method::get:
    case Method::list: return "Get";
    case Method::post: return "Post";
    case Method::put: return "Put";
    case Method::del: return "Delete";
  }
  return "Get";
}

bool changes_nothing(const Request& request) noexcept {
  return request.method == Method::get || request.method == Method::list ||
         std::find(kQuestions.begin(), kQuestions.end(), request.path) != kQuestions.end();
}

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) noexcept {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const Header& each) { return same_name(each.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace vtoken
