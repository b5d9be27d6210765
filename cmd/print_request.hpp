// Printing a request instead of sending it: -output-curl-string and -output-policy.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "core/backend.hpp"
#include "core/request.hpp"

namespace vtoken::cmd {

/// The curl command that sends `request` to the server at `address`. The token is not in it: the shell is told to run
/// `PROGRAM print token` for it.
[[nodiscard]] std::string curl_text(const Request& request, const std::string& address, const std::string& program);

/// A policy that allows `request`, as HCL.
[[nodiscard]] std::string policy_text(const Request& request);

enum class PrintedAs { curl, policy };

/// A back end that writes each request to `out`, a line each, and answers none: handle() fails (refused) without a
/// message. Borrows `out`.
[[nodiscard]] std::unique_ptr<Backend> printing_backend(PrintedAs form, std::string address, std::string program,
                                                        std::ostream& out);

}  // namespace vtoken::cmd
