#include "stack_machine/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace mythbench::stack_machine {
namespace {

constexpr std::array keywords{"and",    "as",     "assert", "break", "class",  "continue",
                              "def",    "del",    "elif",   "else",  "except", "finally",
                              "for",    "from",   "global", "if",    "import", "in",
                              "is",     "lambda", "not",    "or",    "pass",   "raise",
                              "return", "try",    "while",  "with",  "yield"};

constexpr std::array symbols{
    "**=", "//=", "**", "//", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "<>",
    "<",   ">",   "=",  "+",  "-",  "*",  "/",  "%",  "(",  ")",  ",",  ":",  ";"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  Lexer(std::string_view source, Dialect dialect) : source_{source}, dialect_{dialect} {}

  std::vector<Token> run() {
    while (!at_end()) {
      if (at_line_start_ && depth_ == 0) {
        if (!read_indentation()) continue;
      }
      read_token();
    }
    // A parenthesis that is still open is for the parser to find: it knows where it should close.
    if (!tokens_.empty() && tokens_.back().kind != Token::Kind::newline &&
        tokens_.back().kind != Token::Kind::dedent)
      add(Token::Kind::newline, "", here());
    while (indents_.size() > 1) {
      indents_.pop_back();
      add(Token::Kind::dedent, "", here());
    }
    add(Token::Kind::end, "", here());
    return std::move(tokens_);
  }

 private:
  bool at_end() const { return offset_ >= source_.size(); }
  char peek(std::size_t ahead = 0) const {
    return offset_ + ahead < source_.size() ? source_[offset_ + ahead] : '\0';
  }
  Position here() const { return {line_, static_cast<int>(offset_ - line_start_) + 1}; }

  void add(Token::Kind kind, std::string spelling, Position at, Constant value = {}) {
    tokens_.push_back({kind, std::move(spelling), at, std::move(value)});
  }

  void next_line() {
    ++offset_;
    ++line_;
    line_start_ = offset_;
  }

  // False if the line holds nothing.
  bool read_indentation() {
    int column = 0;
    for (; peek() == ' ' || peek() == '\t' || peek() == '\f'; ++offset_) {
      if (peek() == ' ') ++column;
      if (peek() == '\t') column = (column / 8 + 1) * 8;
      if (peek() == '\f') column = 0;
    }
    if (peek() == '#') skip_comment();
    if (peek() == '\r') ++offset_;
    if (at_end()) return false;
    if (peek() == '\n') return next_line(), false;
    at_line_start_ = false;
    if (column > indents_.back()) {
      indents_.push_back(column);
      add(Token::Kind::indent, "", here());
      return true;
    }
    while (column < indents_.back()) {
      indents_.pop_back();
      add(Token::Kind::dedent, "", here());
    }
    if (column != indents_.back())
      throw Failure{"IndentationError", "unindent does not match any outer indentation level",
                    here()};
    return true;
  }

  void skip_comment() {
    while (!at_end() && peek() != '\n') ++offset_;
  }

  void read_token() {
    char const c = peek();
    if (c == ' ' || c == '\t' || c == '\f' || c == '\r') {
      ++offset_;
    } else if (c == '#') {
      skip_comment();
    } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      offset_ += peek(1) == '\n' ? 1 : 2;
      next_line();
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
      read_text();
    } else {
      read_symbol();
    }
  }

  void read_name() {
    Position const at = here();
    std::size_t const begin = offset_;
    while (is_letter(peek()) || is_digit(peek())) ++offset_;
    std::string name{source_.substr(begin, offset_ - begin)};
    bool const reserved = std::ranges::find(keywords, name) != keywords.end() ||
                          (dialect_ == Dialect::python2 && (name == "print" || name == "exec"));
    add(reserved ? Token::Kind::keyword : Token::Kind::name, std::move(name), at);
  }

  void read_symbol() {
    for (std::string_view const symbol : symbols)
      if (source_.substr(offset_, symbol.size()) == symbol) {
        if (symbol == "<>" && dialect_ == Dialect::python3) continue;
        if (symbol == "(") ++depth_;
        if (symbol == ")" && depth_ > 0) --depth_;
        add(Token::Kind::symbol, symbol == "<>" ? "!=" : std::string{symbol}, here());
        offset_ += symbol.size();
        return;
      }
    if (std::string_view{"[]{}.@&|^~`"}.find(peek()) != std::string_view::npos)
      throw Failure{"SyntaxError", std::string{"this machine knows no '"} + peek() + "'", here()};
    throw Failure{"SyntaxError", "invalid syntax", here()};
  }

