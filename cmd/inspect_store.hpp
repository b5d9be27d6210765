// The store that `inspect` may ask: opened when the first token needs it, and only if there is one.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"
#include "cmd/inspection.hpp"
#include "core/backend.hpp"

namespace vtoken::cmd {

class StoreAtHand {
 public:
  /// Borrows `context`. Nothing is opened.
  explicit StoreAtHand(const Context& context) : context_(context) {}

  /// Adds what the store knows to `inspection`: nothing when there is no store, the target is a server, or the token is
  /// damaged. Asking uses up no use of the token, as its own keys or the caller's token are what is used. Fails, once,
  /// when a store that somebody named cannot be opened; the default store is passed over with a warning.
  [[nodiscard]] Result<void> complete(Inspection& inspection, bool keep_plaintext);

 private:
  [[nodiscard]] Result<void> open();
  void ask_for_life(Inspection& inspection);

  const Context& context_;
  bool tried_ = false;
  std::unique_ptr<Backend> backend_;  // null when there is no store
  SecretString caller_;
};

}  // namespace vtoken::cmd
