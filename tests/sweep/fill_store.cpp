// Makes many tokens in a store at once.
//
// usage: fill_store STORE TOKEN_FILE <BODIES
//
// Each line of standard input is the body of a request to auth/token/create; all are made in one transaction by the
// token in the file. Prints the answers, a line each, in the same order.
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/backend.hpp"
#include "store/store.hpp"

namespace {

int fill(const std::string& path, const std::string& token_file) {
  const vtoken::SystemClock clock;
  const auto store = vtoken::store::open({.path = path}, clock);
  std::string caller;
  if (!store || !std::getline(std::ifstream(token_file) >> std::ws, caller)) {
    std::cerr << (store ? "no token" : store.error().text()) << "\n";
    return 1;
  }
  const auto source = [&]() -> std::optional<vtoken::Request> {
    std::string body;
    if (!std::getline(std::cin, body)) return std::nullopt;
    return vtoken::Request{.method = vtoken::Method::post,
                           .path = "auth/token/create",
                           .body = vtoken::SecretString(body.data(), body.size()),
                           .token = vtoken::SecretString(caller.data(), caller.size())};
  };
  std::map<std::size_t, std::string> answers;
  const auto sink = [&](std::size_t index, const vtoken::Result<vtoken::Response>& answer) {
    answers[index] = answer ? std::string(answer->body.view()) : "";
    return true;
  };
  if (!(*store)->submit(source, sink)) return 1;
  for (const auto& [index, answer] : answers) std::cout << answer.substr(0, answer.find('\n')) << "\n";
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words, words + count);
  return arguments.size() == 3 ? fill(arguments[1], arguments[2]) : 1;
}
