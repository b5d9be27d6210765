// libcurl, loaded when it is first needed: its functions, and handles that clean up after themselves.
#pragma once

#include <curl/curl.h>

#include <memory>

#include "base/result.hpp"

namespace vtoken::remote {

/// The functions of libcurl that are used here.
struct CurlApi {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_reset) easy_reset = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
  decltype(&curl_multi_init) multi_init = nullptr;
  decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&curl_multi_setopt) multi_setopt = nullptr;
  decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&curl_multi_assign) multi_assign = nullptr;
  decltype(&curl_multi_socket_action) multi_socket_action = nullptr;
  decltype(&curl_multi_info_read) multi_info_read = nullptr;
};

/// Loads libcurl.so.4, which then stays loaded, and starts it, with TLS if `tls`. Fails with unreachable.
[[nodiscard]] Result<CurlApi> load_curl(bool tls);

/// Calls one of libcurl's ends on what it owns.
template <auto End>
struct CurlEnd {
  const CurlApi* api = nullptr;
  template <class T>
  void operator()(T* handle) const noexcept {
    (api->*End)(handle);
  }
};

using EasyHandle = std::unique_ptr<CURL, CurlEnd<&CurlApi::easy_cleanup>>;
using MultiHandle = std::unique_ptr<CURLM, CurlEnd<&CurlApi::multi_cleanup>>;

/// Header lines to send. They are wiped in the end; libcurl's own copies are not (SECURITY.md).
class HeaderLines {
 public:
  explicit HeaderLines(const CurlApi& api) : list_(nullptr, {&api}) {}

  /// "Name: value", or "Name:" to leave out one that libcurl would send. Copied.
  void add(const char* line);
  [[nodiscard]] curl_slist* get() const noexcept { return list_.get(); }

 private:
  struct End {
    const CurlApi* api = nullptr;
    void operator()(curl_slist* list) const noexcept;
  };
  std::unique_ptr<curl_slist, End> list_;
};

}  // namespace vtoken::remote
