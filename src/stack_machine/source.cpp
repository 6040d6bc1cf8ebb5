#include "stack_machine/source.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "stack_machine/failure.hpp"

namespace mythbench::stack_machine {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string with_line_feeds(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bool const before_line_feed = i + 1 < bytes.size() && bytes[i + 1] == '\n';
    if (bytes[i] != '\r')
      text.push_back(bytes[i]);
    else if (!before_line_feed)
      text.push_back('\n');
  }
  return text;
}

Position position_of(std::size_t offset, std::string_view text) {
  std::string_view const before = text.substr(0, offset);
  auto const line = static_cast<int>(std::ranges::count(before, '\n')) + 1;
  std::size_t const last_line_feed = before.rfind('\n');
  std::size_t const start = last_line_feed == std::string_view::npos ? 0 : last_line_feed + 1;
  return {line, static_cast<int>(offset - start) + 1};
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

std::uint32_t bits_of(char c) { return static_cast<unsigned char>(c); }

// How many bytes the character at the beginning has; nothing if it is none of UTF-8.
std::optional<std::size_t> length_of_character(std::string_view text) {
  std::uint32_t const first = bits_of(text[0]);
  if (first < 0x80) return 1;
  std::size_t const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return std::nullopt;
  std::uint32_t character = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((bits_of(text[i]) & 0xc0) != 0x80) return std::nullopt;
    character = character << 6 | (bits_of(text[i]) & 0x3f);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  bool const is_surrogate = character >= 0xd800 && character < 0xe000;
  if (character < least[length] || character > 0x10ffff || is_surrogate) return std::nullopt;
  return length;
}

// What a comment in one of the first two lines says: PEP 263.
std::string declared_encoding(std::string_view text) {
  for (int line = 0; line < 2; ++line) {
    std::string_view const all = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(all.size() + 1, text.size()));
    std::size_t const begin = all.find_first_not_of(" \t\f");
    if (begin == std::string_view::npos) continue;
    if (all[begin] != '#') break;
    std::size_t at = all.find("coding", begin);
    if (at == std::string_view::npos) continue;
    at += std::string_view{"coding"}.size();
    if (at >= all.size() || (all[at] != ':' && all[at] != '=')) continue;
    at = std::min(all.find_first_not_of(" \t", at + 1), all.size());
    std::string name;
    for (;
         at < all.size() && is_ascii(all[at]) &&
         (std::isalnum(all[at]) != 0 || std::string_view{"-_."}.find(all[at]) != std::string::npos);
         ++at)
      name.push_back(all[at] == '_' ? '-' : static_cast<char>(std::tolower(all[at])));
    if (!name.empty()) return name;
  }
  return {};
}

std::string hexadecimal(char c) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x", bits_of(c));
  return text.data();
}

// Outside ASCII, a text has to say what it is written in, or be of Python 3, and it has to be
// UTF-8.
void check_encoding(std::string_view text, bool is_marked, Dialect dialect) {
  auto const first = std::ranges::find_if_not(text, is_ascii);
  if (first == text.end()) return;
  auto const offset = static_cast<std::size_t>(first - text.begin());
  std::string const declared = declared_encoding(text);
  if (!declared.empty() && declared != "utf-8" && declared != "utf8")
    throw Failure{"SyntaxError", "this machine knows no encoding but UTF-8",
                  position_of(offset, text)};
  if (declared.empty() && !is_marked && dialect == Dialect::python2)
    throw Failure{"SyntaxError",
                  "Non-ASCII character '" + hexadecimal(*first) + "', but no encoding declared",
                  position_of(offset, text)};
  for (std::size_t i = offset; i < text.size();) {
    auto const length = length_of_character(text.substr(i));
    if (!length)
      throw Failure{"SyntaxError", "the byte '" + hexadecimal(text[i]) + "' is no UTF-8",
                    position_of(i, text)};
    i += *length;
  }
}

}  // namespace

std::string text_of_file(std::string_view bytes, Dialect dialect) {
  bool const is_marked = bytes.starts_with(byte_order_mark);
  if (is_marked) bytes.remove_prefix(byte_order_mark.size());
  std::string text = with_line_feeds(bytes);
  if (std::size_t const null = text.find('\0'); null != std::string::npos)
    throw Failure{"SyntaxError", "source code cannot contain null bytes", position_of(null, text)};
  check_encoding(text, is_marked, dialect);
  return text;
}

std::string utf8(std::uint32_t character) {
  auto const byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
  auto const following = [&](unsigned shift) { return byte(0x80 | (character >> shift & 0x3f)); };
  if (character < 0x80) return {byte(character)};
  if (character < 0x800) return {byte(0xc0 | character >> 6), following(0)};
  if (character < 0x10000) return {byte(0xe0 | character >> 12), following(6), following(0)};
  return {byte(0xf0 | character >> 18), following(12), following(6), following(0)};
}

}  // namespace mythbench::stack_machine
