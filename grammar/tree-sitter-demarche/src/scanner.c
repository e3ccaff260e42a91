// What the rules of grammar.js cannot say: where a new line ends a statement, which parentheses hold a query, what must
// stand on the line before it, and where a number or a date ends.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>

// In the order of `externals` in grammar.js.
enum Token {
  LINE_END,
  OPERAND_ON_LINE,
  EXPRESSION_ON_LINE,
  CALL_OPEN,
  QUERY_OPEN,
  OPEN,
  CLOSE,
  OPEN_STEP,
  CLOSE_STEP,
  INTEGER,
  FLOAT,
  DATE,
  UNIT,
  PERIOD_UNIT,
  AGO,
  ASC,
  DESC,
  FROM,
  TO,
  STARTS_WITH,
  ENDS_WITH,
  AS_OF,
  // Never there: it is awaited only while the parser recovers from an error, where every token is.
  RECOVERING,
};

// Longer than any word that is looked for.
#define WORD 12
// Longer than any date.
#define NUMBER 40

typedef char Word[WORD];

static const char *const KEYWORDS[] = {
  "after", "and", "anyone", "as", "before", "between", "by", "contains", "distinct", "during", "every", "expect",
  "false", "in", "is", "let", "matches", "missing", "not", "of", "on", "or", "per", "possibly", "since", "true",
  "until", "use", "where", "with", "within", NULL,
};
static const char *const STATEMENTS[] = {"let", "expect", "use", NULL};
static const char *const VALUES[] = {"true", "false", "missing", NULL};
static const char *const PREFIXES[] = {"not", "every", NULL};
static const char *const CLAUSES[] = {"of", "with", "since", "until", "before", "after", "during", "where", NULL};
static const char *const SEQUENCE[] = {"latest", "all", "by", "within", NULL};
static const char *const PERIOD_UNITS[] = {"week", "month", "quarter", "year", NULL};
static const char *const UNITS[] = {
  "hour", "hours", "day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years", NULL,
};

static bool is_in(const char *const *list, const char *word) {
  for (; *list; list++) {
    if (strcmp(*list, word) == 0) return true;
  }
  return false;
}

static bool is_line_end(int32_t c) { return c == '\n' || c == '\r'; }

