#include "cmd/creation_flags.hpp"

#include <utility>

#include "cmd/inputs.hpp"

namespace vtoken::cmd {

void CreationFlags::declare(FlagSet& flags) {
  flags.text({"id",
              "Use this as the token instead of a random one; as vtoken also - or @FILE. Needs sudo.",
              "TOKEN",
              {},
              false,
              Values::token},
             id_);
  flags.text({"display-name", "A name to know the token by; no secret.", "NAME"}, create.display_name);
  flags.duration(
      {"ttl", "How long the token lives unless it is renewed: 30m, 24h, 7d, or a number of seconds.", "DURATION"},
      create.ttl);
  flags.duration({"explicit-max-ttl", "The token never lives longer than this, whatever its renewals.", "DURATION"},
                 create.explicit_max_ttl);
  flags.duration({"period", "Every renewal gives so long again, for ever. Needs sudo.", "DURATION"}, create.period);
  flags.boolean({"renewable", "Whether the token can be renewed; on unless -renewable=false."}, create.renewable);
  flags.boolean({"orphan", "Make a token without a parent, which outlives yours. Needs sudo."}, create.orphan);
  flags.boolean({"no-default-policy", "Leave out the policy \"default\"."}, create.no_default_policy);
  flags.integer({"use-limit", "The token works so many times; 0 is without limit.", "COUNT"}, create.num_uses);
  flags.text({.name = "role",
              .help = "Make the token by this role, which may overrule the other flags.",
              .value = "NAME",
              .values = Values::role},
             role_);
  flags.text({.name = "type",
              .help = "service (the default) or batch.",
              .value = "TYPE",
              .values = Values::choice,
              .choices = "service batch"},
             create.type);
  flags.pairs({"metadata", "Attach a pair to the token; may be given again.", "KEY=VALUE"}, create.meta);
  flags.list({.name = "policy",
              .help = "A policy of the token; may be given again. Without any, yours.",
              .value = "NAME",
              .values = Values::policy},
             create.policies);
  flags.boolean({"require-policies", "Make no token when one of its policies does not exist."}, require_policies);
  flags.text({"entity-alias", "Tie the token to this entity alias. Needs -role.", "NAME"}, create.entity_alias);
}

Result<void> CreationFlags::settle(const Context& context) {
  if (require_policies && context.persona != Persona::vtoken) {
    return fail(ErrorKind::usage, "flag provided but not defined: -require-policies");
  }
  if (id_) create.id = SecretString(*id_);
  if (id_ && context.persona == Persona::vtoken && (*id_ == "-" || id_->starts_with('@'))) {
    auto read = expand_one(context, *id_);
    if (!read) return tl::unexpected(read.error());
    create.id = std::move(*read);
  }
  create.role = role_.value_or("");
  return {};
}

}  // namespace vtoken::cmd
