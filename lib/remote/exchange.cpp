#include "remote/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "core/url.hpp"
#include "remote/failure.hpp"
#include "remote/proxy.hpp"

namespace vtoken::remote {
namespace {

constexpr std::size_t kMostSkipped = std::size_t{64} << 10U;  // of a redirect's body; a longer one costs the connection
constexpr long kConnectSeconds = 30;
constexpr long kConnectSecondsOfSeveral = 5;  // when another address can be tried

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_write(const Request& request) { return request.method != Method::get && request.method != Method::list; }

// The easy interface is variadic; this keeps its types in one place.
template <class Value>
void set(const CurlApi& api, CURL* handle, CURLoption option, Value value) {
  api.easy_setopt(handle, option, value);
}

}  // namespace

Exchange::Exchange(const Plan& plan, CURL* handle, const Request& request, BodySink& sink)
    : plan_(plan),
      handle_(handle),
      request_(request),
      sink_(sink),
      lines_(plan.api),
      connect_to_(plan.api),
      detail_(CURL_ERROR_SIZE, '\0') {}

Result<void> Exchange::prepare(const Place& place, std::chrono::milliseconds left, bool may_follow) {
  const CurlApi& api = plan_.api;
  api.easy_reset(handle_);
  head_ = HeadReader();
  lines_ = HeaderLines(api);
  std::fill(detail_.begin(), detail_.end(), '\0');
  starts_ = 0;
  skipped_ = 0;
  may_follow_ = may_follow;
  begun_ = enough_ = too_long_ = again_ = false;

  set(api, handle_, CURLOPT_NOSIGNAL, 1L);
  set(api, handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(api, handle_, CURLOPT_PATH_AS_IS, 1L);
  set(api, handle_, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set(api, handle_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(api, handle_, CURLOPT_USERAGENT, "vtoken");
  set(api, handle_, CURLOPT_PIPEWAIT, 1L);
  set(api, handle_, CURLOPT_CONNECTTIMEOUT, plan_.addresses.size() > 1 ? kConnectSecondsOfSeveral : kConnectSeconds);
  set(api, handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  set(api, handle_, CURLOPT_ERRORBUFFER, detail_.data());
  set(api, handle_, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(api, handle_, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(api, handle_, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(api, handle_, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set_place(place);
  set_method();
  if (auto added = add_headers(place); !added) return added;
  set(api, handle_, CURLOPT_HTTPHEADER, lines_.get());
  return {};
}

void Exchange::set_place(const Place& place) {
  const CurlApi& api = plan_.api;
  const Address& address = place.address;
  place_ = address;
  url_ = address.origin() + place.target;
  if (address.scheme == "unix") set(api, handle_, CURLOPT_UNIX_SOCKET_PATH, address.path.c_str());
  if (address.scheme == "https") {
    plan_.trust.apply(api, handle_);
    const std::string& name = plan_.trust.tls().server_name;
    if (!name.empty() && name != address.host) {
      // libcurl checks the name in the URL, so that has to be the other one.
      url_ = fmt::format("https://{}:{}{}", name, address.port, place.target);
      connect_to_ = HeaderLines(api);
      connect_to_.add(fmt::format("{}:{}:{}", name, address.port, address.endpoint()).c_str());
      set(api, handle_, CURLOPT_CONNECT_TO, connect_to_.get());
    }
  }
  set(api, handle_, CURLOPT_URL, url_.c_str());
  const std::string proxy = proxy_for(plan_.settings.proxy, address);
  // Set even when empty: libcurl would look into the environment by rules of its own.
  set(api, handle_, CURLOPT_PROXY, proxy.c_str());
  set(api, handle_, CURLOPT_NOPROXY, plan_.settings.proxy.always.empty() ? plan_.settings.proxy.except.c_str() : "");
}

void Exchange::set_method() {
  const CurlApi& api = plan_.api;
  if (!is_write(request_)) {
    set(api, handle_, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (request_.method == Method::del && request_.body.empty()) {
    set(api, handle_, CURLOPT_CUSTOMREQUEST, "DELETE");
    return;
  }
  set(api, handle_, CURLOPT_POST, 1L);
  set(api, handle_, CURLOPT_CUSTOMREQUEST, method_name(request_.method).data());
  set(api, handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  // Goes out with the headers, in one packet.
  set(api, handle_, CURLOPT_POSTFIELDS, request_.body.c_str());
  if (changes_nothing(request_)) return;
  // When a kept connection turns out to be closed, libcurl would send a write again that may have been acted on.
  set(api, handle_, CURLOPT_PREREQFUNCTION, &Exchange::on_start);
  set(api, handle_, CURLOPT_PREREQDATA, static_cast<void*>(this));
}

Result<void> Exchange::add_headers(const Place& place) {
  bool clean = true;
  SecretString line;
  const auto add = [&](std::string_view name, std::string_view value) {
    clean = clean && std::none_of(value.begin(), value.end(), is_control) &&
            std::none_of(name.begin(), name.end(), is_control);
    line.assign(name);
    // libcurl leaves out a header whose value is empty, unless it ends so.
    // Blanks around a value are no part of it; Go leaves them out.
    value = trimmed(value, " \t");
    line.append(value.empty() ? ";" : ": ").append(value);
    lines_.add(line.c_str());
  };
  add("X-Vault-Request", "true");
  if (!request_.token.empty()) add("X-Vault-Token", request_.token.view());
  if (!request_.namespace_path.empty()) add("X-Vault-Namespace", request_.namespace_path + "/");
  if (!request_.wrap_ttl.empty()) add("X-Vault-Wrap-TTL", request_.wrap_ttl);
  for (const std::string& credential : request_.mfa) add("X-Vault-MFA", credential);
  if (request_.policy_override) add("X-Vault-Policy-Override", "true");
  for (const Header& each : request_.headers) add(each.name, each.value);
  if (!request_.body.empty()) {
    add("Content-Type", "application/json");
  } else if (is_write(request_)) {
    lines_.add("Content-Type:");
  }
  lines_.add("Expect:");
  lines_.add("Accept:");
  if (!place.address.announced.empty()) {
    add("Host", place.address.announced);
  } else if (place.address.scheme == "https" && !plan_.trust.tls().server_name.empty()) {
    add("Host", place.address.endpoint());  // the URL has the other name
  }
  if (!clean) return fail(ErrorKind::usage, "a control character is inside a header that is to be sent");
  return {};
}

Result<Head> Exchange::end(CURLcode code) {
  // libcurl has a limit of its own for one line, and calls it a lack of memory.
  if (too_long_ || (code == CURLE_OUT_OF_MEMORY && !head_.complete())) {
    return fail(ErrorKind::damaged, fmt::format("the server's headers are longer than {} KiB or more than {}",
                                                HeadReader::kMostBytes >> 10U, HeadReader::kMostLines));
  }
  if (enough_) return head_.take();
  // Where nothing says how long the body is, libcurl takes any end of the connection for the right one.
  if (code == CURLE_OK && !head_.complete()) code = CURLE_PARTIAL_FILE;
  if (code == CURLE_OK) {
    if (!begun_ && !is_followed()) begin_sink();
    return head_.take();
  }
  Broken broken;
  broken.code = again_ ? CURLE_SEND_FAIL_REWIND : code;
  broken.detail = detail_.c_str();
  long sent = 0;
  plan_.api.easy_getinfo(handle_, CURLINFO_REQUEST_SIZE, &sent);
  plan_.api.easy_getinfo(handle_, CURLINFO_OS_ERRNO, &broken.os_error);
  plan_.api.easy_getinfo(handle_, CURLINFO_SSL_VERIFYRESULT, &broken.verify);
  broken.sent = sent > 0;
  const std::string& name = plan_.trust.tls().server_name;
  broken.checked = name.empty() ? place_.host : name;
  return tl::unexpected(explain(broken, place_, plan_.trust.described()));
}

bool Exchange::is_followed() const noexcept { return may_follow_ && is_redirect(head_.head().status); }

bool Exchange::take_line(std::string_view line) {
  too_long_ = !head_.line(line);
  return !too_long_;
}

void Exchange::begin_sink() {
  begun_ = true;
  sink_.headers(head_.head().headers);
  enough_ = !sink_.begin(head_.head().status);
}

bool Exchange::take_body(std::string_view bytes) {
  if (is_followed()) {
    skipped_ += bytes.size();
    enough_ = skipped_ > kMostSkipped;
    return !enough_;
  }
  if (!begun_) begin_sink();
  if (!enough_) enough_ = !sink_.piece(bytes);
  return !enough_;
}

// libcurl is C: nothing may be thrown through it. What is not taken ends the transfer.
std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept try {
  return static_cast<Exchange*>(self)->take_line({data, size * count}) ? size * count : 0;
} catch (...) {
  return 0;
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept try {
  return static_cast<Exchange*>(self)->take_body({data, size * count}) ? size * count : CURL_WRITEFUNC_ERROR;
} catch (...) {
  return CURL_WRITEFUNC_ERROR;
}

// Called before each time that the request is sent.
int Exchange::on_start(void* self, char* /*to*/, char* /*from*/, int /*to_port*/, int /*from_port*/) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  long sent = 0;
  if (exchange.starts_++ > 0) exchange.plan_.api.easy_getinfo(exchange.handle_, CURLINFO_REQUEST_SIZE, &sent);
  exchange.again_ = sent > 0;
  return exchange.again_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

}  // namespace vtoken::remote
