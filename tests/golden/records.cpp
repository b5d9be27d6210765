#include "records.hpp"

#include <fstream>
#include <stdexcept>

#include "core/json.hpp"

namespace vtoken::golden {
namespace {

std::ifstream open_file(const std::string& name) {
  std::ifstream file(std::string(VTOKEN_SOURCE_DIR) + "/tests/golden/" + name);
  if (!file) throw std::runtime_error("cannot read tests/golden/" + name);
  return file;
}

std::string text(const Json& value, std::string_view name) { return std::string(text_member(value, name)); }

std::string filled(std::string line) {
  const auto fill = [&line](std::string_view placeholder, std::string_view value) {
    for (std::size_t at = 0; (at = line.find(placeholder, at)) != std::string::npos; at += value.size()) {
      line.replace(at, placeholder.size(), value);
    }
  };
  fill("{{ADDR}}", kAddress);
  fill("{{HOME}}", "/nonexistent");
  return line;
}

std::map<std::string, std::string> text_map(const Json& object) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : object.items()) {
    texts.emplace(std::string(name.view()), std::string(value.get_ref<const SecretString&>().view()));
  }
  return texts;
}

Exchange read_exchange(const Json& value) {
  const Json& request = value.at("request");
  const Json& response = value.at("response");
  Exchange exchange;
  exchange.method = text(request, "method");
  exchange.path = text(request, "path");
  const std::size_t query = exchange.path.find('?');
  if (query != std::string::npos) {
    if (exchange.path.substr(query) == "?list=true") exchange.method = "LIST";
  }
  exchange.headers = text_map(request.at("headers"));
  exchange.body = text(request, "body");
  exchange.response.status = response.at("status").get<int>();
  exchange.response.body = SecretString(text_member(response, "body"));
  for (const auto& [name, header] : text_map(response.at("headers")))
    exchange.response.headers.push_back({name, header});
  return exchange;
}

Record read_record(const Json& value) {
  Record record;
  record.name = text(value, "name");
  for (const Json& word : value.at("args")) record.args.emplace_back(word.get_ref<const SecretString&>().view());
  record.env = text_map(value.at("env"));
  record.input = text(value, "stdin");
  for (const Json& exchange : value.at("exchanges")) record.exchanges.push_back(read_exchange(exchange));
  record.exit = value.at("exit").get<int>();
  record.out = text(value, "stdout");
  record.err = text(value, "stderr");
  return record;
}

}  // namespace

std::vector<Record> load_records(const std::string& name) {
  std::vector<Record> records;
  std::ifstream file = open_file(name);
  for (std::string line; std::getline(file, line);) {
    const auto value = parse_json(filled(line));
    if (!value) throw std::runtime_error("a record is not JSON");
    records.push_back(read_record(*value));
  }
  return records;
}

}  // namespace vtoken::golden
