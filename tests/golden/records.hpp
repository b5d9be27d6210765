// Recorded runs of the real command: what it was given, asked, was answered and printed.
// tests/golden/RECORDS.md says where they come from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json_fwd.hpp"
#include "core/request.hpp"

namespace vtoken::golden {

/// Stands for the recorded server's address.
inline constexpr const char* kAddress = "http://127.0.0.1:8200";

struct Exchange {
  std::string method;                          ///< "GET", …; a list is "LIST"
  std::string path;                            ///< as it was sent, such as "/v1/auth/token/roles?list=true"
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  Response response;
};

struct Record {
  std::string name;
  std::vector<std::string> args;
  std::map<std::string, std::string> env;
  std::string input;
  std::vector<Exchange> exchanges;
  int exit = 0;
  std::string out;
  std::string err;
};

/// The records of a file in tests/golden; their placeholders are filled in. Throws when it is not there or not what it
/// should be.
[[nodiscard]] std::vector<Record> load_records(const std::string& file);

}  // namespace vtoken::golden
