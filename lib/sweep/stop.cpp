#include "sweep/stop.hpp"

#include <utility>

namespace vtoken::sweep {
namespace {

std::string_view advice_on(Situation situation) {
  switch (situation) {
    case Situation::sealed: return "Unseal the server.";
    case Situation::too_long: return "Use a shorter token: newer servers take headers of at most 8 KiB.";
    case Situation::untrusted: return "-ca-cert=FILE trusts the server's certificate.";
    case Situation::foreign: return "Look at the address, and at what is between here and the server.";
    default: return "";
  }
}

}  // namespace

Stop stop_of(const Ended& ended) {
  switch (ended.why) {
    case Ended::Why::interrupted: return {"it was interrupted", ""};
    case Ended::Why::hopeless: return {"no good answer for too long; the last: " + described(ended.last), ""};
    default: return {};
  }
}

ErrorKind kind_of(const Ended& ended) noexcept {
  if (ended.why == Ended::Why::interrupted) return ErrorKind::server;
  switch (ended.last.situation) {
    case Situation::sealed: return ErrorKind::sealed;
    case Situation::stale: return ErrorKind::stale;
    case Situation::rate_limited: return ErrorKind::rate_limited;
    case Situation::no_leader:
    case Situation::unreachable:
    case Situation::untrusted:
    case Situation::lost: return ErrorKind::unreachable;
    case Situation::refused: return ErrorKind::denied;
    default: return ErrorKind::server;
  }
}

Stop stop_at(std::string_view doing, const Reading& reading) {
  if (reading.situation == Situation::caller_dead) return stop_of_dead_caller(reading.text);
  return {std::string(doing) + ": " + described(reading), std::string(advice_on(reading.situation))};
}

Stop stop_of(const Result<Ended>& ended, Stop stop) {
  if (!ended) return {"the requests could not be sent: " + ended.error().text(), ""};
  return stop.early() ? std::move(stop) : stop_of(*ended);
}

Stop stop_of_journal(const Error& error) {
  return {"the journal cannot be written: " + error.text(), "Make room for it, then go on with -resume."};
}

Stop stop_of_dead_caller(std::string_view words) {
  return {"the token in use is no longer valid: " + std::string(words),
          "Use another token. This one may have been made with one of those that were revoked."};
}

}  // namespace vtoken::sweep
