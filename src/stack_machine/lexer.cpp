#include "stack_machine/lexer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <locale>
#include <optional>
#include <sstream>
#include <utility>

#include "stack_machine/source.hpp"

namespace mythbench::stack_machine {
namespace {

constexpr std::array keywords{"and",    "as",     "assert", "break", "class",  "continue",
                              "def",    "del",    "elif",   "else",  "except", "finally",
                              "for",    "from",   "global", "if",    "import", "in",
                              "is",     "lambda", "not",    "or",    "pass",   "raise",
                              "return", "try",    "while",  "with",  "yield"};
constexpr std::array keywords_of_2{"exec", "print"};
constexpr std::array keywords_of_3{"nonlocal", "async", "await"};

constexpr std::array symbols{
    "**=", "//=", "**", "//", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "<>",
    "<",   ">",   "=",  "+",  "-",  "*",  "/",  "%",  "(",  ")",  ",",  ":",  ";"};

// Longer ones first. What begins as one of these would be taken for something else.
constexpr std::array symbols_of_both{">>", "<<", ".", "@", "&", "|", "^", "~", "[", "]", "{", "}"};
constexpr std::array symbols_of_3{":=", "->"};

// MAXINDENT of CPython, and MAXLEVEL of it since 3.8. CPython 2.7 gives up before two hundred.
constexpr std::size_t most_indents = 100;
constexpr int most_parentheses = 200;

// What CPython converts since 3.11, and earlier versions since they were mended: longer ones would
// take a time that grows with their square.
constexpr std::size_t most_digits_of_3 = 4300;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_octal_digit(char c) { return c >= '0' && c <= '7'; }

// The value of a digit of some base; more than any has if it is none.
unsigned value_of_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (is_letter(c) && c != '_') return static_cast<unsigned>((c | 0x20) - 'a' + 10);
  return 99;
}

template <class List>
bool contains(List const& list, std::string_view what) {
  return std::ranges::find(list, what) != list.end();
}

// Not by strtod: what that reads depends on the locale.
double real_of(std::string const& spelling) {
  std::istringstream in{spelling};
  in.imbue(std::locale::classic());
  double value = 0;
  if (!(in >> value) && value != 0) return std::numeric_limits<double>::infinity();
  return value;
}

class Lexer {
 public:
  Lexer(std::string_view source, Dialect dialect) : source_{source}, dialect_{dialect} {}

  Tokens run() {
    try {
      while (!at_end()) {
        if (at_line_start_ && depth_ == 0) {
          if (!read_indentation()) continue;
        }
        read_token();
      }
    } catch (Failure const& failure) {
      add(Token::Kind::end, "", failure.at());
      return {std::move(tokens_), failure};
    }
    // A parenthesis that is still open is for the parser to find: it knows where it should close.
    Position const at = end();
    if (depth_ == 0) end_blocks(at);
    add(Token::Kind::end, "", at);
    return {std::move(tokens_), std::nullopt};
  }

 private:
  struct Indent {
    int column;     // a tab goes to the next multiple of eight
    int character;  // a tab is as wide as a space
  };

  bool is_python3() const { return dialect_ == Dialect::python3; }
  bool at_end() const { return offset_ >= source_.size(); }
  char peek(std::size_t ahead = 0) const {
    return offset_ + ahead < source_.size() ? source_[offset_ + ahead] : '\0';
  }

  // Columns count characters, and those outside ASCII have several bytes.
  Position here() {
    for (; counted_ < offset_; ++counted_)
      if ((static_cast<unsigned char>(source_[counted_]) & 0xc0) != 0x80) ++column_;
    return {line_, column_};
  }

  // The end of a text is behind its last line, not in the one that a last line feed begins.
  Position end() {
    if (offset_ == line_start_ && line_ > 1) return end_of_last_line_;
    return here();
  }

  void add(Token::Kind kind, std::string spelling, Position at, Constant value = {}) {
    tokens_.push_back({kind, std::move(spelling), at, std::move(value)});
  }

  [[noreturn]] void fail(std::string const& message, Position at,
                         char const* kind = "SyntaxError") const {
    throw Failure{kind, message, at};
  }
  [[noreturn]] void lack(std::string const& what, Position at) const {
    fail("this machine knows no " + what, at);
  }

