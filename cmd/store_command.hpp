// What the `store` commands share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cmd/command.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"
#include "core/json_fwd.hpp"
#include "store/store_file.hpp"

namespace vtoken::cmd {

/// The flags that every store command takes.
inline constexpr unsigned kStoreFlags = kTargetFlags | kFormatFlag | kFieldFlag;

/// The store that the command line means. Fails with usage when it means a server.
[[nodiscard]] Result<Target> store_target(const Context& context);

/// Opens it, asking for its passphrase when it needs one and there is a terminal.
[[nodiscard]] Result<store::StoreFile> open_store(const Context& context);

/// Fails with usage unless there are exactly `count` arguments.
[[nodiscard]] Result<void> expect_arguments(const std::vector<std::string>& arguments, std::size_t count);

/// Prints an object in the format asked for, or the field that -field named. Returns the exit status.
[[nodiscard]] int show_object(const Context& context, const Json& object);

/// "key file" or "passphrase".
[[nodiscard]] std::string_view lock_name(store::LockKind kind);

}  // namespace vtoken::cmd
