// What is known of a token's life, from the answers to its lookup and its renewals.
//
// Times are those of one clock that neither jumps nor stops (boot_time()), which a server's may differ from: only
// lengths of time are taken from answers. Servers cut parts of a second.
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "core/answer.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::renewal {

/// What a renewal did.
enum class Growth : std::uint8_t {
  extended,   ///< the token ends later than it did, or nothing was known of it before
  shortened,  ///< it ends earlier, as by an increment, or a role's period that became shorter
  unchanged   ///< it ends when it did, or nearly
};

/// Why nothing will extend a token any more.
enum class Limit : std::uint8_t {
  none,
  maximum,       ///< its maximum time to live
  not_renewable  ///< it cannot be renewed, or not again
};

class Life {
 public:
  /// Takes the data of a lookup that was asked for at `now`. False when it is none, and nothing is changed.
  bool note_lookup(const Json& data, Nanoseconds now);
  /// Takes the "auth" of a creation, which was asked for at `now`.
  void note_creation(const Auth& auth, Nanoseconds now);
  /// Takes the answer to a renewal, which was asked for at `now`. An answer without "auth" changes nothing.
  Growth note_renewal(const Answer& answer, Nanoseconds now);

  [[nodiscard]] bool known() const noexcept { return known_; }
  [[nodiscard]] bool endless() const noexcept { return known_ && end_ == 0; }
  /// When it ends unless it is renewed; 0 when that is unknown or never.
  [[nodiscard]] Nanoseconds end() const noexcept { return end_; }
  /// What it has to live; less than nothing when that is unknown, 0 when it has ended.
  [[nodiscard]] Nanoseconds left(Nanoseconds now) const noexcept;
  /// The longest that a renewal or its creation gave it since it was last shortened.
  [[nodiscard]] Nanoseconds full() const noexcept { return full_; }
  [[nodiscard]] Limit limit() const noexcept { return limit_; }

 private:
  [[nodiscard]] Growth growth_to(Nanoseconds end, Nanoseconds got) const noexcept;

  bool known_ = false;
  bool renewed_ = false;   // once, at least
  bool doubtful_ = false;  // the last renewal changed nothing, for an unknown reason
  Nanoseconds end_ = 0;
  Nanoseconds last_end_ = 0;  // it cannot live past this; 0 when nothing says so
  Nanoseconds full_ = 0;
  Limit limit_ = Limit::none;
};

}  // namespace vtoken::renewal
