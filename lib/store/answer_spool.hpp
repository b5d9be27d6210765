// Answers that wait for a commit. Few are kept in memory; more go to a file without a name, sealed under a key that
// only this process has, so that memory does not grow with a long transaction.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/request.hpp"

namespace vtoken::store {

class AnswerSpool {
 public:
  /// `beside` is the store's file, in whose folder the other one is made when it is needed. Of `in_memory` bytes of
  /// answers at most three times as much are held.
  explicit AnswerSpool(std::string beside, std::size_t in_memory = std::size_t{1} << 20U);
  ~AnswerSpool();
  AnswerSpool(const AnswerSpool&) = delete;
  AnswerSpool& operator=(const AnswerSpool&) = delete;

  /// Keeps one more. Fails with io when the file cannot be written.
  [[nodiscard]] Result<void> add(const Response& answer);

  /// Gives each back, in their order, until `take` says no; once. Fails with io when the file cannot be read.
  [[nodiscard]] Result<void> each(const std::function<bool(Response)>& take);

 private:
  struct Block {
    std::size_t offset;
    std::size_t size;
  };

  [[nodiscard]] Result<void> spill();
  [[nodiscard]] Result<SecretString> read(std::size_t number) const;
  [[nodiscard]] Error failed(const char* doing) const;

  std::string beside_;
  std::size_t in_memory_;
  SecretString waiting_;  // not in the file yet
  std::optional<AesGcm> cipher_;
  std::unique_ptr<Descriptor> file_;
  std::vector<Block> blocks_;
  std::size_t end_ = 0;  // of the file
};

}  // namespace vtoken::store
