// auth/token/accessors, when the answer is held in memory; Engine::stream() gives it in pieces.
#include "core/json.hpp"
#include "store/accessor_list.hpp"
#include "store/call.hpp"

namespace vtoken::store {

Result<Response> handle_list_accessors(Call& call) {
  Response response{200, {}, {}};
  const auto listed = list_accessors(call.tokens, call.now, random_uuid(), [&response](std::string_view bytes) {
    response.body += bytes;
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  return response;
}

}  // namespace vtoken::store
