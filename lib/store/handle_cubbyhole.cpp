// cubbyhole/PATH: private to the token that asks.
#include "core/json.hpp"
#include "store/auth_data.hpp"
#include "store/call.hpp"
#include "store/cubbyhole_table.hpp"
#include "store/wrapping.hpp"

namespace vtoken::store {
namespace {

constexpr const char* kReadDirectly =
    "Reading from 'cubbyhole/response' is deprecated. Please use sys/wrapping/unwrap to unwrap responses, as it "
    "provides additional security checks and other benefits.";

std::optional<Response> refuse_batch(const Call& call) {
  if (!call.caller.batch) return std::nullopt;
  return reply_error(400, "cubbyhole operations are only supported by 'service' type tokens");
}

// What a read's query says means nothing here.
Warnings warn_query(const Call& call) {
  Warnings warnings;
  std::vector<std::string> unknown;
  for (const auto& [name, value] : call.body.items()) {
    if (name != "path") unknown.emplace_back(name.view());
  }
  warn_unknown(unknown, warnings);
  if (call.body.contains("path")) warn_replaced("path", warnings);
  return warnings;
}

CubbyholeTable own_cubbyhole(Call& call) { return {call.database, call.keyring, call.caller.row.seq}; }

}  // namespace

Result<Existing> item_exists(Call& call) {
  if (auto refusal = refuse_batch(call)) return Existing{false, std::move(refusal)};
  const auto data = own_cubbyhole(call).read(call.argument);
  if (!data) return tl::unexpected(data.error());
  return Existing{data->has_value()};
}

Result<Response> handle_read_cubbyhole(Call& call) {
  if (auto refusal = refuse_batch(call)) return std::move(*refusal);
  if (call.argument.empty()) return reply_raised(500, "missing path");
  const auto data = own_cubbyhole(call).read(call.argument);
  if (!data) return tl::unexpected(data.error());
  if (!*data) return reply_absent();
  Warnings warnings = warn_query(call);
  if (call.argument == "response" && is_wrapping(call.caller.row.entry)) warnings.emplace_back(kReadDirectly);
  return reply(200, (*data)->view(), {}, warnings);
}

Result<Response> handle_write_cubbyhole(Call& call) {
  if (auto refusal = refuse_batch(call)) return std::move(*refusal);
  if (call.body.empty()) return reply_raised(500, "missing data fields");
  if (call.argument.empty()) return reply_raised(500, "missing path");
  if (!call.may_write) return call.needs_write();
  const auto written = own_cubbyhole(call).write(call.argument, dump_json(call.body).view());
  if (!written) return tl::unexpected(written.error());
  call.changed = true;
  call.only_added = true;
  return reply_done();
}

Result<Response> handle_delete_cubbyhole(Call& call) {
  if (auto refusal = refuse_batch(call)) return std::move(*refusal);
  if (!call.may_write) return call.needs_write();
  const auto erased = own_cubbyhole(call).erase(call.argument);
  if (!erased) return tl::unexpected(erased.error());
  call.changed = true;
  call.only_added = true;
  return reply_done();
}

Result<Response> handle_list_cubbyhole(Call& call) {
  if (auto refusal = refuse_batch(call)) return std::move(*refusal);
  std::string folder(call.argument);
  if (!folder.empty()) folder += '/';
  const auto names = own_cubbyhole(call).list(folder);
  if (!names) return tl::unexpected(names.error());
  const Warnings warnings = warn_query(call);
  if (names->empty() && warnings.empty()) return reply_absent();
  Json data = Json::object();
  if (!names->empty()) data["keys"] = names_data(*names);
  return reply_data(data, warnings);
}

}  // namespace vtoken::store
