// One request to one place, over one easy handle: what is sent, and what is taken of the answer.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "core/backend.hpp"
#include "remote/curl.hpp"
#include "remote/head.hpp"
#include "remote/plan.hpp"
#include "remote/redirect.hpp"

namespace vtoken::remote {

/// Prepared, then run by libcurl, then ended; and again. Not to be moved while it is running: libcurl holds its
/// address.
class Exchange {
 public:
  /// Borrows `plan`, `request` and `sink`; `handle` is borrowed too, and reset for each run.
  Exchange(const Plan& plan, CURL* handle, const Request& request, BodySink& sink);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Sets the handle up. `left`: how long it may take; 0 for ever. `may_follow`: a redirect's body is not for the sink.
  /// Fails with usage when a header cannot be sent.
  [[nodiscard]] Result<void> prepare(const Place& place, std::chrono::milliseconds left, bool may_follow);

  /// What came of it, given what libcurl says. A sink that wanted no more is no failure.
  [[nodiscard]] Result<Head> end(CURLcode code);

 private:
  [[nodiscard]] Result<void> add_headers(const Place& place);
  void set_method();
  void set_place(const Place& place);
  void begin_sink();
  bool take_line(std::string_view line);
  bool take_body(std::string_view bytes);
  [[nodiscard]] bool is_followed() const noexcept;

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static int on_start(void* self, char* to, char* from, int to_port, int from_port) noexcept;

  const Plan& plan_;
  CURL* handle_;
  const Request& request_;
  BodySink& sink_;
  Address place_;  // who is asked
  HeaderLines lines_;
  HeaderLines connect_to_;
  HeadReader head_;
  std::string url_;
  std::string detail_;       // libcurl's own words
  int starts_ = 0;           // how often it was about to be sent
  std::size_t skipped_ = 0;  // bytes of a redirect's body
  bool may_follow_ = false;
  bool begun_ = false;     // the sink knows the status
  bool enough_ = false;    // the sink wants no more
  bool too_long_ = false;  // the head is
  bool again_ = false;     // it would have been sent once more
};

}  // namespace vtoken::remote
