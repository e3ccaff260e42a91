//! Files written beside their place and put there when they are whole: a full disk, Ctrl-C or a crash leaves what was there.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use tempfile::NamedTempFile;

use crate::diagnostic::{Code, Diagnostic};

/// How much is written at once.
const BUFFER: usize = 1 << 20;

/// Whether the process was told to end: from when it is made, the signals that say so do not end it by themselves.
#[derive(Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(super) fn listen() -> Self {
        let stop = Self::default();
        for signal in SIGNALS {
            let _ = signal_hook::flag::register(*signal, stop.0.clone());
        }
        stop
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Relaxed) { Err(io::Error::other("stopped")) } else { Ok(()) }
    }
}

/// A limit of the size of files is an error of writing, once its signal ends nothing.
#[cfg(unix)]
const SIGNALS: &[i32] = &[SIGINT, SIGTERM, signal_hook::consts::SIGHUP, signal_hook::consts::SIGXFSZ];
#[cfg(not(unix))]
const SIGNALS: &[i32] = &[SIGINT, SIGTERM];

/// What is written until the process is told to end.
struct Stoppable<'s, W> {
    out: W,
    stop: &'s Stop,
}

impl<W: Write> Write for Stoppable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stop.check()?;
        self.out.write(&bytes[..bytes.len().min(BUFFER)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A file in a folder under a name of its own, whole and on the disk, and what `write` gave; it is taken away again unless it
/// is persisted or kept.
pub(super) fn written<T>(
    folder: &Path,
    (prefix, suffix): (&str, &str),
    stop: &Stop,
    write: impl FnOnce(&Path, &mut (dyn Write + Send)) -> io::Result<T>,
) -> io::Result<(NamedTempFile, T)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(suffix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(BUFFER, Stoppable { out: file.as_file(), stop });
    let value = write(file.path(), &mut out)?;
    out.flush()?;
    stop.check()?;
    drop(out);
    file.as_file().sync_all()?;
    Ok((file, value))
}

/// Writes a file whole, or not at all.
pub(super) fn write(
    path: &Path,
    stop: &Stop,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let folder = folder_of(path);
    let (file, ()) = written(&folder, (".demarche-", ".partial"), stop, |_, out| write(out))?;
    file.persist(path)?;
    sync(&folder)
}

/// Makes what was renamed in a folder last.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The folder in which a path lies.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// What is told when a path cannot be written.
pub(super) fn unwritable(path: &Path, message: impl Into<String>) -> Diagnostic {
    Diagnostic::in_file(Code::UNWRITABLE, &path.display().to_string(), 0, 0, message)
}
