// Who sweeps: what must be spared, and what a "permission denied" means to it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/token_client.hpp"
#include "sweep/dispatch.hpp"

namespace vtoken::sweep {

// What a sweep asks for.
inline constexpr std::string_view kListPath = "auth/token/accessors";
inline constexpr std::string_view kLookupPath = "auth/token/lookup-accessor";
inline constexpr std::string_view kRevokePath = "auth/token/revoke-accessor";

/// What is known of the token in use. A token without the default policy may not ask; then `known` is false.
struct CallerFacts {
  bool known = false;
  std::string accessor = {};  ///< empty for a batch token, too
  std::string display_name = {};
  std::vector<std::string> policies = {};
  std::int64_t creation_time = 0;  ///< seconds since 1970
  bool has_parent = false;
  bool ancestors_known = false;
  std::vector<std::string> ancestors = {};  ///< accessors: its parent first
};

class Caller {
 public:
  enum class Verdict {
    allowed,      ///< the token is alive and may use the path: what was refused lies with the accessor
    not_allowed,  ///< alive, and may not
    dead          ///< it is no more
  };

  /// Borrows both.
  Caller(TokenClient& client, const Clock& clock);

  /// Asks who it is, and on a store for its ancestors. Fails when there is no answer for half a minute, or when it says
  /// that the token is no more.
  [[nodiscard]] ApiResult<void> meet(Dispatcher& dispatcher, bool is_store);
  [[nodiscard]] const CallerFacts& facts() const noexcept { return facts_; }

  /// What `refusal`, the answer on `path` (such as "auth/token/lookup-accessor"), means. `worked`: the path has
  /// answered before. Asks capabilities-self, or when that is refused too whether the token may do anything at all;
  /// what was learned counts for a second. Nothing when it cannot be known now: no answer.
  [[nodiscard]] std::optional<Verdict> judge(std::string_view path, const Reading& refusal, bool worked);

 private:
  [[nodiscard]] std::optional<Verdict> ask(const std::string& path, bool worked);
  [[nodiscard]] bool lives();

  TokenClient& client_;
  const Clock& clock_;
  CallerFacts facts_;
  struct Judged {
    Verdict verdict;
    Nanoseconds at;
  };
  std::map<std::string, Judged> judged_;
};

}  // namespace vtoken::sweep
