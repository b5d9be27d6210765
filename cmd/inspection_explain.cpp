#include "cmd/inspection_explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/hex.hpp"
#include "cmd/readable.hpp"
#include "core/json.hpp"
#include "token/explain.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kBytesInLine = 8;
constexpr std::size_t kColumns = 80;
constexpr std::size_t kDumpColumns = 42;  // offset, bytes and characters, and the space behind them

// Words in lines of at most `width` columns; a word that is longer is cut.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    while (!word.empty()) {
      const std::size_t used = count_columns(lines.back());
      const std::size_t needed = count_columns(word) + (used == 0 ? 0 : 1);
      if (used + needed <= width) {
        if (used != 0) lines.back() += ' ';
        lines.back() += word;
        break;
      }
      if (used != 0) {
        lines.emplace_back();
        continue;
      }
      lines.back() = first_columns(word, width);
      word.remove_prefix(lines.back().size());
      lines.emplace_back();
    }
  }
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

bool is_masked(const TokenPart& part, bool reveal) { return part.secret && !reveal; }

void append_bytes(SecretString& out, std::string_view bytes, std::size_t at, bool masked) {
  out += std::string_view(fmt::format("{:6x}  ", at));
  for (std::size_t i = 0; i < kBytesInLine; ++i) {
    if (i >= bytes.size()) {
      out += "   ";
    } else if (masked) {
      out += "** ";
    } else {
      out += std::string_view(fmt::format("{:02x} ", static_cast<unsigned char>(bytes[i])));
    }
  }
  out += ' ';
  for (std::size_t i = 0; i < kBytesInLine; ++i) {
    const char c = i < bytes.size() ? bytes[i] : ' ';
    const bool is_plain = c >= ' ' && c < 0x7f;
    out += masked && i < bytes.size() ? '*' : is_plain ? c : '.';
  }
}

void append_line(SecretString& out, SecretString line) {
  const std::size_t end = line.find_last_not_of(' ');
  line.resize(end == SecretString::npos ? 0 : end + 1);
  out += line;
  out += '\n';
}

std::string note_of(const TokenPart& part) {
  std::string note = part.name;
  if (!part.meaning.empty()) note += ": " + part.meaning;
  if (part.damaged) note += " (damaged)";
  return readable(note);
}

void append_part(SecretString& out, const TokenLayer& layer, const TokenPart& part, bool reveal) {
  const std::string_view bytes = as_text(layer.bytes).substr(part.at, part.size);
  const bool masked = is_masked(part, reveal);
  const std::string indent(2 * std::min(part.depth, 6U), ' ');
  const std::vector<std::string> notes = wrapped(note_of(part), kColumns - kDumpColumns - indent.size());
  const std::size_t lines = std::max((bytes.size() + kBytesInLine - 1) / kBytesInLine, notes.size());
  bool is_starred = false;
  for (std::size_t i = 0; i < lines; ++i) {
    const std::size_t at = i * kBytesInLine;
    const bool has_note = i < notes.size();
    const bool repeats = masked && !has_note && i > 0 && at + kBytesInLine <= bytes.size();
    if (repeats) {
      if (!is_starred) out += "     *\n";
      is_starred = true;
      continue;
    }
    SecretString line;
    if (at < bytes.size()) append_bytes(line, bytes.substr(at, kBytesInLine), part.at + at, masked);
    line.resize(std::max(line.size(), kDumpColumns), ' ');
    if (has_note) line += std::string_view(indent + notes[i]);
    append_line(out, std::move(line));
  }
}

std::vector<TokenLayer> layers_of(const Inspection& inspection) {
  std::vector<TokenLayer> layers = explain_token(inspection.text.view());
  if (inspection.keys.plaintext) layers.push_back(explain_entry(as_text(*inspection.keys.plaintext)));
  return layers;
}

enum class Column { none, service, batch };

// The back end knows better than the text what a custom id is.
Column column_of(const Inspection& inspection) {
  TokenType type = inspection.token.type;
  const std::string_view told = inspection.live.data ? text_member(*inspection.live.data, "type") : "";
  if (told == "service") type = TokenType::service;
  if (told == "batch") type = TokenType::batch;
  if (type == TokenType::service) return Column::service;
  return type == TokenType::batch ? Column::batch : Column::none;
}

