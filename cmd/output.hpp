// What commands print: answers as table, JSON or YAML exactly as the real command prints them, single fields, warnings
// and errors. Data goes to standard output, everything else to standard error.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/app.hpp"
#include "core/answer.hpp"
#include "core/json_fwd.hpp"
#include "core/key_list.hpp"
#include "core/token_client.hpp"

namespace vtoken::cmd {

enum class Format { table, json, yaml, ndjson, env, pretty, raw };

/// "table", "json", "yaml", "yml", "ndjson", "env", "pretty", "raw", in any case; "" is table. Fails (usage) with
/// `Invalid output format: xml`.
[[nodiscard]] Result<Format> parse_format(std::string_view text);

/// How several errors of one answer are printed: a line each, or one behind the other as the real command does.
enum class ErrorLines { apart, joined };

struct OutputOptions {
  Format format = Format::table;
  bool detailed = false;              ///< -detailed: JSON lists show the whole answer
  bool field_is_raw = false;          ///< -field prints the bare value whatever the format (design.md, "Three names")
  bool field_paths = false;           ///< -field takes paths, too (field_path.hpp)
  bool quiet = false;                 ///< -q: failures come without advice
  bool colours = false;               ///< warnings are yellow and errors red; never data
  std::string_view server = "Vault";  ///< a literal: whom warnings come from
  ErrorLines error_lines = ErrorLines::apart;
  std::string address = {};  ///< the back end's, for "URL: GET ADDRESS/v1/…" in errors
  /// With Format::env: the shell commands that hand a token on. Empty: there are none.
  std::function<SecretString(std::string_view token)> exports = {};
};

/// Prints for one command. Borrows the streams. Not safe for use from several threads.
class Output {
 public:
  Output(Streams& streams, OutputOptions options) : streams_(&streams), options_(std::move(options)) {}

  [[nodiscard]] Format format() const noexcept { return options_.format; }
  [[nodiscard]] OutputOptions& options() noexcept { return options_; }
  [[nodiscard]] Streams& streams() noexcept { return *streams_; }

  // Data. Each returns the exit status: 0, or 1 when the format cannot show it (a message is then on standard error).

  /// A whole answer: what create, lookup, renew, read and unwrap print. In a table the answer's warnings go to standard
  /// error first; JSON and YAML hold them. A line of NDJSON is what the answer is about: its data, or the token.
  [[nodiscard]] int answer(const Answer& answer);
  /// The keys of a list: `keys` in the server's order (tables sort them); `envelope` is the answer without them.
  [[nodiscard]] int keys(const KeyList& keys, const Answer& envelope);
  /// The keys in an answer's data. With `detailed` a table has a column for each thing that its key_info tells, and
  /// JSON shows the whole answer.
  [[nodiscard]] int list(const Answer& answer);
  /// Any other value, as JSON, YAML or (objects, and arrays of strings) a table. Of an array NDJSON has a line for each
  /// item.
  [[nodiscard]] int data(const Json& value);
  /// Rows under a header; `rows` of other lengths than `header` are padded. Only for tables.
  void table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);
  /// One field of an answer, by the real command's names (token, token_accessor, wrapping_token, lease_id, …, or a name
  /// in its data; with OutputOptions::field_paths also a path, which begins with such a name or in the answer as
  /// -format=json shows it). No newline unless on a terminal. Not there: `Field "x" not present in secret`, 1.
  [[nodiscard]] int field(const Answer& answer, std::string_view name);
  /// One member of an object, or with OutputOptions::field_paths what a path leads to.
  [[nodiscard]] int field(const Json& object, std::string_view name);

  // Messages, a line each.

  void line(std::string_view text);   ///< on standard output, as it is
  void info(std::string_view text);   ///< on standard error
  void warn(std::string_view text);   ///< on standard error
  void error(std::string_view text);  ///< on standard error
  /// The block that starts with "WARNING! The following warnings were returned from Vault:", on standard error, in
  /// whatever format. Nothing when there are none. answer() and keys() call it for tables.
  void warnings(const std::vector<std::string>& warnings);
  /// `DOING: what went wrong`, as in "Error looking up token: Error making API request.…". Returns the exit status.
  [[nodiscard]] int failure(std::string_view doing, const ApiFailure& failure);
  /// `DOING: message`, or the message alone when `doing` is empty, and the error's advice. Returns the exit status.
  [[nodiscard]] int failure(std::string_view doing, const Error& error);

 private:
  [[nodiscard]] int unsupported(std::string_view message);
  [[nodiscard]] int exports(const Answer& answer);
  void coloured(std::string_view text, std::string_view start);

  Streams* streams_;
  OutputOptions options_;
};

/// The exit status of a failure: 1 for wrong usage and refusals, 2 for everything else (design.md, "Exit statuses").
[[nodiscard]] int exit_status(const Error& error) noexcept;

/// What the real command prints after "Error …: " for a failed call, without a newline at the end.
[[nodiscard]] std::string failure_text(const ApiFailure& failure, std::string_view address,
                                       ErrorLines lines = ErrorLines::apart);

}  // namespace vtoken::cmd
