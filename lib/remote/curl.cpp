#include "remote/curl.hpp"

#include <dlfcn.h>

#include <cstring>

#include "base/secret.hpp"

namespace vtoken::remote {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";

// Never unloaded: libraries under it keep what they started. Lazily bound: few of its functions are called. Deeply
// bound: its 30 libraries look for names among themselves first, which halves the search; sanitizers forbid it.
#if defined(__SANITIZE_ADDRESS__)
constexpr int kLoading = RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE;
#else
constexpr int kLoading = RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE | RTLD_DEEPBIND;
#endif

// Looks up functions and notes whether all were there.
class Symbols {
 public:
  explicit Symbols(void* library) : library_(library) {}

  template <class Function>
  void find(const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library_, name));
    complete_ = complete_ && function != nullptr;
  }
  [[nodiscard]] bool complete() const noexcept { return complete_; }

 private:
  void* library_;
  bool complete_ = true;
};

bool find_all(void* library, CurlApi& api) {
  Symbols symbols(library);
  symbols.find("curl_global_init", api.global_init);
  symbols.find("curl_easy_init", api.easy_init);
  symbols.find("curl_easy_cleanup", api.easy_cleanup);
  symbols.find("curl_easy_reset", api.easy_reset);
  symbols.find("curl_easy_setopt", api.easy_setopt);
  symbols.find("curl_easy_perform", api.easy_perform);
  symbols.find("curl_easy_getinfo", api.easy_getinfo);
  symbols.find("curl_slist_append", api.slist_append);
  symbols.find("curl_slist_free_all", api.slist_free_all);
  symbols.find("curl_multi_init", api.multi_init);
  symbols.find("curl_multi_cleanup", api.multi_cleanup);
  symbols.find("curl_multi_setopt", api.multi_setopt);
  symbols.find("curl_multi_add_handle", api.multi_add_handle);
  symbols.find("curl_multi_remove_handle", api.multi_remove_handle);
  symbols.find("curl_multi_assign", api.multi_assign);
  symbols.find("curl_multi_socket_action", api.multi_socket_action);
  symbols.find("curl_multi_info_read", api.multi_info_read);
  return symbols.complete();
}

}  // namespace

Result<CurlApi> load_curl(bool tls) {
  void* library = ::dlopen(kLibrary, kLoading);
  CurlApi api;
  if (library == nullptr || !find_all(library, api))
    return fail(ErrorKind::unreachable,
                "servers are asked through libcurl, which cannot be loaded: install the package libcurl4", kLibrary);
  // Without TLS its libraries need not be started, which takes longer than the request.
  if (api.global_init(tls ? CURL_GLOBAL_SSL : CURL_GLOBAL_NOTHING) != CURLE_OK)
    return fail(ErrorKind::unreachable, "cannot be started", kLibrary);
  return api;
}

void HeaderLines::End::operator()(curl_slist* list) const noexcept {
  for (const curl_slist* each = list; each != nullptr; each = each->next) wipe(each->data, std::strlen(each->data));
  api->slist_free_all(list);
}

void HeaderLines::add(const char* line) {
  curl_slist* longer = list_.get_deleter().api->slist_append(list_.get(), line);
  if (longer == nullptr) return;
  static_cast<void>(list_.release());
  list_.reset(longer);
}

}  // namespace vtoken::remote