std::string_view unmarked(TokenType type) {
  switch (type) {
    case TokenType::accessor:
      return "This is an accessor, no token: it looks up, renews and revokes one, whose type it does not tell.";
    case TokenType::recovery:
      return "This is a recovery token: it is for a server in recovery mode, and none of this is said of it.";
    default: return "Which type this is, its text does not tell; custom ids are service tokens.";
  }
}

void append_row(SecretString& out, const std::array<std::string_view, 3>& cells) {
  constexpr std::array<std::size_t, 3> kWidths{31, 23, 22};
  std::array<std::vector<std::string>, 3> lines;
  std::size_t height = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    lines[i] = wrapped(cells[i], kWidths[i]);
    height = std::max(height, lines[i].size());
  }
  for (std::size_t row = 0; row < height; ++row) {
    SecretString line;
    std::size_t edge = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line.resize(edge, ' ');
      if (row < lines[i].size()) line += std::string_view(lines[i][row]);
      edge += kWidths[i] + 2;
    }
    append_line(out, std::move(line));
  }
}

void append_abilities(SecretString& out, const Inspection& inspection) {
  const Column column = column_of(inspection);
  if (column == Column::none) {
    for (const std::string& line : wrapped(unmarked(inspection.token.type), kColumns)) append_line(out, line);
    out += '\n';
  }
  append_row(out, {"What a token can do", column == Column::service ? "Service  <- this one" : "Service",
                   column == Column::batch ? "Batch  <- this one" : "Batch"});
  append_row(out, {"-------------------", column == Column::service ? "--------------------" : "-------",
                   column == Column::batch ? "------------------" : "-----"});
  for (const Ability& ability : abilities()) append_row(out, {ability.what, ability.service, ability.batch});
}

Json part_json(const TokenLayer& layer, const TokenPart& part, bool reveal) {
  const std::string_view bytes = as_text(layer.bytes).substr(part.at, part.size);
  Json out = Json::object();
  out["at"] = static_cast<std::uint64_t>(part.at);
  out["size"] = static_cast<std::uint64_t>(part.size);
  out["depth"] = part.depth;
  out["name"] = SecretString(part.name);
  out["meaning"] = SecretString(part.meaning);
  out["secret"] = part.secret;
  out["damaged"] = part.damaged;
  out["hex"] = is_masked(part, reveal) ? SecretString(2 * part.size, '*') : to_secret_hex(bytes);
  return out;
}

}  // namespace

SecretString explain_text(const Inspection& inspection, bool reveal) {
  SecretString out;
  for (const TokenLayer& layer : layers_of(inspection)) {
    out += std::string_view(fmt::format("{}, {} bytes\n", readable(layer.name), grouped(layer.bytes.size())));
    for (const TokenPart& part : layer.parts) append_part(out, layer, part, reveal);
    out += '\n';
  }
  append_abilities(out, inspection);
  return out;
}

Json explain_json(const Inspection& inspection, bool reveal) {
  Json layers = Json::array();
  for (const TokenLayer& layer : layers_of(inspection)) {
    Json parts = Json::array();
    for (const TokenPart& part : layer.parts) parts.push_back(part_json(layer, part, reveal));
    Json one = Json::object();
    one["name"] = SecretString(layer.name);
    one["size"] = static_cast<std::uint64_t>(layer.bytes.size());
    one["parts"] = std::move(parts);
    layers.push_back(std::move(one));
  }
  Json can = Json::array();
  for (const Ability& ability : abilities()) {
    Json one = Json::object();
    one["what"] = SecretString(ability.what);
    one["service"] = SecretString(ability.service);
    one["batch"] = SecretString(ability.batch);
    can.push_back(std::move(one));
  }
  const Column column = column_of(inspection);
  Json out = Json::object();
  out["layers"] = std::move(layers);
  out["abilities"] = std::move(can);
  out["column"] = nullptr;
  if (column != Column::none) out["column"] = column == Column::service ? "service" : "batch";
  return out;
}

}  // namespace vtoken::cmd
