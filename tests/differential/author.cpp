#include "author.hpp"

#include <algorithm>

namespace vtoken::differential {
namespace {

constexpr std::size_t kSlots = 16;

}  // namespace

std::string Author::slot() {
  if (slots_.empty() || dice_.chance(3)) return "root";
  const std::size_t recent = std::min<std::size_t>(slots_.size(), dice_.chance(60) ? 4 : kSlots);
  return slots_[slots_.size() - 1 - dice_.roll(recent)];
}

std::string Author::new_slot() {
  std::string name(1, static_cast<char>('A' + slots_.size() % kSlots));
  slots_.push_back(name);
  return name;
}

std::string Author::token() {
  const std::size_t kind = dice_.roll(100);
  const std::string named = "{" + slot() + "}";
  if (kind < 90) return named;
  if (kind < 92) return named + "x";
  return dice_.pick({"hvs.none", "hvb.AAAA", "s.none", "b.none", "x", "made up", "hvs.", "root",
                     "hvs.CAESIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "hvr.none",
                     "custom-1"});
}

std::string Author::accessor() {
  const std::size_t kind = dice_.roll(100);
  if (kind < 92) return "{" + slot() + ".accessor}";
  if (kind < 94) return "{" + slot() + "}";
  return dice_.pick({"none", "", " ", "x.y"});
}

std::string Author::caller() {
  const std::size_t kind = dice_.roll(100);
  if (kind < 45) return "{root}";
  if (kind < 97) return "{" + slot() + "}";
  return kind == 97 ? "" : token();
}

std::string Author::role() {
  if (dice_.chance(3)) return dice_.pick({"none", "-x", "a.b", "a b", "a/b", "x-"});
  return dice_.pick({"r1", "r2", "r3"}) + std::string("-{run}");
}

std::string Author::policy() {
  if (dice_.chance(25)) return "default";
  return dice_.pick({"p1", "p2", "p3", "p4"}) + std::string("-{run}");
}

Json Author::policies() {
  Json list = Json::array();
  const std::size_t count = dice_.pick(std::vector<std::size_t>{0, 1, 1, 1, 2, 2, 3});
  for (std::size_t i = 0; i < count; ++i) list.push_back(policy());
  if (dice_.chance(8)) {
    list.push_back(dice_.pick(
        {"root", "ROOT", " default ", "", "none", "response-wrapping", "control-group", "a b", "é", "p1,p2"}));
  }
  return list;
}

Json Author::length() {
  if (dice_.chance(80))
    return dice_.pick({"5m", "10m", "1h", "90m", "2h", "24h", "3600", "2d", "768h", "769h", "1h30m"});
  if (dice_.chance(50)) return std::vector<int>{300, 600, 3600, 7200, 90000}[dice_.roll(5)];
  return dice_.pick({"0", "", "10000h", "1000000h", "599.5s", "301s500ms", "1w", "-1h", "5x", "h", " 1h", "1h ", "1e3",
                     "0x10", "9999999999999"});
}

Json Author::odd() {
  static const std::vector<const char*> kOdd = {"null",
                                                "true",
                                                "false",
                                                "0",
                                                "1",
                                                "-1",
                                                "300.5",
                                                "1e3",
                                                "12345678901234567890",
                                                R"("")",
                                                R"("x")",
                                                R"(" ")",
                                                R"("1")",
                                                R"("true")",
                                                "[]",
                                                R"(["a"])",
                                                "[1]",
                                                "[null]",
                                                "[[1]]",
                                                R"(["a=b"])",
                                                "{}",
                                                R"({"a":1})",
                                                R"({"a":"b"})",
                                                R"({"a":{"b":1}})",
                                                R"({"a":null})",
                                                R"("a=b")",
                                                R"("a,b")",
                                                R"("é")",
                                                R"("1h")"};
  return Json::parse(kOdd[dice_.roll(kOdd.size())]);
}

// A server looks at members in an order of its own: only one is spoilt, so that only one is complained about.
void Author::spoil(Json& body, const std::vector<std::string>& members) {
  if (dice_.chance(12)) body[SecretString(dice_.pick(members))] = odd();
  if (dice_.chance(5)) body[SecretString(dice_.pick({"more", "Policies", "b c", "é", "a"}))] = odd();
}

void Author::add(Operation operation) {
  // Clients take the last slash off, so that a server never sees it; a list's is added by the server.
  while (operation.path.ends_with('/')) operation.path.pop_back();
  // What a server lists there is of earlier plans too: it is compared as it is, not out of a wrapping.
  if (operation.path != "auth/token/accessors" && dice_.chance(7)) {
    operation.wrap_ttl = dice_.pick({"60", "5m", "1h", "120s", "300", "0", "-1", "x", "301.5s", "2d", "10000h"});
    // What comes back is then a token.
    if (operation.save.empty()) operation.save = new_slot();
  }
  plan_.push_back(std::move(operation));
}

void Author::add(Method method, std::string path, const Json& body) {
  std::string text(body.dump().view());
  if (dice_.chance(1))
    text =
        dice_.pick({"", "[]", "{", "5", "\"x\"", "null", "{}{}", "{\"a\":1,\"a\":2}", " {} ", "{\"token\":}", "\xff"});
  add({.method = method, .path = std::move(path), .body = std::move(text), .caller = caller()});
}

Plan Author::write(std::size_t length) {
  using Act = void (Author::*)();
  struct Choice {
    std::size_t weight;
    Act act;
  };
  const std::vector<Choice> choices = {
      {30, &Author::create},      {16, &Author::look_up},     {14, &Author::renew},     {12, &Author::revoke},
      {3, &Author::list_tokens},  {6, &Author::write_role},   {5, &Author::other_role}, {7, &Author::write_policy},
      {6, &Author::other_policy}, {8, &Author::capabilities}, {12, &Author::cubbyhole}, {10, &Author::wrapping},
      {4, &Author::nonsense}};
  std::size_t total = 0;
  for (const auto& choice : choices) total += choice.weight;
  if (dice_.chance(70)) prepare();
  for (int i = 0; i < 3; ++i) write_policy();
  for (int i = 0; i < 2; ++i) write_role();
  for (int i = 0; i < 4; ++i) create();
  while (plan_.size() < length) {
    std::size_t rolled = dice_.roll(total);
    for (const auto& choice : choices) {
      if (rolled < choice.weight) {
        (this->*choice.act)();
        break;
      }
      rolled -= choice.weight;
    }
  }
  return std::move(plan_);
}

}  // namespace vtoken::differential
