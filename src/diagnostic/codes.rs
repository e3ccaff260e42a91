//! The codes: what goes wrong, by stage, with a page for each. A code is never reused.

use super::Severity;

/// The code of a diagnostic; 1xx syntax, 2xx names and types, 3xx running, 4xx data; 6xx warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static str);

impl Code {
    /// The code as shown: `D0204`.
    pub fn text(self) -> &'static str {
        self.0
    }

    /// How bad it is.
    pub fn severity(self) -> Severity {
        if self.0.starts_with("D06") { Severity::Warning } else { Severity::Error }
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
        "A number must fit 64 bits, a date must exist in the calendar, and an escape is one of `\\n \\t \\\\ \\\" \\' \\u{…}`.\n\n    meetings since 2024-02-30\n\nFebruary 2024 has 29 days: `since 2024-02-29`."
    TOO_DEEP "D0104" "nested too deep"
        "Parentheses, `not` and sub-queries nest at most 128 deep, with what their names stand for at most 512 levels; files `use` one another at most 64 deep. No question that is asked by hand comes near. Give a part its own name with `let`, and where names stand for names, use fewer of them."
    TOO_LONG "D0105" "the statement is too long"
        "A statement has at most 1 MiB of text and a chain such as `a or b or c` at most 400 links; with what its names stand for, it has at most 500 stages and 600,000 expressions. Compare with a list, `country in (China, India)`, rather than with each value, or split the statement with `let`."
    HOLE "D0106" "a hole, for which nothing is chosen"
        "A `?` stands where a value, a field, a stage or a source is to be chosen. Instead of rows the answer lists what could stand there; the query runs once it is put in.\n\n    meetings where region = ?"
    CHAINED "D0107" "comparisons do not chain"
        "Each comparison has two sides, so that `1 < x < 3` would compare a truth with 3.\n\n    leaders where 1 < x < 3\n\nWrite both, `a < b and b < c`, or `b between a and c`."
    STRAY_CHARACTER "D0108" "a character that is not part of the language"
        "Names of other letters go in backquotes and texts in quotes.\n\n    meetings where ü = 1\n\nA field of that name is written `` `ü` ``."
    UNKNOWN_SOURCE "D0201" "no such source"
        "A query starts from `events`, a kind in the plural (`meetings`), an entity table (`countries`), a `let` name or a query in parentheses.\n\n    meetngs | count\n\nThe nearest name is offered: `meetings`. `demarche describe` lists all sources."
    UNKNOWN_FIELD "D0202" "no such field"
        "The table has no column of that name.\n\n    meetings | select dat\n\nThe nearest name is offered: `date`. `demarche describe meetings` says what the columns are; a stage such as `select` leaves only those that it names. A text stands in quotes."
    UNKNOWN_FUNCTION "D0203" "no such function"
        "The name before the parenthesis is no function, no aggregate and no `let`.\n\n    meetings | derive n = lenght(summary)\n\nThe nearest name is offered: `length`. `demarche describe length` says how a function is written."
    UNKNOWN_VALUE "D0204" "no such value"
        "A symbol or an entity is one of a known set of names, and this is none of them, in any spelling.\n\n    meetings where venue = abord\n\nThe nearest name is offered: `abroad`. `demarche describe venue` lists the values with their meanings."
    AMBIGUOUS "D0205" "a name that fits several things"
        "The name belongs to more than one entity, or to a field and a value at once.\n\n    meetings where country = Congo\n\nWrite the full name, `\"Republic of the Congo\"`; where a field has the name too, `\"x\"` is the value and `.x` the field."
    TYPE_MISMATCH "D0206" "the types do not go together"
        "A comparison, operator or function got a value of a kind that it does not take.\n\n    meetings where month = 5\n\nA month is a period: `month = 2024-05`."
    WRONG_ARGUMENTS "D0207" "wrong number of arguments"
        "The function, the aggregate or the `let` takes another number of arguments.\n\n    meetings | derive x = round()\n\nThe help says how it is written: `round(number, digits)`."
    UNKNOWN_PARAMETER "D0208" "the parameter has no value"
        "A parameter gets its value from whoever runs the query, not from the query itself.\n\n    visits in $city\n\nBind it: `demarche ask 'visits in $city' -p city=Beijing`."
    DUPLICATE_NAME "D0209" "the name is taken"
        "Two columns of a table, or two arguments of a `let`, have one name.\n\n    meetings | select a = date, a = place\n\nGive one of them another name: `select a = date, b = place`."
    MISPLACED_AGGREGATE "D0210" "an aggregate where none may stand"
        "An aggregate is computed of many rows, so it stands in `summarize` and takes plain expressions.\n\n    meetings where count(leader) > 3\n\nFirst summarize, then ask: `meetings | summarize n = count() by leader | where n > 3`."
    NO_SIDES "D0211" "the source has no sides"
        "`of`, `with`, `in` and the clauses of time ask about events; an entity table, and a table made by stages, has no sides and no dates.\n\n    countries of Putin\n\nAsk the events, `meetings of Putin`, or compare a field: `countries where region = Asia`."
    RECURSION "D0212" "a name that needs itself"
        "A `let` may use what stands before it, and not itself; files may not `use` each other in a circle.\n\n    let term = term since 2024-05-07\n\nStart from another name: `let term = meetings since 2024-05-07`. What two files need goes in a third."
    NOT_ONE_COLUMN "D0213" "a sub-query of more than one column"
        "A query used as a list or a value must give one column.\n\n    countries where name in (meetings | select date, place)\n\nEnd it with one: `(meetings | distinct country)`."
    BAD_PATTERN "D0214" "not a regular expression"
        "The pattern after `matches` does not parse. It is a regular expression without look-around or back-references, so that it takes linear time.\n\n    meetings where summary matches \"(\"\n\nA mark stands for itself in brackets, `\"[(]\"`; `contains` looks for plain text."
    STAGE_MISMATCH "D0215" "the stage does not fit the table"
        "A stage needs something that this table lacks: `share` a count, `gap` a date, `cite` the sources.\n\n    countries | gap by region\n\nPut it where the table still has that, such as right after the events: `meetings | gap by region`."
    NOT_A_PERIOD "D0216" "a date was expected"
        "A clause of time takes a date, a period, or the name of a period of the data.\n\n    meetings since Putin\n\nWrite `since 2024-05`, `during this month` or `during \"new term\"`."
    BAD_SEQUENCE "D0220" "the steps make no sequence"
        "A sequence has 1 to 100 steps. It starts with an event that is there; `not [q]` stands after one, and after the last only where `within` says for how long.\n\n    sequence [visits] not [agreements]\n\nWith a limit it is: `sequence within 90 days [visits] not [agreements]`."
    OVERFLOW "D0301" "an integer is too large"
        "Integers have 64 bits, and the calendar ends with the year 99999.\n\n    countries | derive x = 9223372036854775807 + 1\n\nWith `1.0 *` before it an integer becomes a float, which is less exact and much larger."
    NOT_ONE_ROW "D0302" "a query used as a value has not one row"
        "In arithmetic and as an argument, a query in parentheses stands for one value, so it must give one row.\n\n    expect (meetings | select date) + 1 year > 2024\n\nEnd it with `count`, `take 1` or `summarize`; with `in` and `=` a query may give many."
    TOO_MANY_ROWS "D0303" "more rows than allowed"
        "Whoever runs the query set a limit of rows, and a stage goes beyond it. Narrow the query with `where` before the stage that multiplies rows, or `take` fewer."
    INTERRUPTED "D0304" "stopped"
        "The query, or the reading of a file, was stopped before its end, by Ctrl-C or by the program that ran it. It left nothing behind, and can be begun again."
    EXPECTATION "D0305" "an expectation failed"
        "An `expect` does not hold. Both sides and the first rows behind them are shown; the script goes on and ends with exit code 1.\n\n    expect (meetings | count) > 1000\n\nLook at the rows: either the data lacks something, or the sentence claims too much."
    UNREADABLE "D0401" "a file cannot be read"
        "The file or folder is not there, or may not be read; or it is compressed and its end is missing.\n\n    use \"nowhere.dmq\"\n\nA path after `use` is relative to the file in which it stands; others are relative to the working directory."
    NO_MANIFEST "D0402" "the folder has no manifest"
        "A data set in a folder has a `dataset.json` that says what it is; a name and its fields are the least that it holds. A single CSV or JSON file needs none."
    BAD_MANIFEST "D0403" "the manifest is not as it should be"
        "`dataset.json` is JSON of a fixed form; a field that it does not have is an error, so that a slip of the pen is not lost. The line and column say where it breaks, and the nearest field is offered. The same holds of a preset."
    BAD_JSON "D0404" "a line is not JSON"
        "Each line of a `.jsonl` file is one JSON object. The line and column say where it breaks; often a quote or a comma is missing right before."
    BAD_FIELD "D0405" "a field is unknown, missing or of another type"
        "The tables of a data set have the fields that the manifest or the format names, with values of their types. Correct the name, or add the field to `fields` in `dataset.json`."
    BAD_DATE "D0406" "a date that does not exist"
        "Dates are ISO 8601-2 (EDTF) level 1: `2024-06`, `2024-06-XX`, `2024?`, `2024-05-23/2024-05-24`, and `[2024-05-20..2024-06-03]` for one day of these. Write a date that is known only to its month as `2024-06`."
    UNKNOWN_ENTITY "D0407" "a name that is not in its table"
        "A participant, country, place, occasion or source is named that its table does not have. Correct the name, or add the entity to its table, such as `leaders.jsonl`."
    DUPLICATE_ID "D0408" "an id is used twice"
        "Ids and names are unique within a data set, as others refer to them. Rename one of the two, or drop the repeat."
    NOT_UTF8 "D0409" "the file is not UTF-8"
        "Text files are read as UTF-8. Convert it: `iconv -f latin1 -t utf-8`."
    EMPTY "D0410" "the file is empty"
        "There is nothing to read, not even a header. An events file has at least one line."
    RAGGED "D0411" "a row of another length"
        "A row has more or fewer fields than the header, or than the preset of a file without one. A cell that holds the separator or a line end stands in double quotes."
    BAD_QUOTE "D0412" "a quoted cell does not end as it should"
        "A cell of CSV or TSV that begins with a double quote ends with one, before a separator or a line end; a quote within it is doubled: `3,\"he said \"\"no\"\"\",2024-05-16`."
    BAD_IMPORT "D0413" "an imported data set cannot be opened"
        "What `demarche import` made is of another version of the program, is cut or damaged, or its two files are not of one import. It is made anew from its sources: `demarche import SOURCE -o FOLDER --force`."
    UNWRITABLE "D0414" "a file cannot be written"
        "The disk is full, the folder may not be written to, or something is there already. Nothing is half-written: what was there before is still there. `--force` replaces what an import or an export made."
    BAD_LESSON "D0415" "a lesson is not as it should be"
        "A lesson is a Markdown file with a title, a story, and the sections Task, Hints and Solution; Wrong answers may follow. `demarche learn --check FOLDER` tells what a lesson lacks, whether its solution is right, and whether each wrong answer is told what its lesson says. The guide has a page on writing lessons."
    UNUSED_LET "D0601" "a `let` that nothing uses"
        "A name is bound, and no statement after it uses it: a slip of the pen, or left over. A file that only binds names is there for others to `use`, and is not warned of.\n\n    let term = meetings since 2024; meetings | count\n\nUse the name, or take the `let` out."
    CONSTANT_CONDITION "D0602" "a condition that is the same for every row"
        "A condition of `where` looks at no field, or says something of a field that holds of every value or of none. It keeps all rows or none.\n\n    meetings where 1 = 1\n    meetings where venue != home or venue != abroad\n\nWhat is neither of two values is written with `and`: `venue != home and venue != abroad`."
    CONTRADICTION "D0603" "conditions that no row can meet together"
        "A field of one value is asked to have two, a range ends before it begins, or a condition stands beside its opposite, so that no row is left.\n\n    meetings where venue = home and venue = abroad\n    meetings since 2024-06 until 2024-05\n\nOne of several values is written `venue in (home, abroad)`."
    ANY_OF_MANY "D0604" "conditions that different values of a field can meet"
        "A field of several values meets a condition if any of them does. So one value can meet the lower and another the upper bound of a range, and `!=` with `or` is met by every row that has not both values. Several `=` or `contains` with `and` ask for all of these values, and one `!=` for none: these are not warned of.\n\n    meetings where region != \"Asia\" or region != \"Africa\"\n\nWhat has neither of two values is written with `and`; `every` asks a condition of each value."
    OUTSIDE_DATA "D0605" "a date before the data begins or after it ends"
        "A date is compared with that of events, and no event is so early or so late: the condition keeps all rows or none.\n\n    meetings since 2042\n\nCompare with a date within the data; `today` is never warned of."
}
