#include "core/request.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace vtoken {

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

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) noexcept {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const Header& each) { return same_name(each.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace vtoken
