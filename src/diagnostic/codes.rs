//! The codes: what goes wrong, by stage, with a page for each. A code is never reused.

/// The code of a diagnostic; 1xx syntax, 2xx names and types, 3xx running, 4xx data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static str);

impl Code {
    /// The code as shown: `D0204`.
    pub fn text(self) -> &'static str {
        self.0
    }

    /// Its title and its page.
    pub fn page(self) -> (&'static str, &'static str) {
        CODES.iter().find(|entry| entry.0 == self).map_or(("", ""), |entry| (entry.1, entry.2))
    }

    /// The code written `text`, in any case.
    pub fn find(text: &str) -> Option<Self> {
        CODES.iter().map(|entry| entry.0).find(|code| code.0.eq_ignore_ascii_case(text))
    }
}

macro_rules! codes {
    ($($name:ident $code:literal $title:literal $page:literal)*) => {
        impl Code {
            $(#[doc = $title] pub const $name: Code = Code($code);)*
        }

        /// Every code with its title and its page.
        pub const CODES: &[(Code, &str, &str)] = &[$((Code::$name, $title, $page)),*];
    };
}

codes! {
    UNEXPECTED "D0101" "something else was expected here"
        "The text does not go on as the grammar allows. The message names what was found and what could stand there.\n\n    meetings where venue abroad\n\nA comparison needs its operator: `meetings where venue = abroad`."
    UNCLOSED_TEXT "D0102" "a text has no closing quote"
        "A text runs from one quote to the next of the same kind; a quote within is written `\\\"`.\n\n    meetings where summary contains \"nuclear\n\nClose it: `\"nuclear\"`."
    BAD_LITERAL "D0103" "a number, date or escape is not one"
        "A number must fit 64 bits, a date must exist in the calendar, and an escape is one of `\\n \\t \\\\ \\\" \\' \\u{…}`.\n\n    meetings since 2024-02-30\n\nFebruary 2024 has 29 days."
    TOO_DEEP "D0104" "nested too deep"
        "Parentheses, `not` and sub-queries nest at most 128 deep. Give a part its own name with `let`."
    TOO_LONG "D0105" "the statement is too long"
        "A statement has at most 1 MiB of text. Split it with `let`."
    RESERVED "D0106" "not at work yet"
        "The word is part of the language and is reserved; this version cannot run it.\n\n    meetings | pivot region"
    CHAINED "D0107" "comparisons do not chain"
        "Write both: `a < b and b < c`, or `b between a and c`.\n\n    leaders where 1 < x < 3"
    STRAY_CHARACTER "D0108" "a character that is not part of the language"
        "Names of other letters go in backquotes and texts in quotes.\n\n    meetings where ü = 1\n\nA field of that name is written `` `ü` ``."
    UNKNOWN_SOURCE "D0201" "no such source"
        "A query starts from `events`, a kind in the plural (`meetings`), an entity table (`countries`), a `let` name or a query in parentheses.\n\n    meetngs | count"
    UNKNOWN_FIELD "D0202" "no such field"
        "The table has no column of that name. `:schema` lists the columns; a stage such as `select` leaves only those it names.\n\n    meetings | select dat"
    UNKNOWN_FUNCTION "D0203" "no such function"
        "`:help functions` lists them.\n\n    meetings | derive n = lenght(summary)"
    UNKNOWN_VALUE "D0204" "no such value"
        "A symbol or an entity is one of a known set of names, and this is none of them, in any spelling.\n\n    meetings where venue = abord\n\nThe nearest name is offered: `abroad`."
    AMBIGUOUS "D0205" "a name that fits several things"
        "The name belongs to more than one entity, or to a field and a value at once. Write the full name; `\"x\"` for the value, `.x` for the field.\n\n    meetings where country = Congo"
    TYPE_MISMATCH "D0206" "the types do not go together"
        "A comparison, operator or function got a value of a kind it does not take.\n\n    meetings where month = 5\n\nA month is a period: `month = 2024-05`, or `month(date)` compared with one."
    WRONG_ARGUMENTS "D0207" "wrong number of arguments"
        "The function or `let` takes another number of arguments.\n\n    meetings | derive x = round()"
    UNKNOWN_PARAMETER "D0208" "the parameter has no value"
        "Bind it when the query is run: `demarche run -p name=value`.\n\n    meetings with $who"
    DUPLICATE_NAME "D0209" "the name is taken"
        "Two columns, or two arguments, of one name.\n\n    meetings | select a = date, a = place"
    MISPLACED_AGGREGATE "D0210" "an aggregate where none may stand"
        "Aggregates stand in `summarize`, and take plain expressions.\n\n    meetings where sum(tone) > 3"
    NO_SIDES "D0211" "the source has no sides"
        "`of`, `with` and `in` ask about events; an entity table, and a table made by stages, has no sides.\n\n    countries of Putin"
    RECURSION "D0212" "a name that needs itself"
        "A `let` may use what stands before it, and not itself; files may not `use` each other in a circle."
    NOT_ONE_COLUMN "D0213" "a sub-query of more than one column"
        "A query used as a list or a value must give one column.\n\n    countries where name in (meetings | select date, place)"
    BAD_PATTERN "D0214" "not a regular expression"
        "The pattern after `matches` does not parse.\n\n    meetings where summary matches \"(\""
    STAGE_MISMATCH "D0215" "the stage does not fit the table"
        "A stage needs something that this table lacks: `share` a count, `gap` a date, `cite` the sources, `expand` a list.\n\n    countries | gap by region"
    NOT_A_PERIOD "D0216" "a date was expected"
        "A clause of time takes a date or a period: `since 2024-05`, `during this month`.\n\n    meetings since Putin"
    OVERFLOW "D0301" "an integer is too large"
        "Integers have 64 bits. `1.0 *` makes it a float.\n\n    countries | derive x = 9223372036854775807 + 1"
    NOT_ONE_ROW "D0302" "a query used as a value has not one row"
        "A query in parentheses stands for a value only when it gives one row and one column.\n\n    expect (meetings | select date) > 2024"
    TOO_MANY_ROWS "D0303" "more rows than allowed"
        "The embedder set a limit of rows. Narrow the query, or `take` fewer."
    INTERRUPTED "D0304" "stopped"
        "The query was stopped, by Ctrl-C or by the embedder."
    EXPECTATION "D0305" "an expectation failed"
        "An `expect` did not hold. Both sides and the rows are shown; the script goes on and ends with exit code 1.\n\n    expect (meetings | count) > 1000"
    UNREADABLE "D0401" "a file cannot be read"
        "The file or folder is not there, or may not be read."
    NO_MANIFEST "D0402" "the folder has no manifest"
        "A data set in a folder has a `dataset.json` that says what it is."
    BAD_MANIFEST "D0403" "the manifest is not as it should be"
        "`dataset.json` is JSON of a fixed form; a field that it does not have is an error, so that a slip of the pen is not lost."
    BAD_JSON "D0404" "a line is not JSON"
        "Each line of a `.jsonl` file is one JSON object. The line and column say where it breaks."
    BAD_FIELD "D0405" "a field is unknown, missing or of another type"
        "The tables of a data set have the fields that the manifest or the format names."
    BAD_DATE "D0406" "a date that does not exist"
        "Dates are ISO 8601-2 (EDTF) level 1: `2024-06`, `2024-06-XX`, `2024?`, `2024-05-23/2024-05-24`, and `[2024-05-20..2024-06-03]`."
    UNKNOWN_ENTITY "D0407" "a name that is not in its table"
        "A participant, country, place, occasion or source is named that its table does not have."
    DUPLICATE_ID "D0408" "an id is used twice"
        "Ids and names are unique within a data set."
    NOT_UTF8 "D0409" "the file is not UTF-8"
        "Text files are read as UTF-8. Convert it: `iconv -f latin1 -t utf-8`."
    EMPTY "D0410" "the file is empty"
        "There is nothing to read, not even a header."
    RAGGED "D0411" "a row of another length"
        "A row has more or fewer fields than the header."
    BAD_QUOTE "D0412" "a quoted cell does not end as it should"
        "A cell of CSV or TSV that begins with a double quote ends with one, before a separator or a line end; a quote within it is doubled.\n\n    3,\"he said \"\"no\"\"\",2024-05-16"
}