  void next_line() {
    end_of_last_line_ = here();
    ++offset_;
    ++line_;
    line_start_ = counted_ = offset_;
    column_ = 1;
  }

  void end_blocks(Position at) {
    auto const is_one_of = [&](auto... kinds) { return ((tokens_.back().kind == kinds) || ...); };
    if (!tokens_.empty() &&
        !is_one_of(Token::Kind::newline, Token::Kind::indent, Token::Kind::dedent))
      add(Token::Kind::newline, "", at);
    for (; indents_.size() > 1; indents_.pop_back()) add(Token::Kind::dedent, "", at);
  }

  // False if the line holds nothing.
  bool read_indentation() {
    Indent indent{0, 0};
    for (; peek() == ' ' || peek() == '\t' || peek() == '\f'; ++offset_) {
      ++indent.column;
      ++indent.character;
      if (peek() == '\t') indent.column = ((indent.column - 1) / 8 + 1) * 8;
      if (peek() == '\f') indent = {0, 0};
    }
    if (peek() == '#') skip_comment();
    if (at_end()) return false;
    if (peek() == '\n') return next_line(), false;
    at_line_start_ = false;
    if (indent.column > indents_.back().column) {
      check_tabs(indent.character > indents_.back().character);
      if (indents_.size() == most_indents)
        fail("too many levels of indentation", here(), "IndentationError");
      indents_.push_back(indent);
      add(Token::Kind::indent, "", here());
      return true;
    }
    while (indent.column < indents_.back().column) {
      indents_.pop_back();
      add(Token::Kind::dedent, "", here());
    }
    if (indent.column != indents_.back().column)
      fail("unindent does not match any outer indentation level", here(), "IndentationError");
    check_tabs(indent.character == indents_.back().character);
    return true;
  }

  // To Python 3 an indentation must mean the same however wide a tab is.
  void check_tabs(bool is_consistent) {
    if (is_python3() && !is_consistent)
      fail("inconsistent use of tabs and spaces in indentation", here(), "TabError");
  }

  void skip_comment() {
    while (!at_end() && peek() != '\n') ++offset_;
  }

  void read_token() {
    char const c = peek();
    if (c == ' ' || c == '\t' || c == '\f') {
      ++offset_;
    } else if (c == '#') {
      skip_comment();
    } else if (c == '\\') {
      continue_line();
    } else if (c == '\n') {
      if (depth_ == 0) {
        add(Token::Kind::newline, "", here());
        at_line_start_ = true;
      }
      next_line();
    } else if (is_letter(c)) {
      read_name();
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      read_number();
    } else if (c == '"' || c == '\'') {
      read_text(here(), "");
    } else {
      read_symbol();
    }
  }

  void continue_line() {
    ++offset_;
    if (peek() == '\n')
      next_line();
    else if (!at_end())
      fail("unexpected character after line continuation character", here());
    if (at_end() && (is_python3() || offset_ != line_start_))
      fail("unexpected EOF while parsing", end());
  }

  void read_name() {
    Position const at = here();
    std::size_t const begin = offset_;
    while (is_letter(peek()) || is_digit(peek())) ++offset_;
    std::string name{source_.substr(begin, offset_ - begin)};
    if ((peek() == '"' || peek() == '\'') && is_prefix(name)) return read_text(at, name);
    bool const reserved =
        contains(keywords, name) ||
        (is_python3() ? contains(keywords_of_3, name) : contains(keywords_of_2, name));
    add(reserved ? Token::Kind::keyword : Token::Kind::name, std::move(name), at);
  }

  // Of a text: r, b, u and f, and what may be put together of them.
  static bool is_prefix(std::string_view name) {
    return name.size() <= 2 && name.find_first_not_of("rRbBuUfF") == std::string_view::npos;
  }

