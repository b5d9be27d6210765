#include <fmt/format.h>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/many.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error revoking token";

class Revoke final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"accessor", "The arguments are accessors."}, accessor_);
    flags.boolean({"self", "Revoke the token that you ask with."}, self_);
    flags.text({"mode",
                "orphan: the children live on, as orphans. path: the argument is a path, and all tokens that "
                "were issued under it go.",
                "MODE",
                {},
                false,
                Values::choice,
                "orphan path"},
               mode_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check(context, arguments.size()); !checked) return tl::unexpected(checked.error());
    auto items = mode() == "path" ? paths(arguments) : expand_arguments(context, arguments);
    if (!items) return tl::unexpected(items.error());
    if (context.persona != Persona::vtoken) {
      if (auto checked = check(context, items->size()); !checked) return tl::unexpected(checked.error());
    }
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    TokenClient& client = (*session)->client;
    if (self_) return report_revoked(**session, client.revoke_self());
    const Item kind = accessor_ ? Item::accessor : mode() == "path" ? Item::path : Item::token;
    return revoke_each(**session, *items, kind, [&](std::string_view item) { return request(client, item); });
  }

 private:
  [[nodiscard]] std::string_view mode() const { return mode_ ? std::string_view(*mode_) : std::string_view(); }

  [[nodiscard]] Result<void> check(const Context& context, std::size_t count) const {
    const auto counted = [&](std::string_view what, std::string_view expected) {
      return fail(ErrorKind::usage, fmt::format("{} (expected {}, got {})", what, expected, count));
    };
    const bool many = context.persona == Persona::vtoken;
    if (!mode().empty() && mode() != "orphan" && mode() != "path") {
      return fail(ErrorKind::usage, fmt::format("Invalid mode: {}", mode()));
    }
    if (self_ && count > 0) return counted("Too many arguments with -self", "0");
    if (!self_ && !many && count > 1) return counted("Too many arguments", "1 or -self");
    if (!self_ && count < 1) return counted("Not enough arguments", "1 or -self");
    if (self_ && accessor_) return fail(ErrorKind::usage, "Cannot use -self with -accessor!");
    if (self_ && !mode().empty()) return fail(ErrorKind::usage, "Cannot use -self with -mode!");
    if (accessor_ && !mode().empty()) {
      return fail(ErrorKind::usage, fmt::format("Cannot use -accessor with -mode={}!", mode()));
    }
    return {};
  }

  static Result<std::vector<SecretString>> paths(const std::vector<std::string>& arguments) {
    return std::vector<SecretString>(arguments.begin(), arguments.end());
  }

  [[nodiscard]] Request request(const TokenClient& client, std::string_view item) const {
    if (accessor_) return client.accessor_request("revoke-accessor", item);
    if (mode() == "orphan") return client.token_request(Method::put, "revoke-orphan", item);
    if (mode() != "path") return client.token_request(Method::put, "revoke", item);
    Request request;
    request.method = Method::put;
    request.path = fmt::format("sys/leases/revoke-prefix/{}", item);
    return client.complete(std::move(request));
  }

  bool accessor_ = false;
  bool self_ = false;
  std::optional<std::string> mode_;
};

}  // namespace

const CommandInfo kRevoke{"revoke",
                          "End tokens and what they made",
                          "revoke [flags] TOKEN… | -self",
                          R"(Revokes tokens, and with each the tokens made with it. A TOKEN may be - for
standard input or @FILE, with a token a line. A token that is not there counts
as revoked. Batch tokens cannot be revoked: they end with their parent.

  One token and its descendants:

      $ {program} revoke @token.txt

  By accessor:

      $ {program} revoke -accessor 2Szvb6bbFGqnKREqDJCFZ7cq

  Only the token; its children become orphans:

      $ {program} revoke -mode=orphan @token.txt

  Many, and what became of each:

      $ {program} revoke -format=ndjson - < tokens.txt
)",
                          kAskFlags | kFormatFlag,
                          make_command<Revoke>,
                          Values::token,
                          Values::token};

}  // namespace vtoken::cmd
