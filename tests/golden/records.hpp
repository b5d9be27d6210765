// Recorded runs of the real command (tests/golden/vault-1.14.2.jsonl): what it was given, asked, was answered and
// printed.
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
  std::string path;                            ///< without "/v1/"
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

/// All records; their placeholders are filled in. Throws when the file is not there or not what it should be.
[[nodiscard]] std::vector<Record> load_records();

/// The records that this version does not pass, with the reason: tests/golden/pending.txt.
[[nodiscard]] std::map<std::string, std::string> load_pending();

}  // namespace vtoken::golden
