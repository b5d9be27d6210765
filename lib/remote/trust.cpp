#include "remote/trust.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/text.hpp"

namespace vtoken::remote {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSystemFolder = "/etc/ssl/certs";

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!fs::is_directory(path, ignored) && in && text << in.rdbuf()) return std::move(text).str();
  const int code = fs::is_directory(path, ignored) ? EISDIR : errno != 0 ? errno : EIO;
  return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::io,
              std::string("cannot be read: ") + strerrordesc_np(code), path);
}

// Every file of the folder, whatever it is called: Vault does not ask for names made of hashes as OpenSSL does.
Result<std::string> read_folder(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    std::error_code ignored;
    if (each->is_regular_file(ignored)) paths.push_back(each->path().string());
  }
  if (error) {
    return fail(error == std::errc::no_such_file_or_directory ? ErrorKind::not_found : ErrorKind::io,
                "cannot be read: " + error.message(), folder);
  }
  std::sort(paths.begin(), paths.end());
  std::string all;
  for (const std::string& path : paths) {
    auto text = read_file(path);
    if (!text) return text;
    all.append(*text).append("\n");
  }
  if (all.find("-----BEGIN") == std::string::npos)
    return fail(ErrorKind::not_found, "the folder holds no PEM certificates", folder);
  return all;
}

// OpenSSL finds certificates in a folder by names made of hashes, such as "5ed36f99.0".
bool is_hashed(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    if (name.size() == 10 && name.ends_with(".0") && name.find_first_not_of("0123456789abcdef") == 8) return true;
  }
  return false;
}

// The folders of SSL_CERT_DIR, joined by colons, of which those without hashes have to be read whole.
std::string read_plain_folders(std::string_view folders) {
  std::string all;
  for (const std::string_view part : split(folders, ':')) {
    const std::string folder(part);
    if (folder.empty() || is_hashed(folder)) continue;
    if (const auto text = read_folder(folder)) all += *text;  // as Go, which skips what it cannot read
  }
  return all;
}

void set_blob(const CurlApi& api, CURL* handle, CURLoption option, std::string_view bytes) {
  // CURL_BLOB_COPY: OpenSSL reads it when the connection is made.
  std::string copy(bytes);
  curl_blob blob{copy.data(), copy.size(), CURL_BLOB_COPY};
  api.easy_setopt(handle, option, &blob);
}

void set_file(const CurlApi& api, CURL* handle, CURLoption option, const std::string& path) {
  api.easy_setopt(handle, option, path.empty() ? static_cast<const char*>(nullptr) : path.c_str());
}

}  // namespace

Result<Trust> Trust::load(Tls tls) {
  Trust trust(std::move(tls));
  const Tls& given = trust.tls_;
  const bool cert = !given.client_cert.empty() || !given.client_cert_bytes.empty();
  const bool key = !given.client_key.empty() || !given.client_key_bytes.empty();
  if (cert != key) return fail(ErrorKind::usage, "both client cert and client key must be provided");
  for (const std::string* file : {&given.ca_file, &given.client_cert, &given.client_key}) {
    if (file->empty()) continue;
    if (auto text = read_file(*file); !text) return tl::unexpected(text.error());
  }
  if (!given.ca_file.empty()) return trust;
  if (!given.ca_bytes.empty()) {
    trust.authorities_ = given.ca_bytes;
  } else if (!given.ca_folder.empty()) {
    auto all = read_folder(given.ca_folder);
    if (!all) return tl::unexpected(all.error());
    trust.authorities_ = std::move(*all);
  } else if (given.system_ca_file.empty()) {
    trust.system_ = read_plain_folders(given.system_ca_folder);
  }
  return trust;
}

void Trust::apply(const CurlApi& api, CURL* handle) const {
  api.easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  api.easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, tls_.skip_verify ? 0L : 1L);
  api.easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, tls_.skip_verify ? 0L : 2L);
  // Each is set, since libcurl would add the system's to ours. The system's folder is hashed: OpenSSL takes from it the
  // one certificate it needs, which is faster than reading the bundle.
  const bool ours = !tls_.ca_file.empty() || !authorities_.empty();
  const bool named = !tls_.system_ca_file.empty() || !tls_.system_ca_folder.empty();
  set_file(api, handle, CURLOPT_CAINFO, ours ? tls_.ca_file : tls_.system_ca_file);
  set_file(api, handle, CURLOPT_CAPATH, ours ? "" : named ? tls_.system_ca_folder : kSystemFolder);
  if (!authorities_.empty()) set_blob(api, handle, CURLOPT_CAINFO_BLOB, authorities_);
  if (!system_.empty()) set_blob(api, handle, CURLOPT_CAINFO_BLOB, system_);
  set_file(api, handle, CURLOPT_SSLCERT, tls_.client_cert);
  set_file(api, handle, CURLOPT_SSLKEY, tls_.client_key);
  if (!tls_.client_cert_bytes.empty()) set_blob(api, handle, CURLOPT_SSLCERT_BLOB, tls_.client_cert_bytes);
  if (!tls_.client_key_bytes.empty()) set_blob(api, handle, CURLOPT_SSLKEY_BLOB, tls_.client_key_bytes.view());
  // Without one OpenSSL would ask the terminal for an encrypted key's passphrase.
  api.easy_setopt(handle, CURLOPT_KEYPASSWD, "");
}

std::string Trust::described() const {
  if (!tls_.ca_file.empty()) return fmt::format("the certificates in {}", tls_.ca_file);
  if (!tls_.ca_bytes.empty()) return "the certificates in VAULT_CACERT_BYTES";
  if (!tls_.ca_folder.empty()) return fmt::format("the certificates in the folder {}", tls_.ca_folder);
  if (!tls_.system_ca_file.empty()) return fmt::format("the certificates in {}", tls_.system_ca_file);
  return fmt::format("the system's certificates ({})",
                     tls_.system_ca_folder.empty() ? kSystemFolder : tls_.system_ca_folder);
}

}  // namespace vtoken::remote
