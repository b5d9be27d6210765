// The protobuf messages that tokens hold, and what each of their fields means.
#include <array>
#include <utility>

#include "token/explain.hpp"
#include "token/explain_parts.hpp"
#include "token/ssc.hpp"

namespace vtoken {
namespace {

using explain::Known;
using explain::Reads;
using explain::Schema;

constexpr std::array kTokenFields{
    Known{1, "random", Reads::hidden, "the inner id; works as the token by itself"},
    Known{2, "local_index", Reads::number, "the WAL index that a node must have reached"},
    Known{3, "index_epoch", Reads::number, "rises when a cluster's history is replaced"},
    Known{50, "state", Reads::text, "the WAL index in decimal digits, as OpenBao's clusters write it"}};
constexpr Schema kToken{kTokenFields};

constexpr std::array kSignedFields{Known{1, "version", Reads::number},
                                   Known{2, "hmac", Reads::hidden, "HMAC-SHA-256 over field 3"},
                                   Known{3, "token", Reads::message, "Token", &kToken}};
constexpr Schema kSigned{kSignedFields};

constexpr std::array kPairFields{Known{1, "key", Reads::text}, Known{2, "value", Reads::text}};
constexpr Schema kPair{kPairFields};

// Source: openbao sdk/plugin/pb/backend.proto.
constexpr std::array kEntryFields{Known{1, "id", Reads::hidden},
                                  Known{2, "accessor", Reads::text},
                                  Known{3, "parent", Reads::hidden, "the parent's id; works as a token"},
                                  Known{4, "policies", Reads::text},
                                  Known{5, "path", Reads::text},
                                  Known{6, "meta", Reads::message, {}, &kPair},
                                  Known{7, "display_name", Reads::text},
                                  Known{8, "num_uses", Reads::number},
                                  Known{9, "creation_time", Reads::time},
                                  Known{10, "ttl", Reads::ttl},
                                  Known{11, "explicit_max_ttl", Reads::ttl},
                                  Known{12, "role", Reads::text},
                                  Known{13, "period", Reads::ttl},
                                  Known{14, "entity_id", Reads::text},
                                  Known{15, "bound_cidrs", Reads::text},
                                  Known{16, "namespace_id", Reads::text},
                                  Known{17, "cubbyhole_id", Reads::hidden},
                                  Known{18, "type", Reads::number, "2 is batch"},
                                  Known{19, "internal_meta", Reads::message, {}, &kPair},
                                  Known{20, "inline_policy", Reads::text},
                                  Known{21, "no_identity_policies", Reads::number, "1 is true"},
                                  Known{22, "external_id", Reads::hidden}};
constexpr Schema kEntry{kEntryFields};

}  // namespace

TokenLayer explain::signed_layer(SecretBytes bytes) {
  TokenLayer layer{"SignedToken (protobuf)", std::move(bytes), {}};
  const std::string_view message = as_text(layer.bytes);
  add_fields(message, 0, 0, kSigned, layer.parts);
  SscToken unused;
  if (const auto fault = read_signed_token(message, unused)) mark_damaged(layer.parts, fault->at);
  return layer;
}

TokenLayer explain_entry(std::string_view plaintext) {
  TokenLayer layer{"TokenEntry (protobuf)", {plaintext.begin(), plaintext.end()}, {}};
  explain::add_fields(plaintext, 0, 0, kEntry, layer.parts);
  return layer;
}

}  // namespace vtoken
