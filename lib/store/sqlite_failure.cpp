// SQLite's result codes as errors that say what to do.
#include <sqlite3.h>

#include <cerrno>
#include <cstring>

#include "store/database.hpp"

namespace vtoken::store {
namespace {

bool is_full(int number) { return number == ENOSPC || number == EDQUOT || number == EFBIG; }

Error system_failure(int number, const std::string& path) {
  if (is_full(number)) {
    return {ErrorKind::io, "the disk is full: nothing was changed; make room and try again", path};
  }
  switch (number) {
    case ENOENT: return {ErrorKind::not_found, "there is no store here; 'vtoken store init' makes one", path};
    case EACCES:
    case EPERM:
      return {ErrorKind::io, "permission denied: the store and its folder must be readable and writable by you", path};
    case EROFS: return {ErrorKind::io, "the store is on a read-only file system: nothing was changed", path};
    case EISDIR: return {ErrorKind::io, "is a folder, not a store", path};
    case EMFILE:
    case ENFILE: return {ErrorKind::io, "too many open files", path};
    case 0: return {ErrorKind::io, "the store cannot be read or written: nothing was changed", path};
    default:
      return {ErrorKind::io, std::string("the store cannot be read or written: ") + strerrordesc_np(number), path};
  }
}

}  // namespace

Error sqlite_failure(sqlite3* connection, int code, const std::string& path) {
  const int number = connection == nullptr ? 0 : sqlite3_system_errno(connection);
  switch (code & 0xff) {
    case SQLITE_NOTADB: return {ErrorKind::damaged, "is not a vtoken store: not a SQLite database, or damaged", path};
    case SQLITE_CORRUPT:
      return {ErrorKind::damaged, "the store is damaged; bring a backup back with 'vtoken store restore'", path};
    case SQLITE_FULL: return system_failure(ENOSPC, path);
    case SQLITE_READONLY: return {ErrorKind::io, "the store or its folder is read-only: nothing was changed", path};
    case SQLITE_PERM:
    case SQLITE_AUTH: return system_failure(EACCES, path);
    case SQLITE_CANTOPEN: return system_failure(number, path);
    case SQLITE_IOERR:
      // A page that the file does not have: it was cut short.
      if (code == SQLITE_IOERR_SHORT_READ) return sqlite_failure(nullptr, SQLITE_CORRUPT, path);
      return system_failure(number, path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::io, "another process has kept the store busy for a minute: nothing was changed", path};
    case SQLITE_NOMEM: return {ErrorKind::io, "out of memory: nothing was changed", path};
    case SQLITE_TOOBIG: return {ErrorKind::usage, "a value is too large for the store", path};
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
      // Our statements are fixed, so a table or column they do not find is the file's fault.
      return {ErrorKind::damaged, "the store lacks a table or column it should have; it is foreign or damaged", path};
    default: return {ErrorKind::internal, std::string("unexpected answer of SQLite: ") + sqlite3_errstr(code), path};
  }
}

}  // namespace vtoken::store
