// The lines of a journal (journal.hpp says what they look like): written, and read back. Pure: no files.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "sweep/book.hpp"
#include "sweep/journal.hpp"

namespace vtoken::sweep {

// Each appends one line, its newline included. Bytes that are not UTF-8 become U+FFFD.
void append_head(SecretString& out, const JournalHead& head);
void append_planned(SecretString& out, const JournalRow& row);
void append_plan_complete(SecretString& out);
void append_revoking(SecretString& out, std::string_view accessor);
void append_settled(SecretString& out, std::string_view accessor, Outcome outcome, std::string_view error);

/// Takes the lines of one journal in their order.
class JournalReader {
 public:
  /// A line without its newline. Fails (damaged, with the line's number) when it is none of a journal.
  [[nodiscard]] Result<void> line(std::string_view text);
  /// Whether there was a first line, which says what the sweep was for.
  [[nodiscard]] bool has_head() const noexcept { return has_head_; }
  [[nodiscard]] JournalPast finish() &&;

 private:
  JournalPast::Entry& entry(std::string_view accessor);
  void complete_plan();

  JournalPast past_;
  Pool accessors_;                ///< numbered as past_.entries
  std::vector<JournalRow> plan_;  ///< lines of one that is not complete yet
  bool has_head_ = false;
  std::size_t number_ = 0;  ///< of the line
};

}  // namespace vtoken::sweep
