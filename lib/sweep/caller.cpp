#include "sweep/caller.hpp"

#include <algorithm>
#include <utility>

#include "core/json.hpp"
#include "core/server_words.hpp"
#include "sweep/situation.hpp"

namespace vtoken::sweep {
namespace {

constexpr Nanoseconds kFresh = kSecond;               // how long a verdict counts
constexpr Nanoseconds kFirstPatience = 30 * kSecond;  // for the first answer: a cluster may be electing a leader

bool says_dead(const ApiFailure& failure) {
  const auto is_said = [](const std::string& text) {
    return std::any_of(words::kDeadToken.begin(), words::kDeadToken.end(),
                       [&text](std::string_view phrase) { return text.find(phrase) != std::string::npos; });
  };
  return failure.status == 403 && std::any_of(failure.texts.begin(), failure.texts.end(), is_said);
}

Error no_answer(const Ended& ended) {
  if (ended.why == Ended::Why::interrupted) return {ErrorKind::lost, "interrupted before anything was asked", {}, {}};
  return {ErrorKind::unreachable, described(ended.last), {}, {}};
}

}  // namespace

Caller::Caller(TokenClient& client, const Clock& clock) : client_(client), clock_(clock) {}

ApiResult<void> Caller::meet(Dispatcher& dispatcher, bool is_store) {
  const Request request = client_.complete({.method = Method::get, .path = "auth/token/lookup-self"});
  std::optional<ApiResult<Answer>> given;
  bool asked = false;
  auto ended = dispatcher.run(
      [&asked]() -> Work {
        if (std::exchange(asked, true)) return tl::unexpected(NoWork::done);
        return 0;
      },
      [&request](std::uint32_t) { return Offer(request); },
      [&](const Answered& answered) {
        given = read_api_answer(request, answered.response);
        return true;
      },
      [this, begun = clock_.now()](std::uint32_t) { return clock_.now() - begun >= kFirstPatience; });
  if (!ended) return tl::unexpected(ApiFailure{std::move(ended.error())});
  if (!given) return tl::unexpected(ApiFailure{no_answer(*ended)});
  auto& answer = *given;
  if (!answer) {
    if (answer.error().status != 403 || says_dead(answer.error())) return tl::unexpected(std::move(answer.error()));
    return {};
  }
  if (answer->data == nullptr) return {};
  const Json& data = *answer->data;
  facts_.known = true;
  facts_.accessor = text_member(data, "accessor");
  facts_.display_name = text_member(data, "display_name");
  facts_.policies = list_texts(find_member(data, "policies"));
  facts_.creation_time = number_member(data, "creation_time");
  facts_.has_parent = !flag_member(data, "orphan");
  if (!is_store) return {};
  const auto ancestors = client_.read("auth/token/ancestors-self");
  if (!ancestors || ancestors->data == nullptr) return {};
  facts_.ancestors_known = true;
  facts_.ancestors = list_texts(find_member(*ancestors->data, "accessors"));
  return {};
}

std::optional<Caller::Verdict> Caller::judge(std::string_view of, const Reading& refusal, bool worked) {
  const std::string path(of);
  const Nanoseconds now = clock_.now();
  const auto known = judged_.find(path);
  const bool counts = known != judged_.end() && now - known->second.at < kFresh && !refusal.maybe_dead;
  if (counts) return known->second.verdict;
  const auto verdict = ask(path, worked);
  if (verdict) judged_.insert_or_assign(path, Judged{*verdict, now});
  return verdict;
}

std::optional<Caller::Verdict> Caller::ask(const std::string& path, bool worked) {
  const auto answer = client_.capabilities_self({path});
  if (answer) {
    const auto names = capabilities_on(*answer, path);
    if (!names || !*names) return std::nullopt;
    const bool may = std::any_of((*names)->begin(), (*names)->end(), [](const std::string& name) {
      return name == "update" || name == "create" || name == "root";
    });
    return may ? Verdict::allowed : Verdict::not_allowed;
  }
  if (answer.error().status != 403) return std::nullopt;
  if (says_dead(answer.error())) return Verdict::dead;
  // A token without the default policy may not ask that. What it could do a moment ago it still may, while it lives.
  // One that never could may be dead from the beginning: nobody can tell.
  if (worked && !lives()) return Verdict::dead;
  return worked ? Verdict::allowed : Verdict::not_allowed;
}

bool Caller::lives() {
  if (client_.lookup_self()) return true;
  bool begun = false;
  const auto listed = client_.list_accessors([&begun](std::string_view) {
    begun = true;
    return false;
  });
  return begun || listed.has_value();
}

}  // namespace vtoken::sweep
