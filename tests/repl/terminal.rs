//! The program in a pseudo-terminal: keys in, and what the screen of a terminal shows of what it writes out.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Pty, open};
use vt100::{Callbacks, Parser, Screen};

/// Long enough for the slowest machine; nothing waits for it that works.
const PATIENCE: Duration = Duration::from_secs(120);

/// After so long without output there is none to come.
const SETTLED: Duration = Duration::from_millis(1200);

pub const PROMPT: &str = "demarche> ";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";
pub const CTRL_L: &str = "\x0c";

/// An empty folder of this name.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("repl").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// The program on a fixed day, with nothing of the user's around it; `home` is its folder and where its state is.
pub fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(["--today", "2024-07-11"]).args(arguments).current_dir(home);
    for (name, folder) in [("HOME", ""), ("XDG_STATE_HOME", "state"), ("XDG_CONFIG_HOME", "config")] {
        command.env(name, home.join(folder));
    }
    for name in ["NO_COLOR", "LESS", "VISUAL", "EDITOR", "COLUMNS", "LINES"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color").env("PAGER", "cat");
    command
}

/// What the terminal was asked to do beside showing.
#[derive(Default)]
struct Asked {
    clipboard: Option<Vec<u8>>,
}

impl Callbacks for Asked {
    fn copy_to_clipboard(&mut self, _: &mut Screen, _: &[u8], data: &[u8]) {
        self.clipboard = Some(data.to_owned());
    }
}

struct Shown {
    parser: Parser<Asked>,
    /// When something was written last.
    last: Instant,
    has_ended: bool,
}

/// The program in a terminal.
pub struct Terminal {
    pty: Arc<Pty>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    child: Child,
}

impl Terminal {
    /// A terminal so high and wide in which a program runs.
    pub fn start(command: Command, (rows, columns): (u16, u16)) -> Self {
        let (pty, pts) = open().expect("there are pseudo-terminals");
        pty.resize(Size::new(rows, columns)).expect("it has a size");
        let child = pty_process::blocking::Command::from(command).spawn(pts).expect("the program starts");
        let parser = Parser::new_with_callbacks(rows, columns, 0, Asked::default());
        let shown = Shown { parser, last: Instant::now(), has_ended: false };
        let (pty, shown) = (Arc::new(pty), Arc::new((Mutex::new(shown), Condvar::new())));
        let (output, screen) = (pty.clone(), shown.clone());
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let read = (&*output).read(&mut bytes).unwrap_or(0);
                let mut shown = screen.0.lock().expect("no thread panics with it");
                shown.parser.process(&bytes[..read]);
                shown.last = Instant::now();
                shown.has_ended = read == 0;
                screen.1.notify_all();
                if read == 0 {
                    break;
                }
            }
        });
        Self { pty, shown, child }
    }

    /// The program at its first prompt.
    pub fn at_prompt(home: &Path, arguments: &[&str], size: (u16, u16)) -> Self {
        let terminal = Self::start(program(home, arguments), size);
        terminal.sees(PROMPT);
        terminal
    }

    /// Types keys.
    pub fn keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("the keys are taken");
    }

    /// Types an entry and sends it off.
    pub fn enter(&self, entry: &str) {
        self.keys(&format!("{entry}\r"));
    }

    /// Clears the screen, sends an entry off, and gives what is shown when there is a prompt again.
    pub fn reply(&self, entry: &str) -> String {
        self.keys(CTRL_L);
        let is_clear = self.wait(PATIENCE, |shown| shown.parser.screen().contents().trim() == PROMPT.trim_end());
        assert!(is_clear, "not cleared:\n{}", self.contents());
        self.enter(entry);
        self.sees_prompt();
        self.contents()
    }

    /// Waits until the screen ends with a prompt at which nothing is typed, and something stands before it.
    pub fn sees_prompt(&self) {
        let prompt = format!("\n{}", PROMPT.trim_end());
        let is_seen = self.wait(PATIENCE, |shown| shown.parser.screen().contents().trim_end().ends_with(&prompt));
        assert!(is_seen, "no prompt:\n{}", self.contents());
    }

    /// Waits until something holds of what is shown.
    fn wait(&self, patience: Duration, holds: impl Fn(&Shown) -> bool) -> bool {
        let start = Instant::now();
        let mut shown = self.lock();
        while !holds(&shown) {
            let Some(left) = patience.checked_sub(start.elapsed()) else { return false };
            shown = self.shown.1.wait_timeout(shown, left.min(Duration::from_millis(50))).expect("no thread panics").0;
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.0.lock().expect("no thread panics with it")
    }

    /// Waits until the screen shows a text.
    pub fn sees(&self, text: &str) {
        let is_seen = self.wait(PATIENCE, |shown| shown.parser.screen().contents().contains(text));
        assert!(is_seen, "no {text:?} on the screen:\n{}", self.contents());
    }

    /// Waits until the screen is this, as `read` reads it; gives what it is in the end.
    pub fn becomes(&self, awaited: &str, read: fn(&Screen) -> String) -> String {
        self.wait(PATIENCE / 4, |shown| read(shown.parser.screen()) == awaited);
        read(self.lock().parser.screen())
    }

    /// What the screen is, as `read` reads it, when nothing more is written.
    pub fn settled(&self, read: fn(&Screen) -> String) -> String {
        std::thread::sleep(SETTLED);
        self.wait(PATIENCE, |shown| shown.last.elapsed() > SETTLED);
        read(self.lock().parser.screen())
    }

    /// What the screen shows.
    pub fn contents(&self) -> String {
        self.lock().parser.screen().contents()
    }

    /// Whether a word on the screen is bold where it stands first.
    pub fn is_bold(&self, word: &str) -> bool {
        let shown = self.lock();
        let screen = shown.parser.screen();
        let (rows, columns) = screen.size();
        let starts = |row: u16, column: u16| screen.contents_between(row, column, row, columns).starts_with(word);
        let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        let mut bold = cells.filter(|(row, column)| starts(*row, *column));
        // The first is typed.
        bold.nth(1).and_then(|(row, column)| Some(screen.cell(row, column)?.bold())).expect("the word is there twice")
    }

    /// What the terminal was asked to put on the clipboard last, in base64.
    pub fn clipboard(&self) -> String {
        self.wait(PATIENCE, |shown| shown.parser.callbacks().clipboard.is_some());
        let data = self.lock().parser.callbacks_mut().clipboard.take();
        String::from_utf8(data.expect("something was copied")).expect("base64 is ASCII")
    }

    /// Ends the program by the key for the end of the input, which is one only at a prompt.
    pub fn leaves(self) {
        self.sees_prompt();
        self.keys(CTRL_D);
        self.ends();
    }

    /// Waits until the program has ended.
    pub fn ends(mut self) {
        assert!(self.wait(PATIENCE, |shown| shown.has_ended), "it goes on:\n{}", self.contents());
        assert!(self.child.wait().expect("it ends").success());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