static bool is_blank(int32_t c) {
  return (c >= 0x9 && c <= 0xD) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static bool is_word(int32_t c) { return is_letter(c) || is_digit(c); }

static bool is_one_of(const char *characters, int32_t c) { return c > 0 && c < 0x80 && strchr(characters, c); }

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static bool emit(TSLexer *lexer, enum Token token) {
  lexer->result_symbol = token;
  return true;
}

// The token that ends here.
static bool finish(TSLexer *lexer, enum Token token) {
  lexer->mark_end(lexer);
  return emit(lexer, token);
}

static void read_word(TSLexer *lexer, Word word) {
  size_t length = 0;
  for (; is_word(lexer->lookahead); advance(lexer)) {
    if (length < WORD - 1) word[length++] = (char)lexer->lookahead;
  }
  word[length] = 0;
}

// Passes over blanks and comments; whether a line ended.
static bool skip_blanks(TSLexer *lexer) {
  bool newline = false;
  for (; is_blank(lexer->lookahead) || lexer->lookahead == '#'; advance(lexer)) {
    if (lexer->lookahead == '#') {
      while (!lexer->eof(lexer) && !is_line_end(lexer->lookahead)) advance(lexer);
    }
    newline |= is_line_end(lexer->lookahead);
  }
  return newline;
}

// Numbers and dates

// Digits with `_` between them; whether a digit is the last.
static bool skip_digits(TSLexer *lexer) {
  bool is_last = false;
  for (; is_digit(lexer->lookahead) || lexer->lookahead == '_'; advance(lexer)) is_last = lexer->lookahead != '_';
  return is_last;
}

// The next two characters of a date as a number in these bounds.
static bool is_between(const char **text, int low, int high) {
  if (!is_digit((*text)[0]) || !is_digit((*text)[1])) return false;
  int number = ((*text)[0] - '0') * 10 + (*text)[1] - '0';
  *text += 2;
  return number >= low && number <= high;
}

static bool is_next(const char **text, char character) {
  bool is = **text == character;
  *text += is;
  return is;
}

static bool is_time(const char *text) {
  if (!is_between(&text, 0, 23) || !is_next(&text, ':') || !is_between(&text, 0, 59)) return false;
  if (is_next(&text, ':')) {
    if (!is_between(&text, 0, 59)) return false;
    if (is_next(&text, '.')) {
      size_t decimals = strspn(text, "0123456789");
      if (decimals < 1 || decimals > 9) return false;
      text += decimals;
    }
  }
  if (is_next(&text, 'Z')) return *text == 0;
  if (is_next(&text, '+') || is_next(&text, '-')) {
    if (!is_between(&text, 0, 23) || !is_next(&text, ':') || !is_between(&text, 0, 59)) return false;
  }
  return *text == 0;
}

// What stands after the year.
static bool is_date(const char *text) {
  if (!is_next(&text, '-')) return false;
  if (is_next(&text, 'Q')) return *text >= '1' && *text <= '4' && text[1] == 0;
  if (is_next(&text, 'W')) return is_between(&text, 1, 53) && *text == 0;
  if (!is_between(&text, 1, 12)) return false;
  if (*text == 0) return true;
  if (!is_next(&text, '-') || !is_between(&text, 1, 31)) return false;
  return *text == 0 || (is_next(&text, 'T') && is_time(text));
}

// A text that is long enough for a date; of a longer one the start.
typedef struct {
  char text[NUMBER];
  size_t length;
} Text;

static void take(TSLexer *lexer, Text *text) {
  if (text->length < NUMBER - 1) text->text[text->length++] = (char)lexer->lookahead;
  advance(lexer);
}

static void take_word(TSLexer *lexer, Text *text) {
  while (is_word(lexer->lookahead) && lexer->lookahead != '_') take(lexer, text);
  lexer->mark_end(lexer);
}

// The part of a date that starts with the `-` here, if one does.
static bool take_part(TSLexer *lexer, Text *text) {
  if (lexer->lookahead != '-') return false;
  Text part = *text;
  take(lexer, &part);
  int32_t first = lexer->lookahead;
  if (!is_digit(first) && !is_one_of("QW", first)) return false;
  take(lexer, &part);
  if (!is_digit(first) && !is_digit(lexer->lookahead)) return false;
  take_word(lexer, &part);
  *text = part;
  return true;
}

// After four digits: a date, or an integer that a `-` may follow.
static bool scan_date(TSLexer *lexer) {
  Text text = {0};
  lexer->mark_end(lexer);
  if (!take_part(lexer, &text)) return emit(lexer, INTEGER);
  if (is_digit(text.text[1]) && take_part(lexer, &text) && strchr(text.text, 'T')) {
    while (is_one_of(":+-.", lexer->lookahead)) {
      Text time = text;
      take(lexer, &time);
      if (!is_digit(lexer->lookahead)) break;
      take_word(lexer, &time);
      text = time;
    }
  }
  return is_date(text.text) && emit(lexer, DATE);
}

static bool scan_number(TSLexer *lexer) {
  enum Token token = INTEGER;
  int digits = 0;
  for (; is_digit(lexer->lookahead); advance(lexer)) digits++;
  if (digits == 4 && lexer->lookahead == '-') return scan_date(lexer);
  if (lexer->lookahead == '_' && !skip_digits(lexer)) return false;
  lexer->mark_end(lexer);
  if (lexer->lookahead == '.') {
    advance(lexer);
    if (!is_digit(lexer->lookahead)) return emit(lexer, INTEGER);
    if (!skip_digits(lexer)) return false;
    token = FLOAT;
  }
  if (is_one_of("eE", lexer->lookahead)) {
    advance(lexer);
    if (is_one_of("+-", lexer->lookahead)) advance(lexer);
    if (!is_digit(lexer->lookahead) || !skip_digits(lexer)) return false;
    token = FLOAT;
  }
  return !is_word(lexer->lookahead) && finish(lexer, token);
}

// Parentheses

static void skip_quoted(TSLexer *lexer) {
  int32_t quote = lexer->lookahead;
  advance(lexer);
  while (!lexer->eof(lexer) && lexer->lookahead != quote) {
    if (quote == '`' && is_line_end(lexer->lookahead)) return;
    if (quote != '`' && lexer->lookahead == '\\') advance(lexer);
    advance(lexer);
  }
  advance(lexer);
}

// Whether the parentheses that open before this place directly hold a `|`, a clause other than `in`, or a sequence.
static bool holds_query(TSLexer *lexer) {
  // Whether an operand can end with the last token, and with the one before it.
  bool ends = false, ended = false;
  Word before = "";
  for (int depth = 1, place = 0;; place++) {
    bool newline = skip_blanks(lexer);
    int32_t c = lexer->lookahead;
    if (lexer->eof(lexer) || c == ';') return false;
    bool could_end = ends;
    Word word = "";
    if (is_letter(c)) {
      read_word(lexer, word);
      ends = !is_in(KEYWORDS, word) || is_in(VALUES, word);
      if (newline && is_in(STATEMENTS, word)) return false;
      bool is_operator = (strcmp(word, "of") == 0 && strcmp(before, "as") == 0) ||
                         (strcmp(word, "with") == 0 && ended &&
                          (strcmp(before, "starts") == 0 || strcmp(before, "ends") == 0));
      if (depth == 1 && is_in(CLAUSES, word) && !is_operator) return true;
      bool starts_sequence = place == 1 && strcmp(before, "sequence") == 0;
      if (starts_sequence && is_in(SEQUENCE, word)) return true;
      if (starts_sequence && strcmp(word, "not") == 0) {
        skip_blanks(lexer);
        if (lexer->lookahead == '[') return true;
      }
    } else if (is_one_of("\"'`", c)) {
      skip_quoted(lexer);
      ends = true;
    } else {
      if (depth == 1 && (c == '|' || (c == '[' && place == 1 && strcmp(before, "sequence") == 0))) return true;
      depth += is_one_of("([{", c) ? 1 : is_one_of(")]}", c) ? -1 : 0;
      if (depth == 0) return false;
      advance(lexer);
      bool is_long = is_digit(c) || c == '$' || (c == '.' && lexer->lookahead == '.');
      if (c == '.' && is_long) advance(lexer);
      if (c != '.' && is_long) {
        while (is_word(lexer->lookahead)) advance(lexer);
      }
      ends = is_long || is_one_of(")?", c);
    }
    ended = could_end;
    memcpy(before, word, WORD);
  }
}

static bool scan_open(TSLexer *lexer, uint32_t *depth, const bool *valid, bool on_line) {
  bool is_call = valid[CALL_OPEN] && on_line && !valid[RECOVERING];
  if (!is_call && !valid[OPEN] && !valid[QUERY_OPEN]) return false;
  advance(lexer);
  (*depth)++;
  if (is_call) return finish(lexer, CALL_OPEN);
  lexer->mark_end(lexer);
  return emit(lexer, holds_query(lexer) ? QUERY_OPEN : OPEN);
}

static bool scan_bracket(TSLexer *lexer, uint32_t *depth, enum Token token) {
  advance(lexer);
  if (token == OPEN_STEP) {
    (*depth)++;
  } else if (*depth > 0) {
    (*depth)--;
  }
  return finish(lexer, token);
}

// Words

// The rest of an operator of two words.
static bool goes_on(TSLexer *lexer, const char *second) {
  Word word;
  skip_blanks(lexer);
  read_word(lexer, word);
  return strcmp(word, second) == 0;
}

static bool scan_two_words(TSLexer *lexer, const bool *valid, const char *word) {
  if (valid[STARTS_WITH] && strcmp(word, "starts") == 0) return goes_on(lexer, "with") && finish(lexer, STARTS_WITH);
  if (valid[ENDS_WITH] && strcmp(word, "ends") == 0) return goes_on(lexer, "with") && finish(lexer, ENDS_WITH);
  return valid[AS_OF] && strcmp(word, "as") == 0 && goes_on(lexer, "of") && finish(lexer, AS_OF);
}

static bool scan_one_word(TSLexer *lexer, const bool *valid, const char *word, bool newline) {
  if (valid[UNIT] && !newline && is_in(UNITS, word)) return finish(lexer, UNIT);
  if (valid[PERIOD_UNIT] && !newline && is_in(PERIOD_UNITS, word)) return finish(lexer, PERIOD_UNIT);
  if (valid[AGO] && !newline && strcmp(word, "ago") == 0) return finish(lexer, AGO);
  if (valid[ASC] && strcmp(word, "asc") == 0) return finish(lexer, ASC);
  if (valid[DESC] && strcmp(word, "desc") == 0) return finish(lexer, DESC);
  if (valid[FROM] && strcmp(word, "from") == 0) return finish(lexer, FROM);
  return valid[TO] && strcmp(word, "to") == 0 && finish(lexer, TO);
}

static bool scan_word(TSLexer *lexer, uint32_t *depth, const bool *valid, bool newline) {
  Word word;
  read_word(lexer, word);
  bool is_keyword = is_in(KEYWORDS, word);
  bool is_statement = newline && is_in(STATEMENTS, word);
  if (valid[RECOVERING]) {
    // Parentheses that are open here are not closed any more.
    if (is_statement) *depth = 0;
  } else {
    bool is_on_line = !newline || *depth > 0;
    bool is_operand = !is_keyword || is_in(VALUES, word);
    bool is_expression = is_operand || is_in(PREFIXES, word);
    if (scan_two_words(lexer, valid, word)) return true;
    if (valid[OPERAND_ON_LINE] && is_on_line && is_operand) return emit(lexer, OPERAND_ON_LINE);
    if (valid[EXPRESSION_ON_LINE] && is_on_line && is_expression) return emit(lexer, EXPRESSION_ON_LINE);
    if (scan_one_word(lexer, valid, word, newline)) return true;
  }
  bool is_start = is_statement || !is_keyword;
  return valid[LINE_END] && newline && *depth == 0 && is_start && emit(lexer, LINE_END);
}

// The scanner; what it keeps is how many brackets are open.

void *tree_sitter_demarche_external_scanner_create(void) { return ts_calloc(1, sizeof(uint32_t)); }

void tree_sitter_demarche_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_demarche_external_scanner_serialize(void *payload, char *buffer) {
  memcpy(buffer, payload, sizeof(uint32_t));
  return sizeof(uint32_t);
}

void tree_sitter_demarche_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  memset(payload, 0, sizeof(uint32_t));
  if (length == sizeof(uint32_t)) memcpy(payload, buffer, length);
}

