// What a subcommand is, and how the program finds it.
//
// To add one: write cmd/NAME.cpp with a class derived from Command and a constant CommandInfo; declare the constant at
// the end of this header and add it to the table in cmd/registry.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// One run of a subcommand. Made anew for each command line, so members may hold the flags' values.
class Command {
 public:
  virtual ~Command() = default;

  /// Declares the command's own flags; those of CommandInfo::flags are there already.
  virtual void declare(FlagSet& flags) { static_cast<void>(flags); }

  /// Does the work. `arguments` are the words that are no flags. Returns the exit status, having written everything
  /// that there is to say; or an Error, which the caller prints and turns into a status (cmd/status.hpp): usage and
  /// refused into 1, all others into 2.
  [[nodiscard]] virtual Result<int> run(Context& context, const std::vector<std::string>& arguments) = 0;
};

/// The flags a command takes besides its own.
enum CommonFlags : unsigned {
  kNoFlags = 0,
  kTargetFlags = 1U << 0U,  ///< which back end: -address, -store, -key-file, -passphrase-file; and -q, -v, -exit-codes
  kRequestFlags =
      1U << 1U,  ///< which token and how to ask: -token-file, -namespace, -wrap-ttl, -header, -output-policy, …
  kFormatFlag = 1U << 2U,    ///< -format
  kFieldFlag = 1U << 3U,     ///< -field
  kDetailedFlag = 1U << 4U,  ///< -detailed
  kRawFormat = 1U << 5U,     ///< no flag: -format=raw is allowed
  kEnvFormat = 1U << 6U,     ///< no flag: -format=env is allowed
  kOurOutput = 1U << 7U,     ///< what `vtoken` alone has beside -format and -field: -output-file, further formats
  kAskFlags = kTargetFlags | kRequestFlags,
  kAnswerFlags = kAskFlags | kFormatFlag | kFieldFlag
};

/// A subcommand as the table of commands has it. One whose name begins with "__" is for programs: no list of commands
/// has it. All texts are literals. In usage and help "{program}" stands for how
/// the program was called, "vtoken" or "vault token".
struct CommandInfo {
  std::string_view name;     ///< "create", or "roles list": the words that choose it
  std::string_view summary;  ///< one line for the list of commands, without a full stop
  std::string_view usage;    ///< what follows "{program}", such as "create [flags]"
  std::string_view help;     ///< paragraphs, then examples
  unsigned flags;            ///< of CommonFlags
  std::unique_ptr<Command> (*make)();
  Values arguments = Values::any;  ///< of the first argument, which is an accessor where -accessor is given
  Values further = Values::any;    ///< of those behind it
  int usage_status = 1;            ///< the exit status for wrong usage and refusals
};

template <class C>
[[nodiscard]] std::unique_ptr<Command> make_command() {
  return std::make_unique<C>();
}

/// The subcommand that the first words name, and how many words that took; null when there is none.
struct Found {
  const CommandInfo* command = nullptr;
  std::size_t words = 0;
};
[[nodiscard]] Found find_command(Persona persona, const std::vector<std::string>& words);

/// All commands that `vtoken` lists, in that order.
[[nodiscard]] std::vector<const CommandInfo*> listed_commands();

/// The common flags that a command takes: to `vault` and `bao` those of the real command.
[[nodiscard]] unsigned flags_of(Persona persona, const CommandInfo& command);

/// The flags of the command's own that only `vtoken` takes, joined by blanks: none to `vtoken` itself.
[[nodiscard]] std::string_view flags_left_out(Persona persona, const CommandInfo& command);

/// The help of one command.
[[nodiscard]] std::string command_help(const Context& context, const CommandInfo& command, const FlagSet& flags);

/// The list of commands: of all, or of those whose name begins with `group`, such as "roles"; empty when there is no
/// such group.
[[nodiscard]] std::string overview(const Context& context, std::string_view group);

extern const CommandInfo kCreate;
extern const CommandInfo kLookup;
extern const CommandInfo kRenew;
extern const CommandInfo kRun;
extern const CommandInfo kRevoke;
extern const CommandInfo kCapabilities;
extern const CommandInfo kRolesList;
extern const CommandInfo kRolesRead;
extern const CommandInfo kRolesWrite;
extern const CommandInfo kRolesDelete;
extern const CommandInfo kAccessorsList;
extern const CommandInfo kAccessorsLookup;
extern const CommandInfo kAccessorsRevoke;
extern const CommandInfo kList;
extern const CommandInfo kRead;
extern const CommandInfo kWrite;
extern const CommandInfo kDelete;
extern const CommandInfo kUnwrap;
extern const CommandInfo kPolicyList;
extern const CommandInfo kPolicyRead;
extern const CommandInfo kPolicyWrite;
extern const CommandInfo kPolicyDelete;
extern const CommandInfo kPolicyFmt;
extern const CommandInfo kPrintToken;
extern const CommandInfo kInspect;
extern const CommandInfo kScan;
extern const CommandInfo kStoreInit;
extern const CommandInfo kStoreStatus;
extern const CommandInfo kStoreAuditEnable;
extern const CommandInfo kStoreAuditDisable;
extern const CommandInfo kStoreAuditStatus;
extern const CommandInfo kStoreAuditHash;
extern const CommandInfo kStoreVerify;
extern const CommandInfo kStoreRotate;
extern const CommandInfo kStoreRekey;
extern const CommandInfo kStoreBackup;
extern const CommandInfo kStoreRestore;
extern const CommandInfo kStoreTidy;
extern const CommandInfo kDescribe;
extern const CommandInfo kComplete;

}  // namespace vtoken::cmd
