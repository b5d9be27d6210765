#include "cmd/token_cache.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/duration.hpp"
#include "cmd/advice.hpp"
#include "cmd/output_json.hpp"
#include "cmd/status.hpp"
#include "cmd/token_cache_file.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kLooking = "Error looking up the cached token";
constexpr Nanoseconds kUsualMinTtl = 300 * kSecond;
constexpr Nanoseconds kPatience = 60 * kSecond;  // with another process that makes a token
constexpr int kMostRounds = 3;                   // of finding that what another process made does not live long enough
constexpr std::size_t kLongestName = 64;

bool is_name(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  return plain && !name.empty() && name.size() <= kLongestName && name.front() != '.';
}

// All that tells one token from another, except whom it is asked for.
std::string subject_of(const Session& session, const CreationFlags& creation) {
  const Target& target = session.target;
  const Request request = session.client.create_request(creation.create);
  std::string subject =
      target.kind == Target::Kind::store ? target.address : fmt::format("{}", fmt::join(target.server.addresses, ","));
  for (const std::string_view part :
       {std::string_view(request.namespace_path), std::string_view(request.path), request.body.view()}) {
    subject += fmt::format("\n{}:{}", part.size(), part);
  }
  for (const auto& [name, value] : session.context.common.headers) subject += fmt::format("\n{}: {}", name, value);
  if (creation.require_policies) subject += "\nrequire-policies";
  return subject;
}

std::optional<Answer> read_kept(const std::optional<SecretString>& text) {
  if (!text) return std::nullopt;
  auto answer = read_answer(Response{200, *text, {}});
  if (!answer || !answer->auth) return std::nullopt;
  return std::move(*answer);
}

class Cache {
 public:
  Cache(Session& session, const TokenCacheFlags& flags, TokenCacheFile file)
      : session_(session), flags_(flags), file_(std::move(file)) {}

  Result<int> serve(const std::function<int(const Made&)>& make) {
    auto kept = file_.read();
    if (!kept) return tl::unexpected(kept.error());
    for (int round = 0;; ++round) {
      if (const auto status = give(*kept)) return *status;
      const auto locked = file_.lock(kPatience);
      if (!locked) return tl::unexpected(locked.error());
      if (!*locked) {
        session_.tell({"Another process has been making the cached token for a minute, so this one is not kept"});
        return make([](const Answer&) {});
      }
      auto newer = file_.read();
      if (!newer) return tl::unexpected(newer.error());
      if (*newer == *kept || round == kMostRounds) return make([this](const Answer& made) { keep(made); });
      // Somebody was faster. The lock is for making: what was made is looked at without it.
      file_.release();
      kept = std::move(newer);
    }
  }

 private:
  // Shows the token, if it lives long enough; nothing when a new one is wanted.
  std::optional<int> give(const std::optional<SecretString>& text) {
    auto answer = read_kept(text);
    if (!answer) return std::nullopt;
    const auto looked = look_up(*answer->auth);
    if (!looked) {
      const int status = looked.error().status;
      if (status != 400 && status != 403 && status != 404) return session_.failed(kLooking, looked.error());
      if (!names_invalid_token(looked.error())) {
        session_.tell({"The cached token cannot be looked up, so it is taken for a dead one"});
      }
      return std::nullopt;
    }
    if (looked->data == nullptr || text_member(*looked->data, "accessor") != answer->auth->accessor)
      return std::nullopt;
    const std::int64_t ttl = number_member(*looked->data, "ttl");
    const Json* end = find_member(*looked->data, "expire_time");
    const bool is_endless = ttl == 0 && (end == nullptr || end->is_null());
    if (!is_endless && ttl * kSecond < flags_.min_ttl()) return std::nullopt;
    answer->auth->lease_duration = ttl;
    return session_.show(*answer);
  }

  // As itself; or, without the right to that, as the caller.
  ApiResult<Answer> look_up(const Auth& auth) {
    TokenClient& client = session_.client;
    const SecretString caller = std::exchange(client.options().token, auth.client_token);
    auto answer = client.lookup_self();
    client.options().token = caller;
    if (answer || answer.error().status != 403 || names_invalid_token(answer.error())) return answer;
    auto second = client.lookup(auth.client_token.view());
    return second ? second : answer;
  }

  void keep(const Answer& made) {
    if (made.auth && made.auth->num_uses == 0) {
      const Nanoseconds now = session_.context.services.clock.now();
      const Nanoseconds life = made.auth->lease_duration * kSecond;
      const SecretString text = answer_json(made);
      if (const auto kept = file_.write(text.view(), life == 0 ? 0 : now + life, now); !kept) {
        session_.tell({fmt::format("The token cannot be kept: {}", kept.error().text())});
      } else if (life != 0 && life < flags_.min_ttl()) {
        session_.tell({fmt::format("The token lives {}, less than -cache-min-ttl={}, so it will not be given again",
                                   human_duration(life), human_duration(flags_.min_ttl()))});
      }
    } else if (made.auth) {
      session_.tell({"The token has few uses, so it is not kept"});
    }
    file_.release();
  }

  Session& session_;
  const TokenCacheFlags& flags_;
  TokenCacheFile file_;
};

}  // namespace

void TokenCacheFlags::declare(FlagSet& flags) {
  flags.text({"cache",
              "Give the token that was made under this name before, with the same flags and the same token in use, "
              "while it lives long enough; or else make one and keep it.",
              "NAME"},
             name_);
  flags.duration({"cache-min-ttl", "How long a kept token must have to live to be given; 5m unless given.", "DURATION"},
                 min_ttl_);
}

Result<void> TokenCacheFlags::check(const CreateOptions& create) const {
  const auto wrong = [](std::string text) { return fail(ErrorKind::usage, std::move(text)); };
  if (!name_ && !min_ttl_) return {};
  if (!name_) return wrong("-cache-min-ttl needs -cache=NAME");
  if (!is_name(*name_)) {
    return wrong(fmt::format("-cache={}: a name is made of letters, digits, -, _ and ., at most {}", go_quoted(*name_),
                             kLongestName));
  }
  if (min_ttl() < 0) return wrong("-cache-min-ttl cannot be less than nothing");
  if (create.id) return wrong("-cache keeps a token, and -id asks for a new one each time: give one of them");
  if (create.num_uses.value_or(0) != 0) return wrong("-cache gives a token many times, and -use-limit ends it");
  return {};
}

Nanoseconds TokenCacheFlags::min_ttl() const noexcept { return min_ttl_.value_or(kUsualMinTtl); }

Result<int> cached_or_new(Session& session, const TokenCacheFlags& flags, const CreationFlags& creation,
                          const std::function<int(const Made&)>& make) {
  if (!session.client.options().wrap_ttl.empty()) {
    return fail(ErrorKind::usage, "-cache gives a token many times, and a wrapped one (-wrap-ttl) is opened once");
  }
  auto folder = token_cache_folder(session.context);
  if (!folder) return tl::unexpected(folder.error());
  TokenCacheFile file(std::move(*folder), flags.name(), subject_of(session, creation), session.caller.token.view());
  return Cache(session, flags, std::move(file)).serve(make);
}

}  // namespace vtoken::cmd
