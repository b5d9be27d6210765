// Writes a request's JSON object member by member, in the order of the calls: the real command's order matters to those
// who compare what is sent.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace vtoken {

class RequestBody {
 public:
  RequestBody& text(std::string_view name, std::string_view value);
  RequestBody& number(std::string_view name, std::int64_t value);
  RequestBody& flag(std::string_view name, bool value);
  RequestBody& texts(std::string_view name, const std::vector<std::string>& values);
  RequestBody& texts(std::string_view name, const std::map<std::string, std::string>& values);

  /// The object's text; ends the use of this writer.
  [[nodiscard]] SecretString finish();

 private:
  void member(std::string_view name);
  void quoted(std::string_view value);

  SecretString body_ = "{";
};

}  // namespace vtoken
