// Every page, row, seal, hash and reference of a store, read once.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "policy/policy.hpp"
#include "store/admin.hpp"
#include "store/audit_config.hpp"
#include "store/cubbyhole_table.hpp"
#include "store/policy_table.hpp"
#include "store/role.hpp"
#include "store/schema.hpp"
#include "store/token_table.hpp"

namespace vtoken::store {
namespace {

constexpr std::size_t kMostFindings = 100;

class Verifier {
 public:
  explicit Verifier(StoreFile& file) : file_(file), database_(file.database()) {}

  Result<VerifyReport> run() {
    auto transaction = Transaction::begin(database_, TransactionKind::deferred);
    if (!transaction) return tl::unexpected(transaction.error());
    if (auto fresh = file_.refresh(); !fresh) return tl::unexpected(fresh.error());
    pages();
    schema();
    state();
    audit();
    tokens();
    parents();
    roles();
    policies();
    cubbyholes();
    if (failure_) return tl::unexpected(*failure_);
    if (left_out_ > 0) report_.findings.push_back(fmt::format("and {} more", left_out_));
    return std::move(report_);
  }

 private:
  void find(std::string text) {
    if (report_.findings.size() < kMostFindings) {
      report_.findings.push_back(std::move(text));
    } else {
      ++left_out_;
    }
  }

  // Damage is what is looked for; anything else (the disk cannot be read) ends the search.
  void failed(std::string_view where, const Error& error) {
    if (error.kind == ErrorKind::damaged) {
      find(fmt::format("{}: cannot be read to its end", where));
    } else if (!failure_) {
      failure_ = error;
    }
  }

  // Calls `visit` for each row of a query.
  template <class Visit>
  void each(std::string_view where, Sql sql, Visit visit) {
    auto statement = database_.prepare(sql);
    if (!statement) return failed(where, statement.error());
    while (true) {
      auto row = (*statement)->step();
      if (!row) return failed(where, row.error());
      if (!*row) return;
      visit(**statement);
    }
  }

  void pages() {
    each("the file's pages", "PRAGMA integrity_check(100)", [this](const Statement& row) {
      const std::string_view text = row.blob(0);
      if (text != "ok") find(fmt::format("the file's pages: {}", text));
    });
  }

  void schema() {
    auto name = foreign_schema_object(database_);
    if (!name) return failed("the tables", name.error());
    if (!name->empty()) find(fmt::format("the tables: {} is not as the format has it", *name));
  }

  void state() {
    auto state = read_state(database_);
    if (!state) return failed("the state", state.error());
    next_seq_ = state->next_seq;
    if (state->commit_index < 0) find("the state: the commit index is negative");
    if (state->index_epoch < 0 || state->index_epoch > std::numeric_limits<std::uint32_t>::max()) {
      find("the state: the index epoch is out of range");
    }
  }

  void audit() {
    const auto config = read_audit_config(database_, file_.keyring());
    if (config) return;
    if (config.error().kind != ErrorKind::damaged) return failed("the audit configuration", config.error());
    find("the audit configuration: it does not open");
  }

  void tokens() {
    each("the tokens", "SELECT seq, parent, expire_at, uses, id_hash, accessor_hash, sealed FROM tokens",
         [this](const Statement& row) {
           ++report_.tokens;
           token(row);
         });
  }

  void token(const Statement& at) {
    TokenRow row;
    row.seq = at.integer(0);
    row.parent = at.integer(1);
    row.expire_at = at.integer(2);
    row.uses = at.integer(3);
    const auto say = [&](std::string_view what) { find(fmt::format("token {}: {}", row.seq, what)); };
    if (row.seq >= next_seq_) say("its number was not given out yet");
    if (row.parent != 0 && (row.parent >= row.seq || row.parent < 0)) say("its parent is younger than it is");
    const std::string_view id = at.blob(4);
    const std::string_view accessor = at.blob(5);
    if (id.size() != kHashSize || accessor.size() != kHashSize) return say("a keyed hash has the wrong length");
    std::copy(id.begin(), id.end(), row.id_hash.bytes.begin());
    std::copy(accessor.begin(), accessor.end(), row.accessor_hash.bytes.begin());
    if (!open_row(row, at.blob(6), file_.keyring())) return say("its entry does not open");
    if (file_.keyring().hash_accessor(row.entry.accessor) != row.accessor_hash) {
      say("its accessor is not the one it is filed under");
    }
  }

  void parents() {
    each("the parents",
         "SELECT seq FROM tokens WHERE parent IS NOT NULL AND NOT EXISTS "
         "(SELECT 1 FROM tokens AS older WHERE older.seq = tokens.parent)",
         [this](const Statement& row) { find(fmt::format("token {}: its parent is missing", row.integer(0))); });
  }

  void roles() {
    each("the roles", "SELECT name_hash, sealed FROM roles", [this](const Statement& row) {
      ++report_.roles;
      const std::string_view hash = row.blob(0);
      const auto plain = file_.keyring().open(row.blob(1), row_aad("roles", hash));
      const auto role = plain ? decode_role(as_text(*plain)) : std::nullopt;
      if (!role) return find(fmt::format("role {}: its entry does not open", report_.roles));
      if (file_.keyring().hash_name(role->name).view() != hash) {
        find(fmt::format("role {}: its name is not the one it is filed under", report_.roles));
      }
    });
  }

  void policies() {
    std::int64_t number = 0;
    each("the policies", "SELECT name_hash, sealed FROM policies", [&](const Statement& row) {
      ++number;
      const std::string_view hash = row.blob(0);
      const auto plain = file_.keyring().open(row.blob(1), row_aad("policies", hash));
      const auto policy = plain ? decode_policy(as_text(*plain)) : std::nullopt;
      if (!policy) return find(fmt::format("policy {}: its entry does not open", number));
      if (policy_hash(file_.keyring(), policy->name).view() != hash) {
        find(fmt::format("policy {}: its name is not the one it is filed under", number));
      }
      if (const auto parsed = policy::parse_policy(policy->name, policy->text); !parsed) {
        find(fmt::format("policy \"{}\": {}", policy->name, parsed.error().message));
      }
    });
  }

  void cubbyholes() {
    each("the cubbyholes", "SELECT seq, path_hash, sealed FROM cubbyhole", [this](const Statement& row) {
      const std::int64_t seq = row.integer(0);
      const auto item = open_item(seq, row.blob(1), row.blob(2), file_.keyring());
      if (!item) return find(fmt::format("cubbyhole of token {}: an item does not open", seq));
      if (cubbyhole_hash(file_.keyring(), item->path).view() != row.blob(1)) {
        find(fmt::format("cubbyhole of token {}: an item's path is not the one it is filed under", seq));
      }
    });
    each("the cubbyholes",
         "SELECT DISTINCT seq FROM cubbyhole WHERE NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.seq = cubbyhole.seq)",
         [this](const Statement& row) {
           find(fmt::format("cubbyhole of token {}: its token is gone", row.integer(0)));
         });
  }

  StoreFile& file_;
  Database& database_;
  VerifyReport report_;
  std::int64_t next_seq_ = 0;
  std::size_t left_out_ = 0;
  std::optional<Error> failure_;
};

}  // namespace

Result<VerifyReport> verify(StoreFile& file) { return Verifier(file).run(); }

}  // namespace vtoken::store
