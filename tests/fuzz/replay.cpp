// Where there is no libFuzzer (g++): gives a target each file of its corpus, and each with a few bytes changed in ways
// that are the same every time.
//
// usage: fuzz_TARGET FILE|FOLDER...
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr int kChanges = 100;  // of each file

Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files(int count, char** arguments) {
  std::vector<fs::path> found;
  for (int i = 1; i < count; ++i) {
    if (!fs::is_directory(arguments[i])) {
      found.emplace_back(arguments[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(arguments[i])) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// A few bytes less, more, or other ones.
Bytes changed(Bytes bytes, std::minstd_rand& random) {
  for (auto times = 1 + random() % 3; times > 0 && !bytes.empty(); --times) {
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(random() % bytes.size());
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(random() % bytes.size());
    switch (random() % 5) {
      case 0: *at = static_cast<std::uint8_t>(random()); break;
      case 1: *at = static_cast<std::uint8_t>(*at ^ (1U << random() % 8)); break;
      case 2: bytes.erase(std::min(at, end), std::max(at, end)); break;
      case 3: bytes.insert(at, *end); break;
      default: {
        const Bytes copy(std::min(at, end), std::max(at, end));
        bytes.insert(bytes.begin() + (at - bytes.begin()), copy.begin(), copy.end());
      }
    }
  }
  return bytes;
}

}  // namespace

int main(int count, char** arguments) {
  const auto found = files(count, arguments);
  for (const fs::path& path : found) {
    std::minstd_rand random(1);
    const Bytes bytes = read(path);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    for (int i = 0; i < kChanges; ++i) {
      const Bytes other = changed(bytes, random);
      LLVMFuzzerTestOneInput(other.data(), other.size());
    }
  }
  std::printf("%zu files\n", found.size());
  return found.empty() ? 1 : 0;
}
