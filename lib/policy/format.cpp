#include "policy/format.hpp"

#include "core/hcl.hpp"

namespace vtoken::policy {

Result<std::string> format_policy(std::string_view text) {
  if (auto parsed = hcl::parse(text); !parsed) return tl::unexpected(parsed.error());
  std::string out(text);
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace vtoken::policy
