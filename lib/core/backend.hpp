// The waist: everything that acts on tokens crosses these three calls. Implementations: the embedded store
// (store/store.hpp), servers over HTTP, and wrappers for tests (a recorded answer, a fault).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "core/request.hpp"

namespace vtoken {

/// Takes an answer that is too long to hold, in pieces.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Called at most once, before begin(), with the answer's headers; they are borrowed for the call. Most sinks have no
  /// use for them.
  virtual void headers(const std::vector<Header>& /*headers*/) {}
  /// Called once, before any piece. False ends the transfer (Backend::stream then returns success).
  virtual bool begin(int status) = 0;
  /// Called with consecutive bytes of the body; they are borrowed for the call. False ends the transfer.
  virtual bool piece(std::string_view bytes) = 0;
};

/// What a source has for Backend::submit: a request, or why there is none.
struct Offer {
  enum class Kind {
    request,
    later,  ///< none now: the source is asked again after the next answer, or else in some milliseconds
    done,   ///< no more
    stop    ///< no more, and answers that have not come yet are given up; in the store nothing is done then
  };

  Offer(Request what) : kind(Kind::request), request(std::move(what)) {}
  /// `body`, which is borrowed until the answer, gets the body of an answer that says yes (2xx) in pieces while others
  /// are under way; the answer's own is empty then.
  Offer(Request what, BodySink& to) : kind(Kind::request), request(std::move(what)), body(&to) {}
  Offer(std::nullopt_t /*none*/) {}
  Offer(std::optional<Request> what) {
    if (!what) return;
    kind = Kind::request;
    request = std::move(*what);
  }
  [[nodiscard]] static Offer later() { return Offer(Kind::later); }
  [[nodiscard]] static Offer stop() { return Offer(Kind::stop); }

  Kind kind = Kind::done;
  Request request = {};
  BodySink* body = nullptr;

 private:
  explicit Offer(Kind without) : kind(without) {}
};

/// Called from the thread that called Backend::submit.
using RequestSource = std::function<Offer()>;

/// Takes the answer to the request number `index` (from 0, in the order the source gave them); a failure of one request
/// comes here too. False asks to stop. Called from the thread that called Backend::submit.
using AnswerSink = std::function<bool(std::size_t index, Result<Response> answer)>;

/// One server or one store. Not safe for use from several threads at once: open one for each.
class Backend {
 public:
  virtual ~Backend() = default;

  /// One request, one answer. An answer with an error status is a value; an Error means that there was no answer and,
  /// for the store, that nothing was changed.
  [[nodiscard]] virtual Result<Response> handle(const Request& request) = 0;

  /// As handle(), but the answer's body arrives in pieces; memory does not grow with it. The default implementation
  /// calls handle() and gives one piece.
  [[nodiscard]] virtual Result<void> stream(const Request& request, BodySink& sink);

  /// Many requests, answers in any order. Remote: many in flight. Store: requests that change nothing are answered at
  /// once until the first that does; from that one on they are one transaction, whose answers arrive after it was
  /// committed, and when the source, a request or the commit fails nothing was changed and none of them arrives. An
  /// answer with an error status does not undo the others. Memory does not grow with the number of requests. The
  /// default implementation calls handle() for each. The sink may call handle() in between, but not in the store.
  [[nodiscard]] virtual Result<void> submit(const RequestSource& source, const AnswerSink& sink);

  /// What a person calls it, such as "https://127.0.0.1:8200" or "file:///path/store.db". Holds no secret.
  [[nodiscard]] virtual std::string address() const = 0;
};

/// For implementations: gives `response` to `sink` and leaves its body empty, unless it does not say yes.
void pour(Response& response, BodySink& sink);

/// For implementations that have nothing under way when a source says `later`.
void pause_for_source();

}  // namespace vtoken
