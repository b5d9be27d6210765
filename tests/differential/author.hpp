// Writes plans: random requests, most of which do something, because the author remembers what it has made so far.
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "dice.hpp"
#include "operation.hpp"

namespace vtoken::differential {

class Author {
 public:
  explicit Author(rc::Random random) : dice_(std::move(random)) {}

  /// Policies, roles and tokens first, then `length` requests about them.
  [[nodiscard]] Plan write(std::size_t length);

 private:
  // Names and values (author.cpp).
  [[nodiscard]] std::string slot();   // of a token that was made, lately by preference
  [[nodiscard]] std::string token();  // text to show: of a slot, made up, or spoilt
  [[nodiscard]] std::string accessor();
  [[nodiscard]] std::string caller();
  [[nodiscard]] std::string new_slot();
  [[nodiscard]] std::string role();
  [[nodiscard]] std::string policy();
  [[nodiscard]] std::string path();  // that some request may be about
  [[nodiscard]] Json policies();
  [[nodiscard]] Json length();  // of time
  [[nodiscard]] Json odd();     // a value of any type
  void spoil(Json& body, const std::vector<std::string>& members);
  void add(Operation operation);
  void add(Method method, std::string path, const Json& body);

  // Tokens (author_tokens.cpp).
  [[nodiscard]] Json create_body();
  void create();
  void look_up();
  void renew();
  void revoke();
  void list_tokens();
  // Roles (author_roles.cpp).
  [[nodiscard]] Json role_body();
  void write_role();
  void other_role();
  // Policies (author_policies.cpp).
  void prepare();  // some tokens that may do much, so that what they do is not only refused
  [[nodiscard]] std::string rule();
  [[nodiscard]] std::string policy_text();
  void write_policy();
  void other_policy();
  void capabilities();
  // The rest (author_other.cpp).
  void cubbyhole();
  void wrapping();
  void nonsense();

  Dice dice_;
  Plan plan_;
  std::vector<std::string> slots_;
};

}  // namespace vtoken::differential
