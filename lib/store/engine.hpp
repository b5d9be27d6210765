// The store as a back end: requests in transactions, callers authenticated, handlers called.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/backend.hpp"
#include "store/call.hpp"
#include "store/routes.hpp"
#include "store/store_file.hpp"
#include "token/keys.hpp"

namespace vtoken::store {

/// See Backend for the contracts. What was read of the caller and of roles is kept until the file changes.
class Engine final : public Backend, public TokenKeys {
 public:
  /// `clock` is borrowed.
  Engine(StoreFile file, const Clock& clock);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] Result<Response> handle(const Request& request) override;
  [[nodiscard]] Result<void> stream(const Request& request, BodySink& sink) override;
  [[nodiscard]] Result<void> submit(const RequestSource& source, const AnswerSink& sink) override;
  [[nodiscard]] std::string address() const override;

  // What the keys tell by themselves (token_keys.cpp).
  [[nodiscard]] bool verify(const SscToken& token) const override;
  [[nodiscard]] Result<BatchEntry> open(const BatchEnvelope& envelope) const override;

 private:
  struct Attempt;  // one go at a request
  struct KeptCaller {
    SecretString token;
    Presented presented;
  };

  Result<void> refresh();
  Result<std::optional<Response>> find_caller(const Request& request, Nanoseconds now, Presented& caller);
  Result<Attempt> attempt(const Request& request, bool may_write);
  Result<Attempt> dispatch(const Request& request, const Route& route, const Json& body, Presented& caller,
                           bool may_write, Nanoseconds now);
  Result<Response> handle_writing(const Request& request);
  Result<void> finish_write();
  void forget();

  StoreFile file_;
  const Clock& clock_;
  TokenTable tokens_;
  RoleTable roles_;
  StoreState state_;    // as last read or committed
  StoreState working_;  // what the open writing transaction will commit
  bool state_known_ = false;
  bool changed_ = false;  // the open transaction has something to commit
  std::optional<KeptCaller> kept_;
};

/// Makes a root token without end and gives its text. Joins an open transaction, or makes its own.
[[nodiscard]] Result<SecretString> create_root_token(StoreFile& file, const Clock& clock);

}  // namespace vtoken::store