  void read_number() {
    Position const at = here();
    std::size_t const begin = offset_;
    if (peek() == '0' && is_letter(peek(1)) && (peek(1) | 0x20) != 'e') {
      unsigned const base = (peek(1) | 0x20) == 'x'   ? 16
                            : (peek(1) | 0x20) == 'o' ? 8
                            : (peek(1) | 0x20) == 'b' ? 2
                                                      : 0;
      offset_ += 2;
      return add_integer(digits_of(base, at), base, at);
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
    }
    if (is_letter(peek())) throw Failure{"SyntaxError", "invalid syntax", here()};
    std::string const spelling{source_.substr(begin, offset_ - begin)};
    if (real) return add(Token::Kind::number, spelling, at, std::strtod(spelling.c_str(), nullptr));
    bool const zeros = spelling.find_first_not_of('0') == std::string::npos;
    if (spelling[0] != '0' || zeros) return add_integer(spelling, 10, at);
    if (dialect_ == Dialect::python3)
      throw Failure{"SyntaxError", "leading zeros in decimal integer literals are not permitted",
                    at};
    if (spelling.find_first_of("89") != std::string::npos)
      throw Failure{"SyntaxError", "invalid token", at};
    add_integer(spelling, 8, at);
  }

  std::string digits_of(unsigned base, Position at) {
    std::string digits;
    for (; is_letter(peek()) || is_digit(peek()); ++offset_) {
      unsigned const value =
          static_cast<unsigned>(is_digit(peek()) ? peek() - '0' : (peek() | 0x20) - 'a' + 10);
      if (peek() == '_' || value >= base) throw Failure{"SyntaxError", "invalid syntax", here()};
      digits.push_back(peek());
    }
    if (digits.empty()) throw Failure{"SyntaxError", "invalid syntax", at};
    return digits;
  }

  void add_integer(std::string const& digits, unsigned base, Position at) {
    BigInteger const value = BigInteger::from_digits(digits, base);
    if (auto const small = value.to_int64())
      add(Token::Kind::number, digits, at, *small);
    else
      add(Token::Kind::number, digits, at, value);
  }

  void read_text() {
    Position const at = here();
    char const quote = peek();
    bool const triple = peek(1) == quote && peek(2) == quote;
    offset_ += triple ? 3 : 1;
    std::string text;
    for (;;) {
      if (at_end())
        throw Failure{"SyntaxError",
                      triple ? "EOF while scanning triple-quoted string literal"
                             : "EOL while scanning string literal",
                      at};
      char const c = peek();
      if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) break;
      if (c == '\n' && !triple)
        throw Failure{"SyntaxError", "EOL while scanning string literal", at};
      if (c == '\\') {
        read_escape(text);
      } else {
        text.push_back(c);
        if (c == '\n')
          next_line();
        else
          ++offset_;
      }
    }
    offset_ += triple ? 3 : 1;
    // CPython 2.7 says of a text of several lines that it stands in its last.
    if (dialect_ == Dialect::python2)
      add(Token::Kind::text, std::move(text), {line_, at.column});
    else
      add(Token::Kind::text, std::move(text), at);
  }

  void read_escape(std::string& text) {
    ++offset_;
    char const c = peek();
    if (c == '\n') return next_line();
    constexpr std::string_view letters = "\\'\"ntrabfv0";
    constexpr std::string_view meanings{"\\'\"\n\t\r\a\b\f\v\0", 11};
    if (auto const found = letters.find(c); found != std::string_view::npos && !at_end())
      text.push_back(meanings[found]);
    else
      text += {'\\', c};
    ++offset_;
  }

  std::string_view source_;
  Dialect dialect_;
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int depth_ = 0;  // of parentheses: inside them a new line means nothing
  bool at_line_start_ = true;
  std::vector<int> indents_{0};
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source, Dialect dialect) {
  return Lexer{source, dialect}.run();
}

}  // namespace mythbench::stack_machine
