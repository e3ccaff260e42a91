//! The clauses and stages: one record each, which help and completion read; the parser knows their grammar.

/// A clause or a stage of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its first word.
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    /// What it gives, in a sentence.
    pub summary: &'static str,
    /// A query with it, on the built-in data.
    pub example: &'static str,
}

macro_rules! steps {
    ($($(#[$doc:meta])* $list:ident { $($name:literal ($form:literal) $summary:literal, $example:literal;)* })*) => {
        $($(#[$doc])* pub const $list: &[Step] = &[$(Step {
            name: $name, form: $form, summary: $summary, example: $example,
        }),*];)*
    };
}

steps! {
    /// Every clause, in the order in which a question is put.
    CLAUSES {
        "with" ("with X") "The events in which X takes part: a leader, or someone of a country, region or bloc.",
            "meetings with \"Xi Jinping\"";
        "in" ("in PLACE") "The events held in that city, country, region or bloc.", "visits in Asia";
        "since" ("since D") "The events that began on D or later; D is a date, a period or its name.",
            "meetings since 2024-05-07";
        "until" ("until D") "The events that began by the end of D.", "meetings until 2024-05";
        "before" ("before D") "The events that began before D starts.", "meetings before 2024-06";
        "after" ("after D") "The events that began after D ends.", "meetings after 2024-05";
        "during" ("during D") "The events of which some part happened in D.", "meetings during \"new term\"";
        "where" ("where [possibly] P")
            "The rows for which P is certain; with `possibly`, those too for which it is unknown.",
            "meetings where region = \"Global South\" and venue = abroad";
        "of" ("of X, of anyone") "The events told from the side of X; `of anyone` tells them as they were recorded.",
            "meetings of Orban";
    }

    /// Every source that is more than a name.
    SOURCES {
        "sequence" ("sequence [latest|all] [by a, b] [within D] [Q as x] not [Q] [Q]{N} … [until [Q]]")
            "A row for each match of events in that order: its keys, its steps as `1.date` or `x.date`, and `span`.",
            "sequence by country within 30 days [visits as trip] [meetings as talk] | select country, trip.date, talk.leader";
    }

    /// Every stage, the most common first.
    STAGES {
        "count" ("count [by a, b]") "One row a group with the number of its rows, in the order of the keys.",
            "meetings | count by region";
        "select" ("select a, b = expr, …") "Those columns alone.", "meetings | select date, place, year = year(date)";
        "where" ("where [possibly] P") "The rows for which P is certain.", "meetings | where venue = abroad";
        "sort" ("sort a, b desc") "The rows in that order; missing comes last.",
            "meetings | count by region | sort count desc";
        "take" ("take N") "The first N rows.", "meetings | take 3";
        "top" ("top N by a [asc] [per b]") "The N rows with the largest a, for each b.",
            "meetings | count by country | top 3 by count";
        "first" ("first [N] [per a]") "The earliest row or N rows by date, for each a.", "meetings | first per leader";
        "last" ("last [N] [per a]") "The latest row or N rows by date, for each a.", "meetings | last 2";
        "derive" ("derive b = expr, …") "The columns there are, and these.",
            "meetings | derive days = date - 2024-05-07 | select leader, days";
        "distinct" ("distinct [a, b]") "The rows without repeats, of those columns or of all.",
            "meetings | distinct country";
        "summarize" ("summarize x = agg(…), … [by a, b]") "One row a group with aggregates of its rows.",
            "meetings | summarize n = count(), latest = max(date) by region";
        "gap" ("gap by a") "Each row with `previous`, the date before for the same a, and `gap`, the time between.",
            "meetings | gap by leader | where gap > 9 months";
        "share" ("share") "Beside each count its part of the total.", "meetings | count by venue | share";
        "expand" ("expand a") "One row for each value of a list.", "meetings | expand region | select date, region";
        "skip" ("skip N") "The rows after the first N.", "meetings | skip 20";
        "cite" ("cite") "The rows with their sources, numbered as notes.",
            "events where topics contains \"nuclear\" | cite";
        "pivot" ("pivot a") "Values of the last key become columns.", "meetings | count by month, venue | pivot venue";
        "fill" ("fill [from D] [to D]") "The empty buckets of a time key, as rows with count 0.",
            "meetings | count by month | fill";
        "rolling" ("rolling D agg [by a]") "Each row with the aggregate over the time D before it.",
            "meetings | rolling 30 days count()";
        "running" ("running agg [by a]") "Each row with the aggregate over all rows so far.",
            "meetings | running count()";
        "followed" ("followed by Q within D [on a]") "Each row with `next`, the nearest such event after it.",
            "visits | followed by agreements within 90 days on country";
        "preceded" ("preceded by Q within D [on a]") "Each row with the nearest such event before it.",
            "agreements | preceded by visits within 90 days on country";
        "union" ("union Q") "The rows of both tables.", "meetings | union visits";
        "intersect" ("intersect Q") "The rows that both tables have.", "meetings | distinct leader | intersect (visits | distinct leader)";
        "except" ("except Q") "The rows that the other table has not.", "meetings | except visits";
        "join" ("join Q on a") "Pairs of rows that agree on a.", "meetings | join visits on country";
        "links" ("links") "Who met whom, with count, first and last.", "meetings | links";
        "path" ("path from X to Y") "A shortest chain of meetings.", "meetings | path from Orban to Modi";
        "render" ("render bar|line|timeline|…") "The same table, with the wish that it be drawn.",
            "meetings | count by month | render bar";
    }
}
