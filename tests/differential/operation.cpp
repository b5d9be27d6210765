#include "operation.hpp"

namespace vtoken::differential {

std::string show(const Operation& operation) {
  std::string line = operation.save.empty() ? "" : operation.save + " = ";
  line += std::string(method_name(operation.method)) + " " + operation.path;
  char sign = '?';
  for (const auto& [name, value] : operation.query) {
    line += sign + name + "=" + value;
    sign = '&';
  }
  if (!operation.body.empty()) line += " " + operation.body;
  line += operation.caller.empty() ? "  as nobody" : "  as " + operation.caller;
  if (!operation.wrap_ttl.empty()) line += ", wrapped for " + operation.wrap_ttl;
  return line;
}

}  // namespace vtoken::differential
