// Keeps the token of a program that runs alive, in a thread with a back end of its own: neither a slow server nor a
// busy store delays a signal.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cmd/background.hpp"
#include "core/answer.hpp"
#include "core/token_client.hpp"

namespace vtoken::cmd {

class RunRenewal {
 public:
  /// Starts. `options` are those of the caller that made the token; `created` is what came of it. With `verbose` each
  /// renewal is news, otherwise only what goes wrong.
  [[nodiscard]] static Result<RunRenewal> start(std::shared_ptr<Backend> backend, const CallOptions& options,
                                                const Auth& created, bool verbose);
  ~RunRenewal();
  RunRenewal(RunRenewal&&) noexcept = default;
  RunRenewal& operator=(RunRenewal&&) = delete;

  /// Renews no more. A renewal under way is left to itself.
  void stop() noexcept;
  /// To poll for reading: readable when there is news.
  [[nodiscard]] int descriptor() const noexcept;
  struct News {
    std::string text;  ///< without a full stop
    bool is_trouble = true;
  };
  /// What happened since the last call.
  [[nodiscard]] std::vector<News> take_news();
  /// What the token has to live now unless it is renewed; less than nothing when that is unknown, or for ever.
  [[nodiscard]] Nanoseconds left() const noexcept;

 private:
  struct Shared;
  RunRenewal(std::shared_ptr<Shared> shared, Background thread);

  std::shared_ptr<Shared> shared_;
  Background thread_;
};

/// "4m59s": to the nearest second.
[[nodiscard]] std::string in_seconds(Nanoseconds length);

}  // namespace vtoken::cmd
