// One of the two sides: a back end, the tokens in its slots, and its answers with the slots' names instead of them.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/backend.hpp"
#include "core/json.hpp"
#include "operation.hpp"

namespace vtoken::differential {

/// An answer without what differs by chance: random texts carry the names of where they came up first.
struct Observation {
  int status = 0;
  Json body;  ///< null when there is none; a text when it is not JSON
};

[[nodiscard]] std::string show(const Observation& observation);

class Side {
 public:
  /// `backend` is borrowed; `boss` is a root token that lives on after the run. Makes a root token for the run.
  Side(Backend& backend, std::string boss, std::string run);

  /// `name` names what is random in the answer: the same on both sides.
  [[nodiscard]] Observation ask(const Operation& operation, const std::string& name);

  /// Whether the token with a slot's accessor is still there.
  [[nodiscard]] bool knows(const std::string& slot);
  /// Whether what is in the slot ends by being used.
  [[nodiscard]] bool limited(const std::string& slot) const;
  /// The slots that an operation shows or names.
  [[nodiscard]] static std::vector<std::string> slots_in(const Operation& operation);

  /// Removes what the run made.
  void clean_up();

 private:
  struct Slot {
    std::string token;
    std::string accessor;
    bool limited = false;
  };
  struct Plain {
    int status = 0;
    Json body;
  };
  [[nodiscard]] std::string filled(const std::string& text) const;
  [[nodiscard]] Response send(const Operation& operation);
  [[nodiscard]] Plain as_boss(Method method, const std::string& path, const std::string& body = {});
  void each_key(const std::string& folder, const std::function<void(const std::string&)>& act);
  void forget_used(const Operation& operation);
  void keep(const Operation& operation, const Json& body, const std::string& name);
  void label(const std::string& text, const std::string& name);
  [[nodiscard]] std::string labelled(std::string text) const;

  Backend& backend_;
  std::string run_;
  std::string boss_accessor_;
  std::map<std::string, Slot> slots_;
  std::set<std::string> strangers_;            // accessors of earlier runs, which the server has not let go yet
  std::map<std::string, std::string> labels_;  // what is random, and its name
};

}  // namespace vtoken::differential
