// JSON as the servers' HCL reads it: objects that hold nothing but objects, and lists of objects, become blocks.
#pragma once

#include "core/hcl.hpp"

namespace vtoken::policy {

/// {"path": {"a": {…}, "b": {…}}} and {"path": [{"a": {…}}, {"b": {…}}]} become `path "a" {…}` and `path "b" {…}`, on
/// every level. As on the servers, true and false in a list are dropped, and null is an empty string. Fails with usage
/// for a list or null in a list: servers refuse the one, and lose what follows the other.
///
/// Source of the rules: HCL 1, json/parser.
[[nodiscard]] Result<hcl::Object> flatten(hcl::Object object);

}  // namespace vtoken::policy
