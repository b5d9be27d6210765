#include "cmd/sweep_journal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "base/crypto.hpp"
#include "base/hex.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kOf =
    " of accessors ";  // between the filter and what tells one file of accessors from others

// Order and repetition make another file.
std::string digest(const KeyList& accessors) {
  std::string all;
  accessors.for_each([&all](std::string_view accessor) {
    all += accessor;
    all += '\n';
    return true;
  });
  const Mac mac = sha256(all);
  return to_hex(mac).substr(0, 16);
}

std::string choice_of(const JournalWish& wish) {
  std::string text = wish.filter.canonical();
  if (wish.accessors) text += std::string(kOf) + digest(*wish.accessors);
  return text;
}

// Splits what choice_of() wrote.
Result<sweep::Filter> read_choice(std::string_view text, bool& had_accessors) {
  const std::size_t end = text.rfind(kOf);
  had_accessors = end != std::string_view::npos && text.find('}', end) == std::string_view::npos;
  return sweep::read_filter(had_accessors ? text.substr(0, end) : text);
}

tl::unexpected<Error> of_another(const std::string& path, const std::string& what) {
  return fail(ErrorKind::usage, "the journal is of another sweep: " + what, path);
}

Result<SweepJournal> go_on(const Session& session, JournalWish wish) {
  auto resumed = sweep::Journal::resume(*wish.path);
  if (!resumed) return tl::unexpected(std::move(resumed.error()));
  const sweep::JournalHead& head = resumed->past.head;
  if (head.target != session.target.address) return of_another(*wish.path, "it is about " + head.target);
  if (head.namespace_path != session.client.options().namespace_path) {
    return of_another(*wish.path, fmt::format("it is about namespace \"{}\"", head.namespace_path));
  }
  if (wish.chosen && choice_of(wish) != head.filter) {
    return of_another(*wish.path, "it chose other tokens; leave the flags that choose out, and its own are used");
  }
  bool had_accessors = false;
  auto filter = read_choice(head.filter, had_accessors);
  if (!filter) return tl::unexpected(Error{ErrorKind::damaged, filter.error().message, *wish.path, {}});
  SweepJournal journal;
  journal.only_past = had_accessors && !wish.accessors;
  if (journal.only_past && !resumed->past.plan_complete) {
    return fail(ErrorKind::usage, "its plan was never complete, so nothing was revoked: give -accessors-from again",
                *wish.path);
  }
  journal.filter = std::move(*filter);
  journal.accessors = std::move(wish.accessors);
  journal.journal = std::move(resumed->journal);
  journal.past = std::move(resumed->past);
  journal.path = std::move(*wish.path);
  return journal;
}

}  // namespace

void SweepJournal::discard() {
  if (!journal || past) return;
  journal.reset();
  ::unlink(path.c_str());
}

Result<SweepJournal> open_sweep_journal(const Session& session, JournalWish wish) {
  if (wish.resume) return go_on(session, std::move(wish));
  SweepJournal journal;
  if (wish.path) {
    auto made = sweep::Journal::create(
        *wish.path, {session.target.address, session.client.options().namespace_path, choice_of(wish)});
    if (!made) return tl::unexpected(std::move(made.error()));
    journal.journal = std::move(*made);
    journal.path = std::move(*wish.path);
  }
  journal.filter = std::move(wish.filter);
  journal.accessors = std::move(wish.accessors);
  return journal;
}

}  // namespace vtoken::cmd
