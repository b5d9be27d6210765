#include "core/request.hpp"

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

}  // namespace vtoken