  void read_symbol() {
    Position const at = here();
    for (std::string_view const symbol : symbols_of_both)
      if (source_.substr(offset_, symbol.size()) == symbol)
        lack(std::string{"'"}.append(symbol) + "'", at);
    for (std::string_view const symbol : symbols_of_3)
      if (is_python3() && source_.substr(offset_, symbol.size()) == symbol)
        lack(std::string{"'"}.append(symbol) + "'", at);
    if (!is_python3() && peek() == '`') lack("'`'", at);
    for (std::string_view const symbol : symbols)
      if (source_.substr(offset_, symbol.size()) == symbol) {
        if (symbol == "<>" && is_python3()) continue;
        if (symbol == "(" && ++depth_ > most_parentheses)
          fail("too many nested parentheses", at, is_python3() ? "SyntaxError" : "MemoryError");
        if (symbol == ")" && depth_ > 0) --depth_;
        add(Token::Kind::symbol, symbol == "<>" ? "!=" : std::string{symbol}, at);
        offset_ += symbol.size();
        return;
      }
    if (static_cast<unsigned char>(peek()) >= 0x80)
      fail(is_python3() ? "this machine knows no letters outside ASCII but in texts"
                        : "invalid syntax",
           at);
    fail("invalid syntax", at);
  }

  // --- numbers ---

