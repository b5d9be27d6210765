// A program that is no part of this project: it includes headers of token/ only, and links vtoken_token and
// vtoken_base. It mints a token of each kind and reads it again. Prints what is wrong; the status is the number of
// mistakes.
#include <iostream>
#include <string>

#include "token/decode.hpp"
#include "token/explain.hpp"
#include "token/mint.hpp"
#include "token/scan.hpp"

namespace {

int mistakes = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "wrong: " << what << "\n";
  ++mistakes;
}

}  // namespace

int main() {
  vtoken::Key key{};
  key.fill(7);
  vtoken::MintSettings settings;
  settings.local_index = 12345;
  settings.index_epoch = 2;
  settings.key_term = 3;
  settings.entry.policies = {"ci"};
  for (const auto format : {vtoken::TokenFormat::ssc, vtoken::TokenFormat::inner, vtoken::TokenFormat::legacy,
                            vtoken::TokenFormat::batch, vtoken::TokenFormat::recovery, vtoken::TokenFormat::accessor,
                            vtoken::TokenFormat::uuid, vtoken::TokenFormat::jwt}) {
    settings.format = format;
    const auto minted = vtoken::mint_token(settings, key);
    check(minted.has_value(), "minting");
    if (!minted) continue;
    const vtoken::DecodedToken token = vtoken::decode_token(minted->view());
    check(token.format == format && !token.fault, "format");
    check(!vtoken::explain_token(minted->view()).empty(), "explanation");
    if (token.ssc) {
      check(token.wal_index == 12345U && token.index_epoch == 2U, "index and epoch");
      check(vtoken::verify_ssc(*token.ssc, key), "HMAC");
    }
    if (token.batch) {
      const auto entry = vtoken::open_batch(*token.batch, vtoken::AesGcm(key));
      check(token.key_term == 3U && entry && entry->policies == settings.entry.policies, "batch token's contents");
    }
  }
  settings.format = vtoken::TokenFormat::ssc;
  const std::string log = "token=" + std::string(vtoken::mint_token(settings, key)->view()) + " ok";
  const auto found = vtoken::find_token(log, 0, log.size());
  check(found && found->at == 6 && found->confidence == vtoken::Confidence::proved, "finding");
  settings.key_term = 0;
  settings.format = vtoken::TokenFormat::batch;
  check(!vtoken::mint_token(settings, key), "a key term of 0");
  return mistakes;
}
