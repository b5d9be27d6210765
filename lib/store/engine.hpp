// The store as a back end: requests in transactions, callers authenticated, handlers called.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/backend.hpp"
#include "store/answer_spool.hpp"
#include "store/audit.hpp"
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
  [[nodiscard]] std::optional<SecretBytes> unseal(const BatchEnvelope& envelope) const override;

 private:
  /// One go at a request. When `wants_write` is set nothing has happened yet: it has to be tried again with the write
  /// lock.
  struct Attempt {
    Response response = {};
    bool wants_write = false;
  };
  struct Caller {
    Presented presented;
    std::shared_ptr<const policy::Acl> acl;
  };
  struct KeptCaller {
    SecretString token;
    Presented presented;
  };
  /// The answers of a transaction until its commit.
  struct Waiting {
    Waiting(const std::string& beside, std::size_t first) : answers(beside), next(first) {}
    AnswerSpool answers;
    std::map<std::size_t, BodySink*> bodies = {};  ///< of offers that have one, by the number in the submit
    std::size_t next;
  };
  struct Visit;  // a request, its route and its caller on their way (engine_attempt.cpp)

  Result<void> refresh();
  Result<Attempt> attempt(const Request& request, bool may_write);
  Result<Attempt> decide(Visit& visit);
  Result<void> note(const Visit& visit, const Response& response);
  Result<void> note_list(const Request& request, const std::string& id, Nanoseconds now);
  Result<std::optional<Response>> find_caller(const Request& request, Nanoseconds now, Caller& caller);
  Result<std::optional<Response>> refuse_by_policies(Visit& visit);
  Result<void> count_use(Visit& visit);
  Result<Attempt> dispatch(Visit& visit);
  Result<bool> may_list_at_length(const Request& request);
  Result<Response> handle_writing(const Request& request);
  Result<Attempt> attempt_reading(const Request& request);
  Result<std::optional<Offer>> answer_reads(const RequestSource& source, const AnswerSink& sink, std::size_t& index);
  Result<bool> answer_writes(Offer first, const RequestSource& source, Waiting& waiting);
  Result<void> finish_write(Transaction& transaction, const Request* only);
  void forget();
  void undone();

  StoreFile file_;
  const Clock& clock_;
  TokenTable tokens_;
  RoleTable roles_;
  PolicyTable policies_;
  PolicyCache acls_;
  AuditLog audit_;
  StoreState state_;    // as last read or committed
  StoreState working_;  // what the open writing transaction will commit
  bool state_known_ = false;
  bool changed_ = false;  // the open transaction has something to commit
  std::optional<KeptCaller> kept_;
};

/// Makes a root token without end and gives its text. Joins an open transaction, or makes its own.
[[nodiscard]] Result<SecretString> create_root_token(StoreFile& file, const Clock& clock);

}  // namespace vtoken::store
