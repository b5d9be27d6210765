#include "cmd/created_rows.hpp"

#include <algorithm>
#include <cerrno>
#include <ostream>

#include "cmd/output_json.hpp"
#include "cmd/output_table.hpp"
#include "cmd/output_yaml.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kEndless = "∞";

constexpr Nanoseconds kFlushEvery = kSecond / 10;
constexpr std::string_view kGlue = "    ";

// As a part of a list: two more blanks before each line. Texts within hold no bare line ends.
SecretString indented(const SecretString& json) {
  SecretString out;
  out.reserve(json.size() + json.size() / 4);
  for (const char c : json) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

Glance glance_of(const Answer& made) {
  if (made.wrap_info) return {made.wrap_info->token.view(), made.wrap_info->accessor, made.wrap_info->ttl, true};
  if (made.auth) return {made.auth->client_token.view(), made.auth->accessor, made.auth->lease_duration, false};
  return {};
}

}  // namespace

CreatedRows::CreatedRows(Session& session)
    : session_(session),
      out_(session.output.streams().out),
      flushed_(session.context.services.clock.now()),
      glanced_(Glanced::nothing) {
  const auto& field = session.context.common.field;
  const bool table = session.output.format() == Format::table;
  if (!field && table) glanced_ = Glanced::row;
  if (!field || !(table || session.output.options().field_is_raw)) return;
  if (*field == "token") glanced_ = Glanced::token;
  if (*field == "wrapping_token") glanced_ = Glanced::wrapping_token;
}

void CreatedRows::write(std::string_view text) {
  if (broken_) return;
  errno = 0;
  out_.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (out_.good()) return;
  broken_ = true;
  reader_gone_ = errno == EPIPE;
}

void CreatedRows::flush() {
  if (broken_) return;
  errno = 0;
  if (out_.flush().good()) {
    written_ = count_;
    return;
  }
  broken_ = true;
  reader_gone_ = errno == EPIPE;
}

void CreatedRows::tick(Nanoseconds now) {
  if (now - flushed_ < kFlushEvery || written_ == count_) return;
  flushed_ = now;
  flush();
}

int CreatedRows::add(const Answer& made) {
  int status = kDone;
  if (session_.context.common.field) {
    status = add_field(made);
  } else {
    switch (session_.output.format()) {
      case Format::json: add_json(made); break;
      case Format::yaml: status = add_yaml(made); break;
      case Format::table: add_row(glance_of(made)); break;
      default: status = session_.output.answer(made); break;
    }
  }
  if (status == kDone) ++count_;
  return status;
}

int CreatedRows::add_field(const Answer& made) {
  const int status = session_.output.field(made, *session_.context.common.field);
  if (status == kDone && !session_.output.streams().out_is_terminal) write("\n");
  return status;
}

void CreatedRows::add_json(const Answer& made) {
  write(count_ == 0 ? "[\n  " : ",\n  ");
  write(indented(answer_json(made)).view());
}

int CreatedRows::add_yaml(const Answer& made) {
  const auto whole = parse_json(answer_json(made).view());
  const auto text = yaml_text(Json::array({whole.value_or(Json())}));
  if (!text) return session_.output.failure("Could not parse output", text.error());
  write(text->view());
  return kDone;
}

bool CreatedRows::add(const Glance& made) {
  if (glanced_ == Glanced::row) {
    add_row(made);
  } else {
    if (made.wrapped != (glanced_ == Glanced::wrapping_token)) return false;
    write(made.token);
    write("\n");
  }
  ++count_;
  return true;
}

void CreatedRows::add_row(const Glance& made) {
  if (made.seconds != seconds_) {
    seconds_ = made.seconds;
    duration_ = seconds_ == 0 ? SecretString(kEndless) : human_seconds(seconds_);
  }
  SecretString text;
  const auto row = [&](std::string_view first, std::string_view second, std::string_view third) {
    if (accessor_width_ > 0) {
      text += first;
      text.append(accessor_width_ - std::min(accessor_width_, first.size()), ' ');
      text += kGlue;
    }
    text += second;
    const std::size_t columns = second == kEndless ? 1 : second.size();
    text.append(duration_width_ - std::min(duration_width_, columns), ' ');
    text += kGlue;
    text += third;
    text += '\n';
  };
  if (count_ == 0) {
    constexpr std::string_view kAccessor = "Accessor";
    constexpr std::string_view kDuration = "Duration";
    if (!made.accessor.empty()) accessor_width_ = std::max(kAccessor.size(), made.accessor.size());
    duration_width_ = std::max(kDuration.size(), duration_.size());
    row(kAccessor, kDuration, made.wrapped ? "Wrapping token" : "Token");
    row("--------", "--------", made.wrapped ? "--------------" : "-----");
  }
  row(made.accessor, duration_.view(), made.token);
  write(text.view());
}

void CreatedRows::finish() {
  if (!session_.context.common.field && session_.output.format() == Format::json) {
    write(count_ == 0 ? "[]\n" : "\n]\n");
  }
  if (!session_.context.common.field && session_.output.format() == Format::yaml && count_ == 0) write("[]\n");
  flush();
}

}  // namespace vtoken::cmd
