#ifdef __x86_64__

#include <immintrin.h>

#include <algorithm>
#include <cstdint>

#include "token/find_prefix.hpp"

// Memory is what this waits for: blocks of four vectors are asked for ahead, compared with dots only, and looked at
// again when one holds a dot, and once more when a letter of a prefix stands before it.
namespace vtoken::find {
namespace {

constexpr std::size_t kVectors = 4;  // in a block
constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kAhead = 2048;  // measured: hardware that reads ahead by itself stops where a page does

// What a candidate's check may read from its letter on.
constexpr std::size_t kReach = 2 + 32;

constexpr std::uint32_t kBodyMask = (1U << kShortestBody) - 1;

__m128i load16(const char* at) noexcept { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

// The bytes from `first` to `last` are set.
__m128i within16(__m128i bytes, char first, char last) noexcept {
  // Signed: bytes from 0x80 on are below everything here.
  return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(first - 1))),
                       _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(last + 1)), bytes));
}

std::uint32_t token_characters16(const char* at) noexcept {
  const __m128i bytes = load16(at);
  const __m128i letters = within16(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i others =
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
  const __m128i all = _mm_or_si128(_mm_or_si128(letters, others), within16(bytes, '0', '9'));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(all));
}

bool has_body16(const char* at) noexcept {
  return token_characters16(at) == 0xffff && (token_characters16(at + kShortestBody - 16) == 0xffff);
}

// Where a dot is behind the byte.
__m128i dots16(const char* at) noexcept { return _mm_cmpeq_epi8(load16(at + 1), _mm_set1_epi8('.')); }

// Where of these "b.", "r." or "s." stands: 'b' and 'r' differ in one bit.
__m128i prefixes16(const char* at, __m128i dots) noexcept {
  const __m128i bytes = load16(at);
  const __m128i b_or_r = _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8('b' ^ 'r')), _mm_set1_epi8('r'));
  return _mm_and_si128(dots, _mm_or_si128(b_or_r, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('s'))));
}

std::uint32_t mask16(__m128i bytes) noexcept { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); }

bool any16(const __m128i (&found)[kVectors]) noexcept {
  return mask16(_mm_or_si128(_mm_or_si128(found[0], found[1]), _mm_or_si128(found[2], found[3]))) != 0;
}

// It may lie behind the text's end: nothing is read.
template <std::size_t kSize>
void prefetch(const char* block) noexcept {
  for (std::size_t line = 0; line < kSize; line += kCacheLine) _mm_prefetch(block + line, _MM_HINT_T0);
}

#define VTOKEN_AVX2 __attribute__((target("avx2")))

VTOKEN_AVX2 inline __m256i load32(const char* at) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

VTOKEN_AVX2 inline __m256i within32(__m256i bytes, char first, char last) noexcept {
  return _mm256_and_si256(_mm256_cmpgt_epi8(bytes, _mm256_set1_epi8(static_cast<char>(first - 1))),
                          _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(last + 1)), bytes));
}

VTOKEN_AVX2 inline bool has_body32(const char* at) noexcept {
  const __m256i bytes = load32(at);
  const __m256i letters = within32(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'z');
  const __m256i others =
      _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-')), _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('_')));
  const __m256i all = _mm256_or_si256(_mm256_or_si256(letters, others), within32(bytes, '0', '9'));
  return (static_cast<std::uint32_t>(_mm256_movemask_epi8(all)) & kBodyMask) == kBodyMask;
}

VTOKEN_AVX2 inline __m256i dots32(const char* at) noexcept {
  return _mm256_cmpeq_epi8(load32(at + 1), _mm256_set1_epi8('.'));
}

VTOKEN_AVX2 inline __m256i prefixes32(const char* at, __m256i dots) noexcept {
  const __m256i bytes = load32(at);
  const __m256i b_or_r = _mm256_cmpeq_epi8(_mm256_or_si256(bytes, _mm256_set1_epi8('b' ^ 'r')), _mm256_set1_epi8('r'));
  return _mm256_and_si256(dots, _mm256_or_si256(b_or_r, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('s'))));
}

VTOKEN_AVX2 inline std::uint32_t mask32(__m256i bytes) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}

VTOKEN_AVX2 inline bool any32(const __m256i (&found)[kVectors]) noexcept {
  const __m256i any = _mm256_or_si256(_mm256_or_si256(found[0], found[1]), _mm256_or_si256(found[2], found[3]));
  return _mm256_testz_si256(any, any) == 0;
}

}  // namespace

bool has_avx2() noexcept { return __builtin_cpu_supports("avx2") != 0; }

std::size_t find_prefix_sse2(std::string_view text, std::size_t from, std::size_t until) noexcept {
  constexpr std::size_t kVector = 16;
  constexpr std::size_t kBlock = kVector * kVectors;
  const char* const data = text.data();
  const std::size_t end = std::min(until, text.size());
  std::size_t at = from;
  for (; at + kBlock <= end && at + kBlock + kReach <= text.size(); at += kBlock) {
    const char* const block = data + at;
    prefetch<kBlock>(block + kAhead);
    __m128i found[kVectors] = {dots16(block), dots16(block + kVector), dots16(block + 2 * kVector),
                               dots16(block + 3 * kVector)};
    if (!any16(found)) continue;
    for (std::size_t i = 0; i < kVectors; ++i) found[i] = prefixes16(block + i * kVector, found[i]);
    if (!any16(found)) continue;
    for (std::size_t i = 0; i < kVectors; ++i) {
      for (std::uint32_t mask = mask16(found[i]); mask != 0; mask &= mask - 1) {
        const std::size_t letter = at + i * kVector + static_cast<std::size_t>(__builtin_ctz(mask));
        if (has_body16(data + letter + 2)) return letter;
      }
    }
  }
  return find_prefix_portable(text, at, until);
}

VTOKEN_AVX2 std::size_t find_prefix_avx2(std::string_view text, std::size_t from, std::size_t until) noexcept {
  constexpr std::size_t kVector = 32;
  constexpr std::size_t kBlock = kVector * kVectors;
  const char* const data = text.data();
  const std::size_t end = std::min(until, text.size());
  std::size_t at = from;
  for (; at + kBlock <= end && at + kBlock + kReach <= text.size(); at += kBlock) {
    const char* const block = data + at;
    prefetch<kBlock>(block + kAhead);
    __m256i found[kVectors] = {dots32(block), dots32(block + kVector), dots32(block + 2 * kVector),
                               dots32(block + 3 * kVector)};
    if (!any32(found)) continue;
    for (std::size_t i = 0; i < kVectors; ++i) found[i] = prefixes32(block + i * kVector, found[i]);
    if (!any32(found)) continue;
    for (std::size_t i = 0; i < kVectors; ++i) {
      for (std::uint32_t mask = mask32(found[i]); mask != 0; mask &= mask - 1) {
        const std::size_t letter = at + i * kVector + static_cast<std::size_t>(__builtin_ctz(mask));
        if (has_body32(data + letter + 2)) return letter;
      }
    }
  }
  return find_prefix_portable(text, at, until);
}

}  // namespace vtoken::find

#endif
