// Printing a request instead of sending it: -output-curl-string and -output-policy.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "cmd/context.hpp"
#include "cmd/target.hpp"
#include "core/backend.hpp"
#include "core/request.hpp"

namespace vtoken::cmd {

/// The curl command that sends `request` to the server `target`, of several the first. The token is not in it: the
/// shell is told to run `PROGRAM print token` for it. As `vault` and `bao` it is, byte for byte, what they print (a
/// header's value or a path with characters of the shell's in it breaks it); as `vtoken` it is safe to run.
[[nodiscard]] std::string curl_text(const Context& context, const Target& target, const Request& request);

/// A policy that allows `request`, as HCL.
[[nodiscard]] std::string policy_text(const Request& request);

enum class PrintedAs { curl, policy };

/// A back end that writes each request to the context's standard output, a line each, and answers none: handle() fails
/// (refused) without a message. Borrows `context`.
[[nodiscard]] std::unique_ptr<Backend> printing_backend(const Context& context, Target target, PrintedAs form);

}  // namespace vtoken::cmd
