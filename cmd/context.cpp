#include "cmd/context.hpp"

#include <fmt/format.h>

namespace vtoken::cmd {
namespace {

std::optional<Variable> variable(const Environment& environment, std::string name) {
  const auto found = environment.find(name);
  if (found == environment.end() || found->second.empty()) return std::nullopt;
  return Variable{std::move(name), found->second};
}

}  // namespace

std::string Context::invocation(std::string_view command) const {
  return fmt::format("{}{} {}", program, persona == Persona::vtoken ? "" : " token", command);
}

Result<std::optional<Variable>> read_variable(const Context& context, std::string_view name) {
  auto vault = variable(context.environment, fmt::format("VAULT_{}", name));
  if (context.persona == Persona::vault) return vault;
  auto bao = variable(context.environment, fmt::format("BAO_{}", name));
  const bool hides = context.persona == Persona::bao && context.environment.count(fmt::format("BAO_{}", name)) != 0;
  if (hides) return bao;
  if (context.persona == Persona::vtoken && vault && bao && vault->value != bao->value) {
    return fail(ErrorKind::usage,
                fmt::format("{} and {} are set to different values: unset one of them", vault->name, bao->name));
  }
  return bao ? bao : vault;
}

std::optional<Variable> read_own_variable(const Context& context, std::string_view name) {
  return variable(context.environment, std::string(name));
}

}  // namespace vtoken::cmd
