//! The clauses, the sources that are more than a name, and the stages: one record each, which help, completion and the
//! manual read; the parser knows their grammar.

use super::word::{Word, words};

words! {
    /// Every clause, in the order in which a question is put.
    CLAUSES {
        "with" ("with X") "The events in which X takes part: a leader, or someone of a country, region or bloc."
            "Of a country, region or bloc it is the other leaders who count, a bloc as of the event's date. A list means any \
            of them: `with (Xi, Modi)`."
            example "meetings with \"Xi Jinping\" since 2024-05-07"
            mistake "meetings with Xi and Modi";
        "in" ("in PLACE") "The events held in that city, country, region or bloc."
            "An event without a place is held nowhere. After `where` an `in` belongs to the condition, so the clause stands \
            before it."
            example "visits in Asia since 2024-05-07"
            mistake "visits in Xi";
        "since" ("since D") "The events that began on D or later; D is a date, a period or its name."
            "A period is named in the data set: `since \"new term\"`."
            example "meetings since 2024-07-04"
            mistake "meetings since Putin";
        "until" ("until D") "The events that began by the end of D."
            example "meetings since 2024-05-07 until 2024-05";
        "before" ("before D") "The events that began before D starts."
            example "meetings since 2024-05-07 before 2024-05-10";
        "after" ("after D") "The events that began after D ends."
            example "meetings after 2024-07-03";
        "during" ("during D") "The events of which some part happened in D."
            "`since` and `until` ask when an event began; this asks of all its days."
            example "visits of anyone during 2024-05-09 | select date, end, actor";
        "where" ("where [possibly] P")
            "The rows for which P is certain; with `possibly`, those too for which it is unknown."
            "It is a clause and a stage. As a stage it can ask for columns that other stages made."
            example "meetings since 2024-05-07 where region = \"Global South\" and venue = abroad"
            mistake "meetings where venue abroad";
        "of" ("of X, of anyone") "The events told from the side of X; `of anyone` tells them as they were recorded."
            "`actor` is then X, `leader` the others, `country`, `region` and `bloc` theirs, and `venue` is home or abroad for \
            X. A directed kind, such as a visit, is told from its actor's side only: `visits of X` are those that X made. \
            Without `of` the focus of the data set is meant. A list means each of them."
            example "meetings of Orban"
            mistake "countries of Putin";
    }

    /// Every source that is more than a name.
    SOURCES {
        "sequence" ("sequence [latest|all] [by a, b] [within D] [Q as x] not [Q] [Q]{N} … [until [Q]]")
            "A row for each match of events in that order: its keys, its steps as `1.date` or `x.date`, and `span`."
            "Each step is a query in brackets, without stages but `where`. `by` matches the events of each key for \
            themselves. `within` limits the time from the first step, its last day included. `not [q]` says that none came \
            between two steps; after the last step, with `within`, that none came in time, and `open` says whether the data \
            ends before that is known. `[q]{3}` is that step three times. `until [q]` drops what is unfinished. `latest`, the \
            default, keeps one open match for each step, and a newer start replaces an older one; `all` pairs each start \
            with its nearest continuation. Events of one date are in the order of the data."
            example "sequence by country within 30 days [visits as trip] [meetings as talk] | select country, trip.date, talk.leader"
            mistake "sequence [visits] not [agreements]";
        "it" ("it") "The query that was answered last, to be asked on."
            "It stands for that query as if it stood there in parentheses, with what its names meant then. What is answered \
            with it is the next `it`. In a query file it is the query before."
            example "meetings since 2024-05-07 | count by venue; it | where count > 10"
            mistake "it | select place";
    }

    /// Every stage, the most common first.
    STAGES {
        "count" ("count [by a, b]") "One row a group with the number of its rows, in the order of the keys."
            "Without `by` it is one number. A key with many values puts a row into each of its groups, and a note says how \
            many rows count twice; missing is a group of its own, last. A key may be computed and named: `by m = month(end)`."
            example "meetings since 2024-05-07 | count by venue"
            mistake "meetings | count region";
        "select" ("select a, b = expr, …") "Those columns alone."
            "A column without a name is called as it is written."
            example "meetings since 2024-07-04 | select date, leader, weekday = weekday(date)"
            mistake "meetings | select dat";
        "where" ("where [possibly] P") "The rows for which P is certain."
            "What is unknown is left out, and the answer says how many rows that were, and because of which condition; \
            `possibly` keeps them."
            example "meetings | gap by leader | where gap > 9 months | select date, leader, gap"
            mistake "meetings | where venue abroad";
        "sort" ("sort a [asc|desc], b …") "The rows in that order; missing comes last either way."
            "Texts are in alphabetical order without regard to case and diacritics. Rows that are equal stay in their order."
            example "meetings since 2024-05-07 | count by country | sort count desc, country | take 3"
            mistake "meetings | sort by date";
        "take" ("take N") "The first N rows."
            example "meetings since 2024-05-07 | take 3"
            mistake "meetings | take -3";
        "top" ("top N by a [asc] [per b]") "The N rows with the largest a, for each b."
            "`asc` takes the smallest. Of equal rows the earlier ones are taken; rows without an a come last."
            example "countries where name in EU | top 3 by latitude | select name, latitude"
            mistake "meetings | top 3";
        "first" ("first [N] [per a]") "The earliest row or N rows by date, for each a."
            "Of one date the earlier in the data comes first. Rows without a date cannot be asked for it."
            example "meetings since 2024-05-07 | first per month | select month, date, leader"
            mistake "countries | first";
        "last" ("last [N] [per a]") "The latest row or N rows by date, for each a."
            "The rows stay in the order of their dates."
            example "meetings | last 2"
            mistake "meetings | last 3 by date";
        "derive" ("derive b = expr, …") "The columns there are, and these."
            "One may use those before it. The name of a column that is there replaces it."
            example "visits since 2024-05-07 | derive days = end - date + 1 day | select host, days"
            mistake "meetings | derive year(date)";
        "distinct" ("distinct [a, b]") "The rows without repeats, of those columns or of all."
            "A field with many values gives a row for each of them."
            example "visits since 2024-05-07 | distinct host"
            mistake "meetings | distinct by country";
        "summarize" ("summarize x = agg(…), … [by a, b]") "One row a group with aggregates of its rows."
            "Groups are made as by `count`. What is computed of aggregates goes into a `derive` after it."
            example "meetings since 2024-05-07 | summarize n = count(), latest = max(date) by venue"
            mistake "meetings | summarize leader";
        "gap" ("gap by a, b") "Each row with `previous`, the date before for the same a, and `gap`, the time between."
            "The rows go by date. The first of each a has neither. A key with many values makes a row for each of them. To \
            see gaps from before a date, put `where` after it: a clause such as `since` would cut off what came before."
            example "meetings with Modi | gap by leader | select date, previous, gap"
            mistake "countries | gap by region";
        "share" ("share") "Beside each count its part of the total, from 0 to 1."
            "It needs a column `count`. The total is that of all rows, so values that count twice are in it twice."
            example "meetings since 2024-05-07 | count by venue | share"
            mistake "meetings | share";
        "expand" ("expand a") "One row for each value of a list."
            "A row whose list is empty goes."
            example "meetings since 2024-07-08 | expand topics | select leader, topics"
            mistake "meetings | expand venue";
        "skip" ("skip N") "The rows after the first N."
            example "meetings since 2024-05-07 | skip 19";
        "cite" ("cite") "The rows with their sources, numbered as notes."
            "It is the last stage. A group cites what all its rows cite."
            example "events where topics contains \"nuclear\" | select date, leader | cite"
            mistake "countries | cite";
        "pivot" ("pivot a") "Values of a key become columns."
            "It takes a key of `count by` or `summarize … by` before it. The cells are the last column that is no key, 0 \
            where a group has no count and else missing. No later stage can name the new columns; after it come `sort`, \
            `take`, `where` and `fill` of the other keys."
            example "meetings since 2024-05-07 | count by month, venue | pivot venue"
            mistake "meetings | pivot venue";
        "fill" ("fill [from D] [to D]") "The empty buckets of a time key, as rows with count 0."
            "It takes groups by year, quarter, month, week or day. Without `from` and `to` it goes from the first bucket that \
            is there to the last; each other key gets all of them. Aggregates other than counts are missing in what is filled \
            in."
            example "visits since 2024 | count by month | fill from 2024-03 to today"
            mistake "meetings | fill";
        "rolling" ("rolling D agg, … [by a]") "Each row with the aggregate over the time D before it."
            "The rows go by date. The time ends with the row, which is in it, and what lies just D before is not: `rolling 7 \
            days` is a week. An aggregate may be named, `n = count()`, and there may be several. With `by` the rows of each \
            a count for themselves."
            example "meetings since 2024-06 until 2024-07-03 | rolling 7 days n = count() | select date, leader, n"
            mistake "meetings | count | rolling 30 days count()";
        "running" ("running agg, … [by a]") "Each row with the aggregate over all rows so far."
            "The rows are taken in the order in which they stand, so `sort` may come before it."
            example "visits since 2024-05-07 | running trip = count(), days = sum(end - date + 1 day) | select date, host, trip, days"
            mistake "meetings | running leader";
        "followed" ("followed by Q within D [on a]") "Each row with `next`, the nearest such event after it, and `followed`."
            "`followed` is `yes`, `no`, or `open`: the data ends, at its as-of date, before the time D does, so that it can \
            still happen. What `next` is can be asked: `next.date`. With `on` both must agree on a. A query with stages stands \
            in parentheses."
            example "visits since 2024-05-07 | followed by agreements within 30 days on country | select date, host, next, followed"
            mistake "visits | followed by agreements";
        "preceded" ("preceded by Q within D [on a]") "Each row with `previous`, the nearest such event before it, and `preceded`."
            "It is `followed by` the other way round, and never open."
            example "agreements | preceded by visits within 90 days on country | select date, previous, preceded"
            mistake "agreements | preceded by visits";
        "union" ("union Q") "The rows of both tables, each once."
            "Both must have the same columns; for two kinds of events they are. `select` makes them so."
            example "visits of Orban | union meetings of Orban | select date, kind, leader | sort date"
            mistake "meetings | union countries";
        "intersect" ("intersect Q") "The rows that both tables have, each once."
            example "meetings of Xi | distinct leader | intersect (meetings of Orban | distinct leader)";
        "except" ("except Q") "The rows that the other table has not, each once."
            example "countries where name in BRICS | distinct name | except (meetings since 2024-05-07 | distinct name = country)";
        "join" ("join Q on a, b") "A row for each pair of rows that agree on a: the columns of both."
            "Fields with many values agree if any value is in both; missing agrees with nothing. Columns that both have get a \
            number, `date_2`, so `select` and name them first."
            example "visits since 2024-06 | select trip = date, host | join (meetings since 2024-06 | select talk = date, leader, host) on host | take 4"
            mistake "meetings | join visits";
        "links" ("links") "Who met whom, with count, first and last."
            "A row for each pair of those who took part, in the order of their names."
            example "meetings of Orban | links"
            mistake "countries | links";
        "path" ("path from X to Y") "A shortest chain of meetings, a row a step."
            "Each step has the earliest event in which the two took part; there is no row where no chain leads from one to \
            the other. `meetings of anyone` asks of all meetings, `meetings` of the focus's own."
            example "meetings of anyone | path from Zelenskiy to Modi"
            mistake "meetings | path from Orban to Nobody";
        "render" ("render bar|line|timeline|heatmap|map|network") "The same table, drawn as a picture."
            "The types of the columns say which part each plays. `bar` draws a number for each name or time, or for each of \
            two; `line` numbers along a time; `timeline` rows at their dates, with `end` where there is one; `heatmap` a \
            number for two keys; `map` places or countries; `network` two names a row, as `links` gives them. On a terminal \
            it is drawn in characters, with `--format ascii` in plain ones; `-o FILE.svg` makes a file of it. Its title is \
            the question, and its sources stand below it. A stage after it takes the wish back, but `cite` does not."
            example "meetings since 2024-05-07 | count by month | render bar"
            mistake "meetings | render pie";
    }
}
