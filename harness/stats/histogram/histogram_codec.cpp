// HdrHistogram's V2 encoding: 40 bytes of header, big-endian, then the counts as ZigZag LEB128
// numbers, a run of k empty slots as -k; all of it zlib-compressed behind a header of 8 bytes.
// Source: AbstractHistogram.encodeIntoByteBuffer and ZigZagEncoding of HdrHistogram (Java).
#include <zlib.h>

#include <stdexcept>

#include "harness/stats/histogram/base64.hpp"
#include "harness/stats/histogram/histogram.hpp"

namespace stratbench {

namespace {

using bytes = std::vector<unsigned char>;
using histogram_layout::slots;

constexpr std::uint32_t plain_cookie = 0x1c849313;
constexpr std::uint32_t compressed_cookie = 0x1c849314;
constexpr std::size_t header_bytes = 40;
constexpr std::uint32_t significant_digits = 3;
constexpr std::uint64_t lowest_ns = 1;
/// Bits of 1.0, the ratio of integer values to the doubles of other histograms.
constexpr std::uint64_t ratio_one = 0x3ff0000000000000;
/// A number takes 9 bytes at most, since the ninth holds 8 bits.
constexpr std::size_t longest_number = 9;

[[noreturn]] void refuse(const char* why) {
    throw std::runtime_error(std::string("not an HdrHistogram V2 encoding: ") + why);
}

template <class T>
void put(bytes& out, T value) {
    for (int shift = 8 * (int{sizeof(T)} - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<unsigned char>(value >> shift));
    }
}

void put_number(bytes& out, std::int64_t value) {
    auto zigzag = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
    for (std::size_t i = 1; i < longest_number && zigzag >= 0x80; ++i, zigzag >>= 7) {
        out.push_back(static_cast<unsigned char>(zigzag | 0x80));
    }
    out.push_back(static_cast<unsigned char>(zigzag));
}

/// Reads what put and put_number wrote, never beyond the end.
struct reader {
    std::span<const unsigned char> rest;

    unsigned char byte() {
        if (rest.empty()) {
            refuse("it ends too early");
        }
        const auto first = rest.front();
        rest = rest.subspan(1);
        return first;
    }

    template <class T>
    T take() {
        T value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            value = static_cast<T>(value << 8 | byte());
        }
        return value;
    }

    std::int64_t number() {
        std::uint64_t zigzag = 0;
        for (std::size_t i = 0; i < longest_number; ++i) {
            const std::uint64_t next = byte();
            const bool last = i + 1 == longest_number || next < 0x80;
            zigzag |= (i + 1 == longest_number ? next : next & 0x7f) << (7 * i);
            if (last) {
                break;
            }
        }
        return static_cast<std::int64_t>(zigzag >> 1 ^ (~(zigzag & 1) + 1));
    }
};

bytes inflate_at_most(std::span<const unsigned char> compressed, std::size_t limit) {
    bytes plain(limit);
    uLongf size = limit;
    if (uncompress(plain.data(), &size, compressed.data(), compressed.size()) != Z_OK) {
        refuse("its compressed part is damaged");
    }
    plain.resize(size);
    return plain;
}

}  // namespace

std::string histogram::encode() const {
    bytes payload;
    std::size_t used = slots;
    while (used > 1 && counts_[used - 1] == 0) {
        --used;
    }
    for (std::size_t i = 0; i < used;) {
        if (counts_[i] != 0) {
            put_number(payload, static_cast<std::int64_t>(counts_[i++]));
            continue;
        }
        std::int64_t run = 0;
        for (; i < used && counts_[i] == 0; ++i) {
            ++run;
        }
        // A single empty slot is written as the count 0, as HdrHistogram does.
        put_number(payload, run == 1 ? 0 : -run);
    }

    bytes plain;
    put(plain, plain_cookie);
    put(plain, static_cast<std::uint32_t>(payload.size()));
    put(plain, std::uint32_t{0});  // offset of a shifted histogram
    put(plain, significant_digits);
    put(plain, lowest_ns);
    put(plain, static_cast<std::uint64_t>(highest_ns));
    put(plain, ratio_one);
    plain.insert(plain.end(), payload.begin(), payload.end());

    bytes squeezed(compressBound(plain.size()));
    uLongf size = squeezed.size();
    if (compress(squeezed.data(), &size, plain.data(), plain.size()) != Z_OK) {
        throw std::runtime_error("zlib cannot compress a histogram");
    }
    squeezed.resize(size);

    bytes whole;
    put(whole, compressed_cookie);
    put(whole, static_cast<std::uint32_t>(size));
    whole.insert(whole.end(), squeezed.begin(), squeezed.end());
    return base64_encode(whole);
}

histogram histogram::decode(std::string_view base64) {
    constexpr std::size_t longest_plain = header_bytes + slots * longest_number;
    if (base64.size() > 2 * longest_plain) {
        refuse("it is too long");
    }
    const bytes whole = base64_decode(base64);
    reader outer{whole};
    if (outer.take<std::uint32_t>() != compressed_cookie) {
        refuse("its cookie");
    }
    if (outer.take<std::uint32_t>() != outer.rest.size()) {
        refuse("its length");
    }

    const bytes plain = inflate_at_most(outer.rest, longest_plain);
    reader in{plain};
    if (in.take<std::uint32_t>() != plain_cookie) {
        refuse("its inner cookie");
    }
    if (in.take<std::uint32_t>() + header_bytes != plain.size()) {
        refuse("its inner length");
    }
    if (in.take<std::uint32_t>() != 0) {
        refuse("its values are shifted");
    }
    if (in.take<std::uint32_t>() != significant_digits || in.take<std::uint64_t>() != lowest_ns ||
        in.take<std::uint64_t>() != highest_ns || in.take<std::uint64_t>() != ratio_one) {
        refuse("another range or resolution than 1 ns to 1 h with three digits");
    }

    histogram result;
    for (std::size_t i = 0; !in.rest.empty();) {
        const std::int64_t number = in.number();
        // ~number + 1 is the length of a run without overflow for the lowest number.
        const auto length = number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : 1;
        if (length > slots - i) {
            refuse("more counts than it has room for");
        }
        if (number > 0) {
            result.counts_[i] = static_cast<std::uint64_t>(number);
            if (__builtin_add_overflow(result.total_, result.counts_[i], &result.total_)) {
                refuse("its counts overflow");
            }
        }
        i += length;
    }
    return result;
}

}  // namespace stratbench