bool tree_sitter_demarche_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  uint32_t *depth = payload;
  bool newline = false;
  for (; is_blank(lexer->lookahead); lexer->advance(lexer, true)) newline |= is_line_end(lexer->lookahead);
  lexer->mark_end(lexer);
  int32_t c = lexer->lookahead;
  if (lexer->eof(lexer)) return false;
  if (is_letter(c)) return scan_word(lexer, depth, valid, newline);

  bool is_on_line = !newline || *depth > 0;
  if (!valid[RECOVERING] && is_on_line && is_one_of("0123456789\"'`$(-.?", c)) {
    if (valid[OPERAND_ON_LINE]) return emit(lexer, OPERAND_ON_LINE);
    if (valid[EXPRESSION_ON_LINE]) return emit(lexer, EXPRESSION_ON_LINE);
  }
  if (valid[LINE_END] && newline && *depth == 0 && is_one_of("(?`", c)) return emit(lexer, LINE_END);
  if (is_digit(c)) return scan_number(lexer);
  if (c == '(') return scan_open(lexer, depth, valid, is_on_line);
  if (c == '[' && valid[OPEN_STEP]) return scan_bracket(lexer, depth, OPEN_STEP);
  if (c == ']' && valid[CLOSE_STEP]) return scan_bracket(lexer, depth, CLOSE_STEP);
  return c == ')' && valid[CLOSE] && scan_bracket(lexer, depth, CLOSE);
}
