// What the conformance suite runs against: any back end with a root token and a way to let time pass. A new back end
// joins by adding itself to subjects().
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/token_client.hpp"

namespace vtoken::conformance {

class Subject {
 public:
  virtual ~Subject() = default;
  /// A connection of its own: several may be open at once.
  [[nodiscard]] virtual std::unique_ptr<Backend> connect() = 0;
  [[nodiscard]] virtual SecretString root() const = 0;
  /// Lets `seconds` pass, in truth or by a clock.
  virtual void wait(int seconds) = 0;
  /// Whether it keeps what the documents promise and servers do not (reference.md): a store does.
  [[nodiscard]] virtual bool keeps_promises() const = 0;
};

struct SubjectMaker {
  std::string name;
  std::function<std::unique_ptr<Subject>()> make;
};

/// All back ends to test. Each call to `make` starts afresh.
[[nodiscard]] std::vector<SubjectMaker> subjects();

/// One subject with a root client, and short ways to say what tests say often. Failed requirements end the test case.
class Bench {
 public:
  explicit Bench(const SubjectMaker& maker);

  [[nodiscard]] Subject& subject() { return *subject_; }
  [[nodiscard]] TokenClient& root() { return root_; }
  /// A client that shows `token`.
  [[nodiscard]] TokenClient as(std::string_view token);

  /// Creates as root, or as `parent`.
  [[nodiscard]] Auth create(const CreateOptions& options);
  [[nodiscard]] Auth create(const CreateOptions& options, std::string_view parent);
  /// The "data" of a lookup of `token` by root.
  [[nodiscard]] Json lookup(std::string_view token);
  /// Whether `token` may look itself up.
  [[nodiscard]] bool alive(std::string_view token);

 private:
  std::unique_ptr<Subject> subject_;
  std::unique_ptr<Backend> backend_;
  TokenClient root_;
};

/// Checks that a call was refused with this status and text.
void check_refused(const ApiResult<Answer>& answer, int status, const std::string& text);

/// The answer's token; a requirement fails when there is none.
[[nodiscard]] Auth auth_of(const ApiResult<Answer>& answer);

}  // namespace vtoken::conformance

/// Runs a test's body once for each back end: each_subject([](Bench& bench) { … });
template <class Body>
void each_subject(const Body& body) {
  for (const auto& maker : vtoken::conformance::subjects()) {
    INFO(maker.name);
    vtoken::conformance::Bench bench(maker);
    body(bench, maker.name);
  }
}