  void read_number() {
    Position const at = here();
    std::size_t const begin = offset_;
    if (peek() == '0' && value_of_digit(peek(1)) >= 10 && value_of_digit(peek(1)) < 99) {
      char const letter = static_cast<char>(peek(1) | 0x20);
      unsigned const base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
      if (base != 0) {
        offset_ += 2;
        return add_integer(digits_of(base, at), base, at);
      }
    }
    while (is_digit(peek())) ++offset_;
    bool real = false;
    if (peek() == '.') {
      real = true;
      ++offset_;
      while (is_digit(peek())) ++offset_;
    }
    std::size_t const sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() | 0x20) == 'e' && is_digit(peek(1 + sign))) {
      real = true;
      offset_ += 1 + sign;
      while (is_digit(peek())) ++offset_;
    } else if ((peek() | 0x20) == 'e' && sign == 1) {
      fail("invalid decimal literal", at);
    }
    std::string const spelling{source_.substr(begin, offset_ - begin)};
    if ((peek() | 0x20) == 'j') lack("complex numbers", at);
    if (real) {
      check_underscore(at);
      return add(Token::Kind::number, spelling, at, real_of(spelling));
    }
    bool const zeros = spelling.find_first_not_of('0') == std::string::npos;
    if (spelling[0] != '0' || zeros) return add_integer(spelling, 10, at);
    if (is_python3()) fail("leading zeros in decimal integer literals are not permitted", at);
    if (spelling.find_first_of("89") != std::string::npos) fail("invalid token", at);
    add_integer(spelling, 8, at);
  }

  std::string digits_of(unsigned base, Position at) {
    std::size_t const begin = offset_;
    while (value_of_digit(peek()) < base) ++offset_;
    if (offset_ == begin || is_digit(peek())) {
      check_underscore(at);
      fail("invalid token", at);
    }
    return std::string{source_.substr(begin, offset_ - begin)};
  }

  void check_underscore(Position at) const {
    if (is_python3() && peek() == '_') lack("'_' in numbers", at);
  }

  void add_integer(std::string const& digits, unsigned base, Position at) {
    check_underscore(at);
    if (!is_python3() && (peek() | 0x20) == 'l')
      lack("'L' behind a number: integers become as long as they need to be", at);
    if (is_python3() && base == 10 && digits.size() > most_digits_of_3)
      fail("Exceeds the limit (4300 digits) for integer string conversion: value has " +
               std::to_string(digits.size()) + " digits",
           at);
    BigInteger const value = BigInteger::from_digits(digits, base);
    if (auto const small = value.to_int64())
      add(Token::Kind::number, digits, at, *small);
    else
      add(Token::Kind::number, digits, at, value);
  }

  // --- texts ---

  // At its quotation mark.
  void read_text(Position at, std::string_view prefix) {
    bool const raw = is_raw(prefix, at);
    char const quote = peek();
    bool const triple = peek(1) == quote && peek(2) == quote;
    offset_ += triple ? 3 : 1;
    std::string text;
    while (peek() != quote || (triple && (peek(1) != quote || peek(2) != quote))) {
      if (at_end() || (peek() == '\n' && !triple)) fail_about_end_of_text(triple, at);
      if (peek() == '\\')
        raw ? read_raw_escape(text) : read_escape(text, at);
      else
        take_into(text);
    }
    offset_ += triple ? 3 : 1;
    // CPython 2.7 says of a text of several lines that it stands in its last.
    if (!is_python3()) at.line = line_;
    add(Token::Kind::text, std::move(text), at);
  }

  bool is_raw(std::string_view prefix, Position at) const {
    bool raw = false;
    for (char const letter : prefix) {
      char const small = static_cast<char>(letter | 0x20);
      if (small == 'r') raw = true;
      if (small == 'f' && !is_python3()) fail("invalid syntax", at);
      if (small == 'f') lack("'f' before a text", at);
      if (small == 'b' && is_python3()) lack("bytes", at);
      if (small == 'u' && !is_python3()) lack("texts of unicode", at);
    }
    return raw;
  }

  [[noreturn]] void fail_about_end_of_text(bool triple, Position at) {
    if (!triple) fail("EOL while scanning string literal", is_python3() ? at : end());
    fail("EOF while scanning triple-quoted string literal", is_python3() ? at : end());
  }

  void take_into(std::string& text) {
    text.push_back(peek());
    if (peek() == '\n')
      next_line();
    else
      ++offset_;
  }

  void read_raw_escape(std::string& text) {
    take_into(text);
    if (!at_end()) take_into(text);
  }

  void read_escape(std::string& text, Position at) {
    ++offset_;
    if (at_end()) return;
    char const c = peek();
    if (c == '\n') return next_line();
    constexpr std::string_view letters = "\\'\"ntrabfv";
    constexpr std::string_view meanings = "\\'\"\n\t\r\a\b\f\v";
    if (auto const found = letters.find(c); found != std::string_view::npos) {
      ++offset_;
      text.push_back(meanings[found]);
    } else if (is_octal_digit(c)) {
      add_character(text, digits_of_escape(8, 1, 3), at);
    } else if (c == 'x') {
      ++offset_;
      add_escaped(text, 2, "\\xXX", at);
    } else if (is_python3() && (c == 'u' || c == 'U')) {
      ++offset_;
      add_escaped(text, c == 'u' ? 4 : 8, c == 'u' ? "\\uXXXX" : "\\UXXXXXXXX", at);
    } else if (is_python3() && c == 'N') {
      lack("names of characters", at);
    } else {
      text.push_back('\\');  // no escape at all
    }
  }

  // The number that up to so many digits write; nothing if there are fewer than the least.
  std::optional<std::uint32_t> digits_of_escape(unsigned base, std::size_t least,
                                                std::size_t most) {
    std::uint32_t value = 0;
    std::size_t read = 0;
    for (; read < most && value_of_digit(peek()) < base; ++read, ++offset_)
      value = value * base + value_of_digit(peek());
    if (read < least) return std::nullopt;
    return value;
  }

  void add_escaped(std::string& text, std::size_t digits, char const* form, Position at) {
    auto const value = digits_of_escape(16, digits, digits);
    if (!value && !is_python3()) fail("invalid \\x escape", at, "ValueError");
    if (!value) fail(std::string{"(unicode error) truncated "} + form + " escape", at);
    add_character(text, value, at);
  }

  // Texts of Python 2 are bytes, those of Python 3 characters.
  void add_character(std::string& text, std::optional<std::uint32_t> value, Position at) const {
    if (!is_python3()) return text.push_back(static_cast<char>(*value));
    if (*value > 0x10ffff) fail("(unicode error) illegal Unicode character", at);
    if (*value >= 0xd800 && *value < 0xe000) lack("halves of characters", at);
    text += utf8(*value);
  }

  std::string_view source_;
  Dialect dialect_;
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  std::size_t counted_ = 0;  // the offset whose column is known
  int line_ = 1;
  int column_ = 1;
  Position end_of_last_line_{1, 1};
  int depth_ = 0;  // of parentheses: inside them a new line means nothing
  bool at_line_start_ = true;
  std::vector<Indent> indents_{{0, 0}};
  std::vector<Token> tokens_;
};

}  // namespace

Tokens tokens_of(std::string_view source, Dialect dialect) { return Lexer{source, dialect}.run(); }

}  // namespace mythbench::stack_machine
