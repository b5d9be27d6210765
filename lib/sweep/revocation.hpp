// Revokes the tokens of a plan by their accessors: many at once on a server, in one transaction on a store.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/token_client.hpp"
#include "sweep/caller.hpp"
#include "sweep/dispatch.hpp"
#include "sweep/ledger.hpp"
#include "sweep/record.hpp"
#include "sweep/stop.hpp"

namespace vtoken::sweep {

class Revocation {
 public:
  /// All are borrowed. `interrupts`: see Dispatcher::Options.
  Revocation(TokenClient& client, Dispatcher& dispatcher, Caller& caller, Ledger& ledger, Record& record,
             std::function<int()> interrupts);

  /// Tokens whose revocation an older run began: found gone, they were revoked by it.
  void remember_tried(std::uint32_t number) { tried_before_.insert(number); }

  /// On a server: in the order given, each told of as its answer comes. What has no answer when it ends early keeps its
  /// standing.
  [[nodiscard]] Stop run(const Matches& matches);
  /// On a store: all or none.
  [[nodiscard]] Stop run_at_once(const Matches& matches);

  /// Looks up each accessor that was revoked, and settles as failed those that are still there.
  [[nodiscard]] Stop verify();

 private:
  bool take(const Match& match, const Answered& answered, Stop& stop);
  bool take_refusal(const Match& match, const Reading& reading, Stop& stop);
  bool take_check(std::uint32_t number, const Answered& answered, Stop& stop);

  TokenClient& client_;
  Dispatcher& dispatcher_;
  Caller& caller_;
  Ledger& ledger_;
  Record& record_;
  std::function<int()> interrupts_;
  std::set<std::uint32_t> tried_before_;
  bool worked_ = false;  // a revocation was answered
};

}  // namespace vtoken::sweep
