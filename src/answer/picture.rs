//! How the rows of an answer are to be drawn: the kind of picture, which columns play which part in it, its title, and where
//! its places lie.

use super::{Citation, Shown};

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chart {
    /// `render bar`
    Bar,
    /// `render line`
    Line,
    /// `render timeline`
    Timeline,
    /// `render heatmap`
    Heatmap,
    /// `render map`
    Map,
    /// `render network`
    Network,
}

/// The wish that the rows of an answer be drawn, and what the rows alone do not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Which columns play which part.
    pub parts: Parts,
    /// The question in plain English.
    pub title: String,
    /// The title of the data set.
    pub data: String,
    /// The works that the rows rest on.
    pub sources: Vec<Citation>,
    /// Where the places and countries lie that a map shows.
    pub positions: Vec<Position>,
}

/// Where a name of the data lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// The name, as the rows have it.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The number of a country in ISO 3166-1 and M49, such as `643`.
    pub country: Option<String>,
}

/// Which columns play which part, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parts {
    /// A bar for each row, or one for each value of a row.
    Bar {
        /// What a bar is of; of two, the second says which of the bars that stand together.
        labels: Vec<usize>,
        /// How long the bars are.
        values: Vec<usize>,
    },
    /// Lines through the rows.
    Line {
        /// When, or how much: from the left to the right.
        along: usize,
        /// Which line a row belongs to.
        by: Option<usize>,
        /// How high the lines are.
        values: Vec<usize>,
    },
    /// A mark for each row at its time.
    Timeline {
        /// When it began.
        start: usize,
        /// When it ended.
        end: Option<usize>,
        /// In which lane it stands.
        lane: Option<usize>,
    },
    /// A field for each pair of keys.
    Heatmap {
        /// From the top to the bottom.
        row: usize,
        /// From the left to the right, unless each value is a column.
        column: Option<usize>,
        /// How dark the fields are.
        values: Vec<usize>,
    },
    /// Places or countries on a map of the world.
    Map {
        /// The names.
        place: Option<usize>,
        /// The degrees north and east, if the rows have them.
        degrees: Option<(usize, usize)>,
        /// How large or dark they are; the number of rows unless given.
        value: Option<usize>,
    },
    /// Names, and lines between those that a row has together.
    Network {
        /// One end.
        from: usize,
        /// The other.
        to: usize,
        /// How thick the line is; the number of rows unless given.
        weight: Option<usize>,
    },
}

/// Why columns cannot be drawn, and what could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undrawable {
    /// What is not there.
    pub message: &'static str,
    /// What would be drawn.
    pub help: &'static str,
}

impl Chart {
    /// Every kind and its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("bar", Self::Bar),
        ("line", Self::Line),
        ("timeline", Self::Timeline),
        ("heatmap", Self::Heatmap),
        ("map", Self::Map),
        ("network", Self::Network),
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, chart)| *chart)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, chart)| *chart == self).map_or("", |(name, _)| name)
    }
}

impl Parts {
    /// The parts that columns play in a kind of picture, by their types.
    ///
    /// # Errors
    ///
    /// Where the columns lack what the picture needs.
    ///
    /// # Examples
    ///
    /// ```
    /// use demarche::answer::{Chart, Parts, Shown};
    ///
    /// let shown = |name: &str, kind: &str, numeric| Shown { name: name.to_owned(), kind: kind.to_owned(), numeric };
    /// let columns = [shown("month", "period", false), shown("count", "int", true)];
    /// assert_eq!(Parts::of(Chart::Bar, &columns), Ok(Parts::Bar { labels: vec![0], values: vec![1] }));
    /// assert!(Parts::of(Chart::Map, &columns).is_err());
    /// ```
    pub fn of(chart: Chart, columns: &[Shown]) -> Result<Self, Undrawable> {
        let columns = Columns(columns);
        match chart {
            Chart::Bar => columns.bar(),
            Chart::Line => columns.line(),
            Chart::Timeline => columns.timeline(),
            Chart::Heatmap => columns.heatmap(),
            Chart::Map => columns.map(),
            Chart::Network => columns.network(),
        }
    }

    /// The kind of picture.
    pub fn chart(&self) -> Chart {
        match self {
            Self::Bar { .. } => Chart::Bar,
            Self::Line { .. } => Chart::Line,
            Self::Timeline { .. } => Chart::Timeline,
            Self::Heatmap { .. } => Chart::Heatmap,
            Self::Map { .. } => Chart::Map,
            Self::Network { .. } => Chart::Network,
        }
    }
}

struct Columns<'a>(&'a [Shown]);

