// Takes the keys out of a list's answer while it arrives, so that memory does not grow with their number.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/backend.hpp"
#include "core/request.hpp"

namespace vtoken {

/// A sink for Backend::stream. Each string of `data.keys` goes to `take`; all else is kept, with an empty list in the
/// keys' place, and is read as an answer afterwards. An answer with a status of 400 or more is kept whole.
class KeyStream final : public BodySink {
 public:
  /// `take` is borrowed, gets each key once, in the server's order, and ends the transfer by returning false.
  explicit KeyStream(const std::function<bool(std::string_view key)>& take) : take_(take) {}

  void headers(const std::vector<Header>& headers) override { headers_ = headers; }
  bool begin(int status) override;
  bool piece(std::string_view bytes) override;

  /// Whether `take` ended the transfer.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  /// Whether the whole of a list came: an object whose `data.keys` is a list, and nothing is missing at its end.
  [[nodiscard]] bool whole() const noexcept { return listed_ && open_.empty() && problem_.empty(); }

  /// What was kept, with the answer's headers. Fails (damaged) when the keys are not a list of strings, when they are
  /// longer than 256 MiB together (ten million accessors), or when the rest is longer than 1 MiB.
  [[nodiscard]] Result<Response> rest() const;

 private:
  enum class State { outside, list_begins, after_comma, after_key, in_key };

  bool outside(std::string_view bytes, std::size_t& at);
  bool inside(std::string_view bytes, std::size_t& at);
  bool key_bytes(std::string_view bytes, std::size_t& at);
  void string_ended();
  void open(char bracket);
  void close();
  bool give_key();
  bool damaged(std::string why);
  bool keep(std::string_view bytes);

  const std::function<bool(std::string_view)>& take_;
  std::vector<Header> headers_;
  SecretString kept_;
  int status_ = 0;
  std::string problem_;
  bool stopped_ = false;
  bool listed_ = false;  // the list's end came

  State state_ = State::outside;
  std::string open_;  // the brackets that are open, outermost first
  bool in_string_ = false;
  bool escaped_ = false;       // the byte before was a backslash
  bool name_follows_ = false;  // the next string is a member's name
  std::string name_;           // the latest member's name, or a part of it
  std::string outer_name_;     // the latest name one level further out
  std::size_t given_ = 0;      // bytes of all keys so far
  std::string key_;            // of the list, as it is written
  bool key_has_escapes_ = false;
};

}  // namespace vtoken
