#include "remote/answer_of.hpp"

#include <fmt/format.h>

#include <utility>

namespace vtoken::remote {

Result<Response> answer_of(Result<Head> head, Collect& body, const Plan& plan) {
  if (!head) return tl::unexpected(std::move(head.error()));
  if (body.overflow()) {
    return fail(ErrorKind::damaged, fmt::format("the answer is longer than {} MiB, which no Vault server sends",
                                                plan.settings.body_limit >> 20U));
  }
  return Response{head->status, body.take(), std::move(head->headers)};
}

}  // namespace vtoken::remote
