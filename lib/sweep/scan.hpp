// Lists the accessors and looks each up, the first while the list is still coming.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "core/key_list.hpp"
#include "core/request.hpp"
#include "core/token_client.hpp"
#include "sweep/caller.hpp"
#include "sweep/dispatch.hpp"
#include "sweep/facts.hpp"
#include "sweep/ledger.hpp"
#include "sweep/progress.hpp"
#include "sweep/stop.hpp"

namespace vtoken::sweep {

/// What a scan gives. Each is borrowed for the call.
struct ScanSink {
  /// A token, with the whole answer to its lookup. False ends the scan.
  std::function<bool(std::uint32_t number, const TokenFacts& facts, const Response& response)> found;
  /// An accessor of which no token is known: gone, dangling, denied or failed, and why. It is not settled yet.
  std::function<void(std::uint32_t number, Outcome outcome, const std::string& error)> unknown;
};

struct ScanResult {
  Ended ended = {};
  bool listed = false;                     ///< the list came whole
  Stop stop = {};                          ///< why it ended early, if it did
  std::optional<ApiFailure> refusal = {};  ///< the answer to the list, when it says no
};

/// One scan after the other over the same ledger; later ones look up what is new and what was settled.
class Scan {
 public:
  /// All are borrowed.
  Scan(TokenClient& client, const Clock& clock, Dispatcher& dispatcher, Caller& caller, Ledger& ledger);

  /// `accessors`: these instead of the server's list; null for that. `list_timeout`: seconds that the list may take, 0
  /// for as long as it takes. Fails as Dispatcher::run.
  [[nodiscard]] Result<ScanResult> run(const KeyList* accessors, int list_timeout, const ScanSink& sink);

  /// Fills in what lists and lookups tell of how far it is; may be called at any time.
  void report(Progress& progress) const;

 private:
  class Round;

  TokenClient& client_;
  const Clock& clock_;
  Dispatcher& dispatcher_;
  Caller& caller_;
  Ledger& ledger_;
  std::size_t looked_up_ = 0;   // answers to lookups, of all scans
  std::size_t to_look_up_ = 0;  // known so far, of all scans
  bool list_complete_ = false;
  bool worked_ = false;  // a lookup was answered
};

}  // namespace vtoken::sweep
