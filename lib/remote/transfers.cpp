#include "remote/transfers.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

namespace vtoken::remote {
namespace {

// Few, so that the next requests go out soon: a server that got them all at once would be idle until then.
constexpr std::size_t kEventsAtOnce = 4;

using std::chrono::milliseconds;

std::uint32_t events_of(int what) {
  std::uint32_t events = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) events |= EPOLLIN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) events |= EPOLLOUT;
  return events;
}

// Where there is more to it than bytes, 0: libcurl then looks itself.
int ready_of(std::uint32_t events) {
  if ((events & ~std::uint32_t{EPOLLIN | EPOLLOUT}) != 0) return 0;
  return ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0);
}

}  // namespace

Transfers::Transfers(const CurlApi& api)
    : api_(api), events_(::epoll_create1(EPOLL_CLOEXEC)), multi_(api.multi_init(), {&api}) {
  if (multi_ == nullptr) return;
  api_.multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Transfers::on_socket);
  api_.multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, static_cast<void*>(this));
  api_.multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Transfers::on_timer);
  api_.multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, static_cast<void*>(this));
}

void Transfers::keep(std::size_t connections) {
  api_.multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
}

void Transfers::add(CURL* handle) { api_.multi_add_handle(multi_.get(), handle); }

void Transfers::remove(CURL* handle) { api_.multi_remove_handle(multi_.get(), handle); }

std::vector<Transfers::Ended> Transfers::run(milliseconds wait) {
  run_due();
  if (auto at_once = ended(); !at_once.empty()) return at_once;
  if (due_) wait = std::min(wait, std::chrono::ceil<milliseconds>(*due_ - Clock::now()));
  std::array<epoll_event, kEventsAtOnce> events{};
  const int count = ::epoll_wait(events_.number(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(std::max(wait, milliseconds(0)).count()));
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events.at(static_cast<std::size_t>(i));
    act(event.data.fd, ready_of(event.events));
  }
  run_due();
  return ended();
}

void Transfers::act(curl_socket_t socket, int ready) {
  int running = 0;
  api_.multi_socket_action(multi_.get(), socket, ready, &running);
}

void Transfers::run_due() {
  if (!due_ || Clock::now() < *due_) return;
  due_.reset();  // first, since libcurl may set the next one
  act(CURL_SOCKET_TIMEOUT, 0);
}

std::vector<Transfers::Ended> Transfers::ended() {
  std::vector<Ended> all;
  int queued = 0;
  while (const CURLMsg* message = api_.multi_info_read(multi_.get(), &queued)) {
    if (message->msg == CURLMSG_DONE) all.push_back({message->easy_handle, message->data.result});
  }
  for (const Ended& each : all) remove(each.handle);
  return all;
}

void Transfers::watch(curl_socket_t socket, int what, bool known) noexcept {
  epoll_event event{};
  event.events = events_of(what);
  event.data.fd = socket;
  // A socket that was closed has left epoll by itself.
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(events_.number(), EPOLL_CTL_DEL, socket, nullptr);
    return;
  }
  ::epoll_ctl(events_.number(), known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  if (!known) api_.multi_assign(multi_.get(), socket, this);
}

int Transfers::on_socket(CURL* /*handle*/, curl_socket_t socket, int what, void* self, void* known) noexcept {
  static_cast<Transfers*>(self)->watch(socket, what, known != nullptr);
  return 0;
}

int Transfers::on_timer(CURLM* /*multi*/, long milliseconds_left, void* self) noexcept {
  auto& due = static_cast<Transfers*>(self)->due_;
  due.reset();
  if (milliseconds_left >= 0) due = Clock::now() + milliseconds(milliseconds_left);
  return 0;
}

}  // namespace vtoken::remote
