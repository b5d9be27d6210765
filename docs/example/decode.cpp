// Says what each token on standard input is, a line each. Needs no key and asks nobody.
#include <vtoken/token/decode.hpp>
#include <vtoken/token/mask.hpp>

#include <iostream>
#include <string>

int main() {
  int faults = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const vtoken::DecodedToken token = vtoken::decode_token(line);
    std::cout << vtoken::mask_token(line) << ": " << vtoken::name_of(token.type) << ", "
              << vtoken::name_of(token.format);
    if (token.wal_index) std::cout << ", index " << *token.wal_index;
    if (token.key_term) std::cout << ", key term " << *token.key_term;
    if (token.fault) {
      std::cout << ", damaged";
      ++faults;
    }
    std::cout << '\n';
  }
  return faults == 0 ? 0 : 1;
}
