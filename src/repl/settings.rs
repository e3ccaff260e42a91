//! What can be set at the prompt: one record each, which `:set`, completion, the file of settings and the manual read.

use crate::answer::Line;
use crate::diagnostic::nearest;
use crate::render::Format;

/// How answers are written; the caller looks at arguments and environment.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// How answers are written.
    pub format: Format,
    /// Whether JSON has header and notes.
    pub with_notes: bool,
    /// Whether standard output is coloured.
    pub color: bool,
    /// Whether standard error is coloured.
    pub color_errors: bool,
    /// How wide answers may be, where that is said.
    pub width: Option<usize>,
    /// How wide they may be where nothing is said; asked at each.
    pub measured: fn() -> usize,
    /// What else only the prompt knows.
    pub prompt: Prompt,
}

/// How the prompt itself behaves.
#[derive(Debug, Clone)]
pub(crate) struct Prompt {
    /// How many rows of an answer are shown.
    pub(super) rows: Rows,
    /// The keys of which editor move in the line.
    pub(super) keys: Keys,
    /// Whether what is longer than the screen is shown by a pager.
    pub(super) pager: bool,
    /// Whether each answer is followed by the time it took.
    pub(super) timer: bool,
}

/// How many rows of an answer are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// As many as the screen has room for.
    Screen,
    /// At most so many.
    Most(usize),
    /// All.
    All,
}

/// The keys of an editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// Those of Emacs, and of most shells.
    Emacs,
    /// Those of vi.
    Vi,
}

impl Default for Prompt {
    fn default() -> Self {
        Self { rows: Rows::Screen, keys: Keys::Emacs, pager: true, timer: false }
    }
}

impl Settings {
    /// How wide answers may be.
    pub(super) fn width(&self) -> usize {
        self.width.unwrap_or_else(self.measured)
    }

    /// Sets what is written as `NAME VALUE`, or says what is wrong with that.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let help = match nearest(name, SETTINGS.iter().map(|setting| setting.name)).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("settings: {}", SETTINGS.iter().map(|of| of.name).collect::<Vec<_>>().join(", ")),
            };
            return Err(format!("there is no setting `{name}`; {help}"));
        };
        let wrong = || format!("`{name}` takes {}, not `{value}`", (setting.values)().replace('|', " or "));
        (setting.set)(self, value).ok_or_else(wrong)
    }
}

/// One thing that can be set.
pub(super) struct Setting {
    pub(super) name: &'static str,
    /// What it takes, as it is written.
    pub(super) values: fn() -> String,
    pub(super) summary: &'static str,
    /// What it is now.
    pub(super) value: fn(&Settings) -> String,
    set: fn(&mut Settings, &str) -> Option<()>,
}

/// Every setting.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "format",
        values: || Format::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("|"),
        summary: "How answers are written.",
        value: |settings| settings.format.name().to_owned(),
        set: |settings, value| Format::named(value).map(|format| settings.format = format),
    },
    Setting {
        name: "rows",
        values: || "screen|all|NUMBER".to_owned(),
        summary: "How many rows of a table are shown; `:all` shows the others.",
        value: |settings| match settings.prompt.rows {
            Rows::Screen => "screen".to_owned(),
            Rows::All => "all".to_owned(),
            Rows::Most(most) => most.to_string(),
        },
        set: |settings, value| {
            settings.prompt.rows = match value {
                "screen" => Rows::Screen,
                "all" => Rows::All,
                _ => Rows::Most(value.parse().ok().filter(|most| *most > 0)?),
            };
            Some(())
        },
    },
    Setting {
        name: "width",
        values: || "terminal|NUMBER".to_owned(),
        summary: "How wide answers may be.",
        value: |settings| settings.width.map_or_else(|| "terminal".to_owned(), |width| width.to_string()),
        set: |settings, value| {
            settings.width = match value {
                "terminal" => None,
                _ => Some(value.parse().ok().filter(|width| *width > 0)?),
            };
            Some(())
        },
    },
    Setting {
        name: "keys",
        values: || "emacs|vi".to_owned(),
        summary: "The keys of which editor move in the line.",
        value: |settings| if settings.prompt.keys == Keys::Vi { "vi" } else { "emacs" }.to_owned(),
        set: |settings, value| {
            settings.prompt.keys = match value {
                "emacs" => Keys::Emacs,
                "vi" => Keys::Vi,
                _ => return None,
            };
            Some(())
        },
    },
    Setting {
        name: "pager",
        values: || "on|off".to_owned(),
        summary: "Whether what is longer than the screen is shown by `$PAGER`.",
        value: |settings| on_or_off(settings.prompt.pager),
        set: |settings, value| is_on(value).map(|is_on| settings.prompt.pager = is_on),
    },
    Setting {
        name: "timer",
        values: || "on|off".to_owned(),
        summary: "Whether each answer is followed by the time it took.",
        value: |settings| on_or_off(settings.prompt.timer),
        set: |settings, value| is_on(value).map(|is_on| settings.prompt.timer = is_on),
    },
    Setting {
        name: "color",
        values: || "on|off".to_owned(),
        summary: "Whether lines and answers are coloured.",
        value: |settings| on_or_off(settings.color),
        set: |settings, value| is_on(value).map(|is_on| (settings.color, settings.color_errors) = (is_on, is_on)),
    },
];

/// Every setting: its name, what it takes and what it does.
pub fn settings() -> impl Iterator<Item = Line> {
    SETTINGS.iter().map(|setting| Line::new(setting.name, (setting.values)(), setting.summary))
}

fn is_on(value: &str) -> Option<bool> {
    match value {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

fn on_or_off(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_owned()
}
