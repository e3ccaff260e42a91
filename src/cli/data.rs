//! Paths, or the name of a data set that ships, to the data set.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::map;
use crate::dataset::{
    File, IMPORTED, Options, Preset, PresetChoice, SHIPPED, columns_of, open_imported, read_files, read_folder, shipped,
};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::store::Store;

const TABLES: [&str; 7] = [
    "dataset.json",
    "events.jsonl",
    "leaders.jsonl",
    "places.jsonl",
    "countries.jsonl",
    "regions.jsonl",
    "blocs.jsonl",
];

/// The data set in a folder or in files, or the one that ships under this name, and what was wrong with the rows that were
/// skipped.
pub(super) fn open(paths: &[PathBuf], options: &Options) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    if let [path] = paths
        && !path.exists()
        && let Some(store) = shipped(&path.display().to_string())
    {
        return Ok((store, Vec::new()));
    }
    if let [path] = paths
        && path.is_dir()
    {
        return if path.join(IMPORTED).is_file() {
            open_import(path).map(|store| (store, Vec::new())).map_err(|error| vec![error])
        } else {
            open_folder(path, options)
        };
    }
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        match matching(path) {
            Ok(found) => files.extend(found),
            Err(error) => errors.push(error),
        }
    }
    let mut read_all = Vec::new();
    for path in files {
        match read(&path) {
            Ok(bytes) => read_all.push(File { name: path.display().to_string(), bytes }),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if read_all.iter().any(|file| file.bytes.starts_with(b"PAR1")) {
        silence_parquet();
    }
    read_files(read_all, options)
}

/// The reader of Parquet panics over some broken files, now or when a column is read later; that is caught, and told without
/// the panic's own words.
fn silence_parquet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_of_parquet = panic.location().is_some_and(|place| place.file().contains("/parquet-"));
        if !is_of_parquet {
            usual(panic);
        }
    }));
}

/// How many rows these speak of: one each in a file, and in a folder as many as there are lines.
pub(super) fn rows(paths: &[PathBuf], skipped: &[Diagnostic]) -> usize {
    let lines: BTreeSet<_> = skipped.iter().filter_map(|one| Some(one.origin.as_ref()?.line)).collect();
    if matches!(paths, [path] if path.is_dir()) { lines.len() } else { skipped.len() }
}

/// The preset of this name, or in the file of this name.
pub(super) fn preset(name: Option<&str>) -> Result<PresetChoice, Vec<Diagnostic>> {
    let Some(name) = name else { return Ok(PresetChoice::Recognised) };
    if name == "none" {
        return Ok(PresetChoice::Nothing);
    }
    if let Some(preset) = Preset::named(name) {
        return Ok(PresetChoice::Given(Box::new(preset)));
    }
    let path = Path::new(name);
    if !path.exists() && !name.contains(['.', '/', '\\']) {
        let names: Vec<&str> = Preset::names().collect();
        let message = format!("there is no preset `{name}`");
        let error = Diagnostic::in_file(Code::UNREADABLE, "--preset", 0, 0, message);
        return Err(vec![error.help(format!("one of {}, none, or the path of a file", names.join(", ")))]);
    }
    let bytes = read(path).map_err(|error| vec![error])?;
    let preset = Preset::read(&File { name: name.to_owned(), bytes })?;
    Ok(PresetChoice::Given(Box::new(preset)))
}

/// Whether a text is the path of data rather than a name in it.
pub(super) fn is_path(text: &str) -> bool {
    let path = Path::new(text);
    let is_there =
        path.is_file() || ["dataset.json", IMPORTED].iter().any(|file| path.join(file).is_file()) || text.contains('*');
    is_there && text.contains(['.', '/', '\\', '*'])
}

/// What `demarche import` made.
fn open_import(folder: &Path) -> Result<Store, Diagnostic> {
    let name = folder.display().to_string();
    let head = read(&folder.join(IMPORTED))?;
    let columns = read(&folder.join(columns_of(&name, &head)?))?;
    open_imported(&name, &head, columns)
}

fn open_folder(path: &Path, options: &Options) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    let name = path.display().to_string();
    let mut files = Vec::new();
    for table in TABLES {
        let file = path.join(table);
        if file.exists() {
            files.push(File { name: table.to_owned(), bytes: read(&file).map_err(|error| vec![error])? });
        }
    }
    let other = if files.is_empty() { of_one_ending(path) } else { None };
    read_folder(&name, files, options).map_err(|mut errors| {
        if let (Some(other), [error]) = (other, errors.as_mut_slice()) {
            error.help = Some(other);
        }
        errors
    })
}

/// What to write instead of a folder whose files are all of one ending.
fn of_one_ending(folder: &Path) -> Option<String> {
    let files: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let ending = |file: &PathBuf| {
        let name = file.file_name()?.to_str()?;
        let known = ["csv", "tsv", "tab", "json", "jsonl", "ndjson"].map(|known| format!(".{known}"));
        let packed = ["", ".gz", ".zst"].into_iter().find(|packed| {
            known.iter().any(|known| name.to_ascii_lowercase().ends_with(&format!("{known}{packed}")))
        })?;
        let plain = &name[..name.len() - packed.len()];
        Some(format!("{}{packed}", &plain[plain.rfind('.')?..]))
    };
    let first = ending(files.first()?)?;
    if !files.iter().all(|file| ending(file).as_ref() == Some(&first)) {
        return None;
    }
    let all = folder.join(format!("*{first}"));
    Some(match files.as_slice() {
        [one] => format!("it has one file: `--data '{}'`", one.display()),
        _ => format!("to read its {} files as one table: `--data '{}'`", files.len(), all.display()),
    })
}

/// The files that a path with `*`, `?` or `[…]` stands for, in the order of their names; any other path is itself.
fn matching(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let name = path.display().to_string();
    let told =
        |message: String, help: &str| Diagnostic::in_file(Code::UNREADABLE, &name, 0, 0, message).help(help.to_owned());
    if path.is_dir() {
        return Err(told(
            "a folder does not go with other data".to_owned(),
            "name the files in it: `--data 'folder/*.csv'`",
        ));
    }
    if path.exists() || !name.contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let found = match glob::glob(&name) {
        Ok(found) => found.filter_map(Result::ok).filter(|path| !path.is_dir()).collect::<Vec<_>>(),
        Err(error) => {
            return Err(told(format!("the pattern is not right: {}", error.msg), "`*` stands for any letters"));
        }
    };
    if found.is_empty() {
        return Err(told(
            "no file is called so".to_owned(),
            "`*` stands for any letters within a name, `**` for folders",
        ));
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Bytes, Diagnostic> {
    map::bytes(path).map_err(|error| {
        let (name, message) = (path.display().to_string(), format!("the file cannot be read: {error}"));
        let diagnostic = Diagnostic::in_file(Code::UNREADABLE, &name, 0, 0, message);
        match nearest(&name, SHIPPED).first() {
            Some(near) => diagnostic.help(format!("did you mean `{near}`, which comes with the program?")),
            None => diagnostic,
        }
    })
}
