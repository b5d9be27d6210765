// New tokens on standard output, one after the other as they are made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "cmd/session.hpp"
#include "core/answer.hpp"
#include "core/glance.hpp"

namespace vtoken::cmd {

/// With -field a line each; in ndjson what Output::answer() prints, which is a line; in JSON and YAML one list; in a
/// table a row each, with the token last.
class CreatedRows {
 public:
  /// Borrows the session.
  explicit CreatedRows(Session& session);

  /// Prints one. What it prints is written some ten times a second at most, and by flush(). Returns the exit status of
  /// an answer that cannot be shown as was asked for, or 0.
  [[nodiscard]] int add(const Answer& made);
  /// Whether a glance at an answer tells all that is shown of it.
  [[nodiscard]] bool takes_glances() const noexcept { return glanced_ != Glanced::nothing; }
  /// The same for such an answer. False, with nothing printed, when it is of another kind than the first.
  [[nodiscard]] bool add(const Glance& made);
  /// Writes what is not written yet, if that is old enough.
  void tick(Nanoseconds now);
  /// Ends the list, and writes all.
  void finish();

  /// Standard output was closed, or is full.
  [[nodiscard]] bool broken() const noexcept { return broken_; }
  /// The same, because its reader has gone away.
  [[nodiscard]] bool reader_gone() const noexcept { return reader_gone_; }
  /// How many are known to be written.
  [[nodiscard]] std::size_t written() const noexcept { return written_; }

 private:
  [[nodiscard]] int add_field(const Answer& made);
  void add_json(const Answer& made);
  [[nodiscard]] int add_yaml(const Answer& made);
  void add_row(const Glance& made);
  void write(std::string_view text);
  void flush();

  Session& session_;
  std::ostream& out_;
  std::size_t count_ = 0;
  std::size_t written_ = 0;
  Nanoseconds flushed_ = 0;
  bool broken_ = false;
  bool reader_gone_ = false;
  enum class Glanced { nothing, row, token, wrapping_token } glanced_;
  std::int64_t seconds_ = -1;  // of the last row …
  SecretString duration_;      // … and how it shows
  std::size_t duration_width_ = 0;
  std::size_t accessor_width_ = 0;
};

}  // namespace vtoken::cmd
