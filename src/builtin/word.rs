//! The words of the language that are no clause, stage or function: one record each, which help and the manual read.

/// A word of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its name: mostly the word itself.
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    /// What it gives, in a sentence.
    pub summary: &'static str,
    /// What else there is to know, in sentences.
    pub details: &'static str,
    /// A text with it, on the built-in data.
    pub example: &'static str,
    /// A text with it in which something is wrong, where that teaches something.
    pub mistake: &'static str,
}

impl Word {
    /// What it means: the summary and the details, as paragraphs.
    pub fn meaning(&self) -> Vec<String> {
        [self.summary, self.details].into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }
}

/// Lists of records: name, form and summary, then what else there is.
macro_rules! words {
    ($($(#[$doc:meta])* $list:ident {
        $($name:literal ($form:literal) $summary:literal $($details:literal)? example $example:literal
            $(mistake $mistake:literal)?;)*
    })*) => {
        $($(#[$doc])* pub const $list: &[Word] = &[$(Word {
            name: $name, form: $form, summary: $summary, details: concat!($($details)?), example: $example,
            mistake: concat!($($mistake)?),
        }),*];)*
    };
}

pub(super) use words;

words! {
    /// Every statement that is no query.
    STATEMENTS {
        "let" ("let x = Q, let x = expr, let x(a, b) = Q or expr") "A name for a query or a value, for the statements after it."
            "With arguments it is called, `met(\"Xi\", 2024)`; they are values, never text to be parsed. A name stands for \
            what it stood for when it was bound."
            example "let met(who, from) = meetings with who since from; met(Xi, 2024-05-07) | count"
            mistake "let term = term since 2024-05-07";
        "expect" ("expect [\"text\":] P") "A claim: the script goes on, and ends with exit code 1 where P is not certain."
            "A query in it stands in parentheses and gives one value. Of a claim that fails both sides are shown, and the \
            rows behind them."
            example "expect \"more than 20 meetings in two months\": (meetings since 2024-05-07 | count) > 20"
            mistake "expect \"a visit to India\": (visits of Putin in India | count) > 0";
        "use" ("use \"file.dmq\"") "The statements of another file, once; its path is relative to the file that uses it."
            "Its names are bound from here on. Files may not use each other in a circle."
            example "use \"term.dmq\"; term | count"
            mistake "use \"nowhere.dmq\"";
    }

    /// Every operator, those that bind most loosely first.
    OPERATORS {
        "or" ("P or Q") "Whether either holds."
            "Where one is unknown, so is the whole, unless the other holds."
            example "meetings since 2024-05-07 where region = Africa or region = \"Latin America\" | count";
        "and" ("P and Q") "Whether both hold."
            "Where one is unknown, so is the whole, unless the other fails."
            example "meetings since 2024-05-07 where region = Asia and venue = home | count";
        "not" ("not P, x not in y, x not between a and b") "Whether P fails; where P is unknown, so is this."
            "Of a field with many values `not x = a` and `x != a` mean the same: none of them is a."
            example "meetings since 2024-05-07 where not venue = home | count"
            mistake "meetings where venue not = home";
        "every" ("every P") "Whether the comparison P holds of each value of a field with many; of no value it is unknown."
            "Without it a comparison holds where it does of any value. It stands before one comparison."
            example "meetings since 2024-05-07 where every topics in (Ukraine, ceasefire) | select leader, topics"
            mistake "meetings where every (venue = home and region = Asia)";
        "equal" ("x = a, x != a") "Whether both are the same, or not; of many values, whether any is, or none."
            "Names and texts are the same without regard to case and diacritics. A date is equal to a period that it lies in: \
            `date = 2024-06` is some day of June. What is missing equals nothing: ask with `is missing`."
            example "visits since 2024-05-07 where host != China | select date, host"
            mistake "meetings where month = 5";
        "less" ("x < a, x <= a, x > a, x >= a") "Whether one is less than the other."
            "Numbers, durations, dates, and texts by the alphabet. `date < 2024-06` is before June starts, `date <= 2024-06` \
            before it ends. Comparisons do not chain: `b between a and c` says it of both ends."
            example "meetings | gap by leader | where gap >= 300 days | select date, leader, gap"
            mistake "leaders where 1 < x < 3";
        "in" ("x in (a, b), x in 2024-05..2024-07, x in Q, x in BLOC [as of D]")
            "Whether x is one of these, lies in the period, is in the column of the query, or belongs to the bloc or region."
            "A bloc means membership on the date of the event, and in a table of entities `today`; `as of` says another day."
            example "meetings since 2024-05-07 where country in BRICS | select date, leader, country"
            mistake "meetings where leader in (Xi, Mody)";
        "between" ("x between a and b") "Whether x is neither less than a nor more than b; of many values, whether one is so."
            "The two comparisons `x >= a and x <= b` can be met by two values of a field, `between` asks both of one."
            example "meetings where date between 2024-05-20 and 2024-05-31 | select date, leader"
            mistake "meetings where date between 2024-05 or 2024-06";
        "contains" ("x contains text, x starts with text, x ends with text")
            "Whether a text, or the name of a value, has that text in it, at its start or at its end; without regard to case \
            and diacritics."
            "To deny it, put `not` before the whole: `not x contains \"a\"`."
            example "meetings since 2024-05-07 where topics contains \"nuclear\" | select date, leader, topics"
            mistake "meetings where date contains \"2024\"";
        "matches" ("x matches \"regex\"") "Whether a regular expression is found in the text, as it is written."
            "It alone minds case and diacritics; `(?i)` at its start ignores case. There are no look-around and no \
            back-references, so it takes linear time."
            example "events where summary matches \"(?i)treaty|pact\" | select date, summary"
            mistake "meetings where summary matches \"(\"";
        "is" ("x is missing, x is present") "Whether there is no value, or one; this is never unknown."
            example "meetings since 2024-05-07 where occasion is present | count by occasion"
            mistake "meetings where occasion is not missing";
        "range" ("a..b, a.., ..b") "All the days from the first to the last, both included; open where an end is left out."
            example "visits during 2024-06..today | select date, host"
            mistake "meetings during 2024-07..2024-05";
        "plus" ("x + y, x - y") "The sum or the difference: of numbers, of durations, of a date and a duration; `+` joins texts."
            "A date less a date is a duration. `2024-05 - 1 month` has blanks: `2024-05` is a date, `2024 - 5` is 2019. The \
            end of a month stays in its month: `2024-01-31 + 1 month` is 2024-02-29."
            example "visits since 2024-05-07 | select host, days = end - date + 1 day"
            mistake "meetings | derive x = date + 3";
        "times" ("x * y, x / y, x % y") "The product, the quotient, the rest; of a duration and a number, a duration."
            "A quotient is a float, also of two ints. Division by zero is missing. An int that does not fit 64 bits is an \
            error."
            example "visits since 2024-05-07 | summarize n = count(), days = sum(end - date + 1 day) | derive mean = days / n"
            mistake "countries | derive x = 9223372036854775807 * 2";
        "minus" ("-x") "The number or the duration with its sign turned."
            example "countries where latitude < -35 | select name, latitude";
        "field" ("x.field, .field") "The field of what x refers to; a path goes on, and over many values it gives many."
            "`.x` alone is the field x, where a value has the same name."
            example "summits since 2024-05-07 | select date, leader.country.capital"
            mistake "meetings | select leader.capital";
    }

    /// How values are written.
    LITERALS {
        "texts" ("\"text\", 'text'") "A text. Within it `\\n`, `\\t`, `\\\\`, `\\\"`, `\\'` and `\\u{e9}` stand for characters."
            "A name of several words, or of other letters, is written so too: `\"Kim Jong Un\"`, `\"Путин\"`. A name of one \
            word needs no quotes: `China`."
            example "leaders where name in (\"Путин\", \"Erdoğan\", Xi) | select name, country"
            mistake "meetings with \"Kim";
        "numbers" ("12, 1_000, 2.5, 1e6") "An int of 64 bits, or a float."
            "Four digits alone are a year where a date is asked for."
            example "countries where latitude > 60.5 | select name, latitude"
            mistake "meetings | take 2.5";
        "dates" ("2024, 2024-Q2, 2024-05, 2024-W20, 2024-05-16, 2024-05-16T09:30Z")
            "A year, a quarter, a month, a week of ISO 8601 or a day; a time of day is read, and a date stays a day."
            "It is the whole extent that it names. `since 2024-05` is from its first day on, `after 2024-05` from the first of \
            June."
            example "meetings since 2024-05-07 where date in (2024-W20, 2024-06-19) | select date, leader"
            mistake "meetings since 2024-02-30";
        "durations" ("12 hours, 30 days, 1 week, 9 months, 2 quarters, 24 years") "A length of time."
            "Months and years are those of the calendar when added to a date. In comparisons a month counts 30.436875 days, \
            the mean of the Gregorian calendar."
            example "meetings | gap by leader | where gap > 1.5 years | select date, leader, gap"
            mistake "meetings | gap by leader | where gap > 9";
        "lists" ("(a, b), (a,)") "Several values of one type; a list of one ends with a comma."
            example "countries where name in (China, India) | select name, capital"
            mistake "meetings where country in (China, 2024)";
        "names" ("leader, `Event Date`") "A field, a value or the name of a `let`; any other letters go in backquotes."
            "Where a word is both a field and a value, `.x` is the field and `\"x\"` the value."
            example "leaders where country = India | select name, `since`"
            mistake "meetings | select Event Date";
        "parameters" ("$name") "A value given by whoever runs the query: `-p name=value`, or a program."
            "It is a value and never parsed as text of the language, so a query can run with a stranger's input. The example \
            runs with `-p who=Xi`."
            example "meetings with $who since 2024-05-07 | select date, place"
            mistake "meetings with $whom";
        "queries" ("(Q)") "A query in parentheses: a list where it gives one column, a value where it gives one row of one column."
            "A `|` directly within them, or a clause other than `in`, makes parentheses hold a query."
            example "countries where name in (meetings since 2024-07-04 | distinct country) | select name, capital"
            mistake "countries where name in (meetings | select date, place)";
    }

    /// The other words that mean something in their place.
    WORDS {
        "anyone" ("of anyone") "Nobody's side: each event once, as it was recorded."
            example "visits of anyone in Russia since 2024-07 | select date, actor"
            mistake "meetings with anyone";
        "possibly" ("where possibly P") "Keeps the rows for which P is unknown, too."
            "It stands right after `where` and is said of the whole condition."
            example "visits of anyone in Russia where possibly date = 2024-05-23 | select date, actor"
            mistake "meetings where venue = home and possibly region = Asia";
        "as" ("as of D, [Q as x]") "With `of`, the day on which membership in a bloc is asked; in a sequence, the name of a step."
            example "countries where name in BRICS as of 2024 and name not in BRICS as of 2023 | select name"
            mistake "countries where name in BRICS as 2023";
        "by" ("count by a, b") "What makes the groups of `count` and `summarize`, and whose rows belong together in `gap`, \
            `rolling`, `running` and `sequence`."
            example "meetings since 2024-05-07 | count by venue";
        "per" ("first N per a") "For each value of a, in `first`, `last` and `top`."
            example "meetings since 2024-05-07 | first per month | select month, date, leader";
        "on" ("join Q on a, b") "On what the rows of two tables must agree, in `join`, `followed by` and `preceded by`."
            example "visits since 2024-06 | followed by agreements within 30 days on country | select date, host, next, followed";
        "within" ("within D") "How long it may take, in `followed by`, `preceded by` and `sequence`; the last day is included."
            example "sequence by country within 7 days [visits] [agreements]";
        "asc" ("sort a asc, b desc") "The order of a key: `asc`, the least first, is what is meant without a word; `desc` \
            turns it. In `top`, without a word, the largest come first."
            example "countries where name in EU | select name, latitude | top 2 by latitude asc";
        "missing" ("missing") "No value. Compared with anything, also with itself, it gives unknown."
            "Aggregates but `count()` leave it out, sorting puts it last, grouping makes it a group of its own."
            example "meetings since 2024-07-03 | derive beside = if(occasion is missing, missing, true) | count by beside"
            mistake "meetings where occasion is not missing";
        "true" ("true, false") "The two truths; the third is unknown, which is missing."
            example "meetings since 2024-07-05 | select leader, abroad = venue = abroad";
        "today" ("today, yesterday") "The day that the session says, and the one before: the program takes the clock's, \
            or `--today`."
            example "meetings where date > today - 1 week | select date, leader";
        "ago" ("30 days ago, 9 months ago") "The day so long before today."
            example "meetings since 1 week ago | select date, leader";
        "this" ("this week, this month, last quarter, last year") "The calendar week, month, quarter or year of today, or the one before."
            example "meetings during last month | select date, leader"
            mistake "meetings since last day";
        "hole" ("?") "A hole: instead of rows the answer lists what could stand there."
            "It may be a value, a field, a stage or a source."
            example "meetings where venue = ?";
    }
}
