#include "store/answer_spool.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "store/private_file.hpp"

namespace vtoken::store {
namespace {

constexpr mode_t kPrivate = 0600;

void put_number(SecretString& out, std::uint32_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof bytes);
}

void put_text(SecretString& out, std::string_view text) {
  put_number(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

// Reads what was put. The bytes were sealed by this process: they are what it wrote.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }
  std::uint32_t number() {
    std::uint32_t number = 0;
    std::memcpy(&number, bytes_.data(), sizeof number);
    bytes_.remove_prefix(sizeof number);
    return number;
  }
  std::string_view text() {
    const std::size_t size = number();
    const std::string_view text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view bytes_;
};

void put_answer(SecretString& out, const Response& answer) {
  put_number(out, static_cast<std::uint32_t>(answer.status));
  put_text(out, answer.body.view());
  put_number(out, static_cast<std::uint32_t>(answer.headers.size()));
  for (const Header& header : answer.headers) {
    put_text(out, header.name);
    put_text(out, header.value);
  }
}

Response read_answer(Reader& reader) {
  Response answer;
  answer.status = static_cast<int>(reader.number());
  answer.body = SecretString(reader.text());
  for (std::uint32_t left = reader.number(); left > 0; --left) {
    std::string name(reader.text());
    answer.headers.push_back({std::move(name), std::string(reader.text())});
  }
  return answer;
}

// False when `take` had enough.
bool give(std::string_view bytes, const std::function<bool(Response)>& take) {
  Reader reader(bytes);
  while (!reader.at_end()) {
    if (!take(read_answer(reader))) return false;
  }
  return true;
}

// A file that nobody else can find. Some file systems know no nameless ones.
int open_nameless(const std::string& beside) {
  const std::filesystem::path folder = std::filesystem::path(beside).parent_path();
  const int file = ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, kPrivate);
  if (file >= 0) return file;
  const std::string name = scratch_name(beside, "answers");
  const int named = ::open(name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, kPrivate);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

AnswerSpool::AnswerSpool(std::string beside, std::size_t in_memory)
    : beside_(std::move(beside)), in_memory_(in_memory) {}

AnswerSpool::~AnswerSpool() = default;

Error AnswerSpool::failed(const char* doing) const {
  return {ErrorKind::io, std::string(doing) + std::generic_category().message(errno), beside_, {}};
}

Result<void> AnswerSpool::add(const Response& answer) {
  put_answer(waiting_, answer);
  return waiting_.size() < in_memory_ ? Result<void>() : spill();
}

Result<void> AnswerSpool::spill() {
  if (!cipher_) {
    Key key{};
    random_bytes(key);
    cipher_.emplace(key);
    wipe(key.data(), key.size());
    file_ = std::make_unique<Descriptor>(open_nameless(beside_));
  }
  if (!file_->open()) return tl::unexpected(failed("answers cannot be kept in a file beside the store: "));
  SecretBytes sealed;
  cipher_->seal(waiting_.view(), std::to_string(blocks_.size()), sealed);
  if (!write_all(file_->number(), as_text(sealed)))
    return tl::unexpected(failed("answers cannot be written to a file beside the store: "));
  blocks_.push_back({end_, sealed.size()});
  end_ += sealed.size();
  waiting_.clear();
  return {};
}

Result<SecretString> AnswerSpool::read(std::size_t number) const {
  const Block& block = blocks_[number];
  SecretString sealed(block.size, '\0');
  std::size_t done = 0;
  while (done < sealed.size()) {
    const ssize_t got =
        ::pread(file_->number(), sealed.data() + done, sealed.size() - done, static_cast<off_t>(block.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return tl::unexpected(failed("answers cannot be read again: "));
    done += static_cast<std::size_t>(got);
  }
  const auto plain = cipher_->open(sealed.view(), std::to_string(number));
  if (!plain) return fail(ErrorKind::io, "answers that were kept in a file are damaged", beside_);
  return SecretString(as_text(*plain));
}

Result<void> AnswerSpool::each(const std::function<bool(Response)>& take) {
  for (std::size_t number = 0; number < blocks_.size(); ++number) {
    const auto bytes = read(number);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!give(bytes->view(), take)) return {};
  }
  const SecretString rest = std::exchange(waiting_, {});
  give(rest.view(), take);
  return {};
}

}  // namespace vtoken::store
