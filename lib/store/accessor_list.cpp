#include "store/accessor_list.hpp"

namespace vtoken::store {
namespace {

constexpr std::size_t kPieceSize = 32 * 1024;

}  // namespace

Result<void> list_accessors(TokenTable& tokens, Nanoseconds now, const std::string& request_id,
                            const std::function<bool(std::string_view)>& piece) {
  SecretString buffer;
  buffer.reserve(kPieceSize + 64);
  buffer += R"({"request_id":")";
  buffer += std::string_view(request_id);
  buffer += R"(","lease_id":"","renewable":false,"lease_duration":0,"data":{"keys":[)";
  bool first = true;
  bool stopped = false;
  auto listed = tokens.each(now, [&](const TokenRow& row) {
    if (!first) buffer += ',';
    first = false;
    buffer += '"';
    buffer += row.entry.accessor;  // letters and digits: nothing to escape
    buffer += '"';
    if (buffer.size() < kPieceSize) return true;
    stopped = !piece(buffer.view());
    buffer.clear();
    return !stopped;
  });
  if (!listed || stopped) return listed;
  buffer += R"(]},"wrap_info":null,"warnings":null,"auth":null})";
  buffer += '\n';
  piece(buffer.view());
  return {};
}

}  // namespace vtoken::store
