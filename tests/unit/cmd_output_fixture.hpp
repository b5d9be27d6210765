// An Output that writes to strings.
#pragma once

#include <sstream>
#include <string>

#include "cmd/output.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {

struct Printer {
  std::istringstream in = {};
  std::ostringstream out = {};
  std::ostringstream err = {};
  Streams streams{in, out, err};
  Output output;

  explicit Printer(Format format = Format::table) : output(streams, {.format = format, .address = "http://a:1"}) {}

  /// What was printed since the last call.
  [[nodiscard]] std::string printed() {
    std::string text = out.str();
    out.str("");
    return text;
  }
  [[nodiscard]] std::string said() {
    std::string text = err.str();
    err.str("");
    return text;
  }
};

/// An answer from its JSON text.
[[nodiscard]] inline Answer answer_of(std::string_view text) {
  return read_answer({200, SecretString(text), {}}).value();
}

}  // namespace vtoken::cmd