impl Columns<'_> {
    fn places(&self, is: impl Fn(&Shown) -> bool) -> Vec<usize> {
        (0..self.0.len()).filter(|&place| is(&self.0[place])).collect()
    }

    fn first(&self, is: impl Fn(&Shown) -> bool) -> Option<usize> {
        self.0.iter().position(is)
    }

    /// The numbers that are drawn: `count`, or the first that is and those of its kind.
    fn values(&self) -> Vec<usize> {
        if let Some(count) = self.first(|column| column.numeric && column.name == "count") {
            return vec![count];
        }
        let Some(first) = self.first(|column| column.numeric) else { return Vec::new() };
        self.places(|column| column.numeric && column.kind == self.0[first].kind)
    }

    /// The numbers that are drawn, and the columns before them that say of what.
    fn measured(&self) -> (Vec<usize>, Vec<usize>) {
        let mut values = self.values();
        let mut keys = self.places(|column| !column.numeric && column.name != "source");
        if keys.is_empty() {
            keys = self.places(|column| column.numeric);
            keys.retain(|place| values != [*place]);
            keys.truncate(1);
            values.retain(|place| !keys.contains(place));
        }
        keys.truncate(2);
        (keys, values)
    }

    fn bar(&self) -> Result<Parts, Undrawable> {
        match self.measured() {
            (_, values) if values.is_empty() => Err(Undrawable {
                message: "a bar is as long as a number, and no column is one",
                help: "`count by` makes one, such as `… | count by month | render bar`",
            }),
            (labels, values) => Ok(Parts::Bar { labels, values }),
        }
    }

    fn line(&self) -> Result<Parts, Undrawable> {
        let (keys, mut values) = self.measured();
        let along = self.first(is_time).or_else(|| {
            let before = |place: &usize| self.0[*place].numeric && !values.contains(place);
            (0..self.0.len()).find(before).or_else(|| values.first().copied().filter(|_| values.len() > 1))
        });
        values.retain(|place| Some(*place) != along);
        match along {
            Some(along) if !values.is_empty() => {
                Ok(Parts::Line { along, by: keys.into_iter().find(|key| *key != along), values })
            }
            _ => Err(Undrawable {
                message: "a line goes through numbers along a time, and the columns have not both",
                help: "such as `… | count by month | render line`",
            }),
        }
    }

    fn timeline(&self) -> Result<Parts, Undrawable> {
        let Some(start) = self.first(is_time) else {
            return Err(Undrawable {
                message: "a time line needs a date, and no column is one",
                help: "such as `visits | render timeline`, or a `select` with `date`",
            });
        };
        let end = self.first(|column| column.name == "end" && is_time(column)).filter(|end| *end != start);
        Ok(Parts::Timeline { start, end, lane: self.first(is_name) })
    }

    fn heatmap(&self) -> Result<Parts, Undrawable> {
        let (keys, values) = self.measured();
        let undrawable = Undrawable {
            message: "a heat map needs two keys and a number, and the columns have not all",
            help: "such as `… | count by month, venue | render heatmap`, or with `pivot venue` before `render`",
        };
        match (keys.as_slice(), values.as_slice()) {
            ([one, other], [value, ..]) => {
                let (row, column) = if is_time(&self.0[*one]) { (*other, *one) } else { (*one, *other) };
                Ok(Parts::Heatmap { row, column: Some(column), values: vec![*value] })
            }
            ([row], [_, _, ..]) => Ok(Parts::Heatmap { row: *row, column: None, values }),
            _ => Err(undrawable),
        }
    }

    fn map(&self) -> Result<Parts, Undrawable> {
        let degrees = |name: &str| self.first(|column| column.numeric && column.name.eq_ignore_ascii_case(name));
        let degrees = degrees("latitude").zip(degrees("longitude"));
        let of = |kind: &str| self.first(|column| column.kind.trim_start_matches("list of ") == kind);
        let mut values = self.values();
        values.retain(|value| degrees.is_none_or(|(north, east)| ![north, east].contains(value)));
        let value = values.first().copied();
        if degrees.is_some() {
            return Ok(Parts::Map { place: self.first(is_name), degrees, value });
        }
        match of("place").or_else(|| of("country")) {
            Some(place) => Ok(Parts::Map { place: Some(place), degrees: None, value }),
            None => Err(Undrawable {
                message: "a map needs a place, and no column is one",
                help: "it is a `place`, a `country`, or `latitude` and `longitude`: `… | count by country | render map`",
            }),
        }
    }

    /// The first two columns of the same kind of name, such as two of leaders; or the only two of names.
    fn network(&self) -> Result<Parts, Undrawable> {
        let names = self.places(is_name);
        let of = |place: usize| self.0[place].kind.trim_start_matches("list of ");
        let alike = names.iter().enumerate().find_map(|(at, &from)| {
            let to = names[at + 1..].iter().find(|&&to| of(to) == of(from))?;
            Some((from, *to))
        });
        let only = if let [from, to] = names[..] { Some((from, to)) } else { None };
        let (from, to) = alike.or(only).ok_or(Undrawable {
            message: "a network needs two columns of the same kind of name, or no more than two of names",
            help: "`links` makes them: `meetings | links | render network`",
        })?;
        Ok(Parts::Network { from, to, weight: self.values().first().copied() })
    }
}

/// Whether its values name something; sources are notes.
fn is_name(column: &Shown) -> bool {
    !column.numeric && !is_time(column) && column.name != "source"
}

fn is_time(column: &Shown) -> bool {
    column.kind == "date" || column.kind == "period"
}
