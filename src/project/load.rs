//! Reads a site from disk: the only place where content enters. Never follows a link out of the root, never parses content.

use std::cell::Cell;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::address::Address;
use super::code::Code;
use super::diagnostic::{Diagnostic, Place};
use super::fingerprint::{Fingerprint, fingerprint, is_code};
use super::settings::{Settings, read_settings};
use super::source::{Role, Source, SourceId};
use crate::picture::{Format, Orientation, header};

/// Largest text that is read. Offsets in spans are 32 bits, and no article comes near this.
const LARGEST_TEXT: u64 = 16 << 20;

/// A file that is published as it is. Held by path and hash, never by bytes.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Path from the root, `/`-separated.
    pub path: String,
    /// Where it is on disk.
    pub file: PathBuf,
    /// Its address on the site.
    pub address: Address,
    /// Hash of its bytes.
    pub hash: blake3::Hash,
    /// Width and height in CSS pixels, where it is a picture whose size can be read.
    pub dimensions: Option<(u32, u32)>,
    /// What smaller pictures are made of it, where they can be.
    pub(crate) raster: Option<Raster>,
    /// Its length in bytes.
    pub length: u64,
    /// How pages name it, where it is a style sheet or script of `static/`.
    pub fingerprint: Option<Fingerprint>,
}

/// A still picture of pixels, in a format that is decoded here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Raster {
    /// Whether some of it may be transparent.
    pub alpha: bool,
    /// Whether it is a drawing of few colours.
    pub indexed: bool,
    /// Whether its pixels have to be turned before they are upright.
    pub turned: bool,
    /// Whether browsers have always read its format.
    pub is_plain: bool,
}

/// A site as it was written.
///
/// **Invariant:** `sources` and `assets` are sorted by path, so ids and everything after them do not depend on the disk.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that holds `site.toml`.
    pub root: PathBuf,
    /// What `site.toml` says.
    pub settings: Arc<Settings>,
    /// Every text.
    pub sources: Vec<Source>,
    /// Every file that is copied.
    pub assets: Vec<Asset>,
    /// What was noticed while reading.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something found on disk that is to be read.
struct Found<T> {
    path: String,
    file: PathBuf,
    /// What it is.
    is: T,
}

/// What lies in the folders of a site, by path.
#[derive(Default)]
struct Walked {
    texts: Vec<Found<Role>>,
    files: Vec<Found<Address>>,
}

/// What is known of a site before its texts are read.
pub(crate) struct Early<'a> {
    /// What `site.toml` says.
    pub settings: &'a Settings,
    /// The paths of the site's templates.
    pub templates: &'a [String],
}

/// Whether a text is still needed once it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// It is.
    Text,
    /// It is not.
    Nothing,
}

impl Project {
    /// Reads the site whose `site.toml` lies in `root`.
    ///
    /// # Errors
    /// When the disk refuses: the message names the path and what was being done.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        Ok(Self::load_and(root, |_, _, _| ((), Keep::Text))?.0)
    }

    /// The same, and hands each article to `take` as soon as it is read, while its text is still at hand. What `take` makes of
    /// the articles comes back in their order; texts that it lets go are empty in the project.
    pub(crate) fn load_and<T: Send>(
        root: &Path,
        take: impl Fn(&Early<'_>, SourceId, &Source) -> (T, Keep) + Sync,
    ) -> anyhow::Result<(Self, Vec<T>)> {
        let mut diagnostics = Vec::new();
        let settings_source = settings_source(root, &mut diagnostics)?;
        // The glob list is needed before the walk, the rest of the settings only after ids are known.
        let ignore = globs(&read_settings(SourceId(0), &settings_source).value, &mut diagnostics);
        let Walked { texts, files } = walk(root, &ignore, &mut diagnostics)?;
        let own = texts.partition_point(|text| text.path < settings_source.path);
        let settings = Arc::new(final_settings(SourceId(own as u32), &settings_source, &mut diagnostics));

        let templates = texts.iter().filter(|text| text.is == Role::Template);
        let templates: Vec<String> = templates.map(|text| text.path.clone()).collect();
        let early = Early { settings: &settings, templates: &templates };
        let read = |(index, text): (usize, &Found<Role>)| {
            Ok(match read_text(text)? {
                Ok(mut source) if source.role == Role::Article => {
                    // `site.toml`, which is not among the texts here, comes after `articles/`.
                    let (taken, keep) = take(&early, SourceId(index as u32), &source);
                    if keep == Keep::Nothing {
                        source.text = "".into();
                    }
                    (source, Some(taken), None)
                }
                Ok(source) => (source, None, None),
                Err(fault) => {
                    let refused = Source { path: text.path.clone(), role: Role::Refused, text: "".into() };
                    (refused, None, Some(fault))
                }
            })
        };
        // Few enough at a time that all threads end together, enough that asking for more costs nothing.
        let read_texts = texts.par_iter().enumerate().with_max_len(64).map(read);
        let read_texts = read_texts.collect::<anyhow::Result<Vec<_>>>()?;
        let (mut sources, mut articles) = (Vec::with_capacity(read_texts.len() + 1), Vec::new());
        for (source, taken, fault) in read_texts {
            sources.push(source);
            articles.extend(taken);
            diagnostics.extend(fault);
        }
        sources.insert(own, settings_source);
        let read = |file| read_asset(file, settings.minify);
        let assets = files.into_par_iter().map(read).collect::<anyhow::Result<_>>()?;
        Ok((Self { root: root.to_owned(), settings, sources, assets, diagnostics }, articles))
    }

    /// Reads again the texts that were let go and in which something was found, so that its lines can be shown. A file that
    /// cannot be read any more stays without its lines; one that changed meanwhile shows what it holds now.
    pub fn recall(&mut self, found: &[Diagnostic]) {
        let places = found.iter().flat_map(|one| {
            let labelled = one.labels.iter().map(|(place, _)| place);
            std::iter::once(&one.place).chain(labelled)
        });
        for place in places {
            let Place::Span(span) = place else { continue };
            let source = &mut self.sources[span.source.0 as usize];
            if source.role == Role::Article && source.text.is_empty() {
                let text = Found { path: source.path.clone(), file: self.root.join(&source.path), is: source.role };
                if let Ok(Ok(again)) = read_text(&text) {
                    *source = again;
                }
            }
        }
    }

    /// A text of the project.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The path of the file that a place lies in, from the root.
    pub fn path_of<'a>(&'a self, place: &'a Place) -> &'a str {
        match place {
            Place::Span(span) => &self.source(span.source).path,
            Place::File(path) | Place::Line(path, _) => path,
        }
    }

    /// Every text of a role, in path order.
    pub fn sources_of(&self, role: Role) -> impl Iterator<Item = (SourceId, &Source)> {
        let ids = (0_u32..).map(SourceId);
        ids.zip(&self.sources).filter(move |(_, source)| source.role == role)
    }
}

/// Reads `site.toml`, under the rules of every text. Where it is not to be had an empty one stands in, so that what is wrong
/// with other files is still said.
fn settings_source(root: &Path, diagnostics: &mut Vec<Diagnostic>) -> anyhow::Result<Source> {
    let text = Found { path: "site.toml".to_owned(), file: root.join("site.toml"), is: Role::Settings };
    let canonical_root = fs::canonicalize(root).with_context(|| format!("cannot find {}", root.display()))?;
    let read = if text.file.is_symlink() && target_within(&canonical_root, &text.file).is_none() {
        Err(leads_out(&text.path))
    } else {
        read_text(&text)?
    };
    Ok(read.unwrap_or_else(|fault| {
        diagnostics.push(fault);
        Source { path: text.path, role: Role::Settings, text: "".into() }
    }))
}

/// The settings, now that `site.toml` has its final id.
fn final_settings(id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Settings {
    let settings = read_settings(id, source);
    // Findings about globs were made with a provisional id.
    *diagnostics = std::mem::take(diagnostics).into_iter().map(|fault| settle(fault, id)).collect();
    // What the text that stands in for a refused one lacks would say nothing new.
    let is_refused = |fault: &Diagnostic| fault.place == Place::File(source.path.clone());
    match diagnostics.iter().any(is_refused) {
        true => settings.value,
        false => settings.into_value(diagnostics),
    }
}

fn leads_out(path: &str) -> Diagnostic {
    Diagnostic::in_file(Code::OutsideRoot, path, "this link leads out of the site's folder")
        .help("copy the file into the site instead of linking to it")
}

fn settle(mut fault: Diagnostic, settings: SourceId) -> Diagnostic {
    if let Place::Span(span) = &mut fault.place {
        span.source = settings;
    }
    fault
}

/// As in `.gitignore`: a pattern without a slash means a name in any folder, and one that ends in a slash a folder.
fn anywhere(pattern: &str) -> String {
    let path = pattern.trim_start_matches("./").trim_end_matches('/');
    if path.contains('/') { path.to_owned() } else { format!("**/{path}") }
}

fn globs(settings: &Settings, diagnostics: &mut Vec<Diagnostic>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in &settings.ignore {
        match GlobBuilder::new(&anywhere(&pattern.value)).literal_separator(true).build() {
            Ok(glob) => {
                set.add(glob);
            }
            Err(error) => {
                let message = format!("`{}` is not a glob: {}", pattern.value, error.kind());
                diagnostics.push(
                    Diagnostic::new(Code::InvalidSetting, pattern.span, message)
                        .help("write it like `articles/notes/**` or `**/*.psd`"),
                );
            }
        }
    }
    set.build().unwrap_or_default()
}

fn walk(root: &Path, ignore: &GlobSet, diagnostics: &mut Vec<Diagnostic>) -> anyhow::Result<Walked> {
    let canonical_root = fs::canonicalize(root).with_context(|| format!("cannot find {}", root.display()))?;
    let (mut found, mut faults) = (Walked::default(), Vec::new());
    for top in ["articles", "data", "static", "templates"] {
        let folder = root.join(top);
        // A link that leads nowhere is there: its goal may be a disk that is not mounted.
        if fs::symlink_metadata(&folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            continue;
        }
        let mut entries = WalkDir::new(&folder).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    if !error.path().is_some_and(|path| is_ignored(root, path, ignore)) {
                        faults.push(walk_fault(root, error)?);
                    }
                    continue;
                }
            };
            let Some(path) = relative(root, entry.path(), &mut faults) else {
                skip(&mut entries, &entry);
                continue;
            };
            if passed_over(&entry, top) || ignore.is_match(&path) {
                skip(&mut entries, &entry);
                continue;
            }
            if let Some(fault) = link_fault(&canonical_root, &entry, &path) {
                faults.push(fault);
                skip(&mut entries, &entry);
                continue;
            }
            if entry.file_type().is_dir() {
                continue;
            }
            if !entry.file_type().is_file() {
                faults.push(
                    Diagnostic::in_file(Code::NotAFile, &path, "this is neither a file nor a folder")
                        .help("take it out, or name it in `ignore` in site.toml"),
                );
                continue;
            }
            if entry.depth() == 0 {
                faults.push(Diagnostic::in_file(
                    Code::NotAFile,
                    &path,
                    "this is a file, and a folder is expected here",
                ));
                continue;
            }
            match classify(top, &path) {
                Ok(Kind::Text(is)) => found.texts.push(Found { path, file: entry.into_path(), is }),
                Ok(Kind::File(is)) => found.files.push(Found { path, file: entry.into_path(), is }),
                Err(fault) => faults.push(fault),
            }
        }
    }
    found.texts.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    faults.sort_by(|a, b| a.place.cmp(&b.place));
    diagnostics.extend(faults);
    Ok(found)
}

fn skip(entries: &mut walkdir::IntoIter, entry: &DirEntry) {
    if entry.file_type().is_dir() {
        entries.skip_current_dir();
    }
}

fn walk_fault(root: &Path, error: walkdir::Error) -> anyhow::Result<Diagnostic> {
    let path = error.path().unwrap_or(root).to_owned();
    let shown = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
    if error.loop_ancestor().is_some() {
        return Ok(circle(&shown));
    }
    if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
        return Ok(Diagnostic::in_file(Code::NotAFile, shown, "this link leads nowhere")
            .help("put the file in its place, or take the link out"));
    }
    Err(error).with_context(|| format!("cannot read {}", path.display()))
}

fn relative(root: &Path, path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    const SEPARATOR: char = std::path::MAIN_SEPARATOR;
    // What a walk finds begins as its root is written, and a path is slow to take apart.
    let same_start = || Some(path.to_str()?.strip_prefix(root.to_str()?)?.trim_start_matches(SEPARATOR));
    let below = || path.strip_prefix(root).unwrap_or(path);
    match same_start().or_else(|| below().to_str()) {
        Some(text) if SEPARATOR == '/' => Some(text.to_owned()),
        Some(text) => Some(text.replace(SEPARATOR, "/")),
        None => {
            let shown = below().to_string_lossy().into_owned();
            diagnostics.push(
                Diagnostic::in_file(Code::InvalidEncoding, shown, "the file's name is not UTF-8").help("rename it"),
            );
            None
        }
    }
}

/// Dot files and what editors leave behind. `.well-known` is a public name (RFC 8615), so `static/` may hold it.
fn passed_over(entry: &DirEntry, top: &str) -> bool {
    let Some(name) = entry.file_name().to_str() else { return false };
    if entry.depth() == 0 || (top == "static" && entry.depth() == 1 && name == ".well-known") {
        return false;
    }
    is_leftover(name)
}

fn is_leftover(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// Whether something that cannot be read would have been passed over anyway: an editor's lock is a link to nowhere.
fn is_ignored(root: &Path, path: &Path, ignore: &GlobSet) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(is_leftover) || ignore.is_match(path.strip_prefix(root).unwrap_or(path))
}

/// What is wrong with a symbolic link: it leads out of the site, or back to a folder in which it lies, which would be
/// read again as its own content.
fn link_fault(canonical_root: &Path, entry: &DirEntry, shown: &str) -> Option<Diagnostic> {
    if !entry.path_is_symlink() {
        return None;
    }
    let Some(target) = target_within(canonical_root, entry.path()) else { return Some(leads_out(shown)) };
    let folder = entry.path().parent().and_then(|folder| fs::canonicalize(folder).ok());
    folder.is_some_and(|folder| folder.starts_with(&target)).then(|| circle(shown))
}

/// What a link leads to, if it stays inside the root.
fn target_within(canonical_root: &Path, link: &Path) -> Option<PathBuf> {
    fs::canonicalize(link).ok().filter(|target| target.starts_with(canonical_root))
}

fn circle(shown: &str) -> Diagnostic {
    Diagnostic::in_file(Code::NotAFile, shown, "this link leads back to a folder that holds it")
        .help("take the link out: the folder would hold itself without end")
}

/// What a file is for, as its place says.
enum Kind {
    Text(Role),
    /// To be copied to this address.
    File(Address),
}

fn classify(top: &str, path: &str) -> Result<Kind, Diagnostic> {
    let below = &path[top.len() + 1..];
    let is_markdown = path.ends_with(".md");
    let depth = below.matches('/').count();
    match top {
        "templates" => Ok(Kind::Text(Role::Template)),
        "articles" if below.rsplit('/').next() == Some("_section.md") => Ok(Kind::Text(Role::Section)),
        "articles" if is_markdown => Ok(Kind::Text(Role::Article)),
        "data" if below.starts_with("people/") && is_markdown && depth == 1 => Ok(Kind::Text(Role::Person)),
        "data" if below.starts_with("glossary/") && is_markdown && depth == 2 => Ok(Kind::Text(Role::Term)),
        "data" if DATA_FILES.contains(&below) => Ok(Kind::Text(Role::Data)),
        "data" if is_markdown || !(below.starts_with("people/") || below.starts_with("glossary/")) => {
            Err(Diagnostic::in_file(Code::UnknownFile, path, "Galen does not know what this file is for").help(
                "data/ holds people/<id>.md, glossary/<group>/<id>.md and sources.toml, tags.toml, categories.toml, emergency.toml, promos.toml",
            ))
        }
        _ => asset_address(below).map(Kind::File).map_err(|why| {
            Diagnostic::in_file(Code::InvalidAddress, path, format!("this file cannot be published at its own name: {why}")).help("rename it")
        }),
    }
}

/// The data files, by name below `data/`.
pub(crate) const DATA_FILES: [&str; 5] =
    ["sources.toml", "tags.toml", "categories.toml", "emergency.toml", "promos.toml"];

fn asset_address(below: &str) -> Result<Address, &'static str> {
    Address::from_segments(below.split('/'))
}

thread_local! {
    /// Room for a file, kept between files, so that each text is allocated once, at the size it has.
    static ROOM: Cell<Vec<u8>> = Cell::default();
}

/// A text, or why it is none.
fn read_text(text: &Found<Role>) -> anyhow::Result<Result<Source, Diagnostic>> {
    let context = || format!("cannot read {}", text.file.display());
    let file = fs::File::open(&text.file).with_context(context)?;
    let mut room = ROOM.take();
    let length = read_up_to(LARGEST_TEXT + 1, &file, &mut room).with_context(context)?;
    if length as u64 > LARGEST_TEXT {
        let length = file.metadata().with_context(context)?.len();
        let message = format!("this file holds {} MiB; a text may hold {}", length >> 20, LARGEST_TEXT >> 20);
        return Ok(Err(Diagnostic::in_file(Code::FileTooLarge, &text.path, message)));
    }
    let source = utf8(&text.path, text.is, &room[..length]);
    ROOM.set(room);
    Ok(source)
}

/// Reads a file, or its first `most` bytes, into `room`, which grows as far as it has to. Returns how many bytes those were.
/// Whoever asks for the length first, or for no more than fits, asks the system for more than the text and its end.
fn read_up_to(most: u64, file: &fs::File, room: &mut Vec<u8>) -> io::Result<usize> {
    const FIRST: usize = 64 << 10;
    let (mut file, mut length) = (file.take(most), 0);
    loop {
        if length == room.len() {
            room.resize((2 * length).max(FIRST), 0);
        }
        match file.read(&mut room[length..]) {
            Ok(0) => return Ok(length),
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// `minify` shortens the copies of style sheets.
fn read_asset(found: Found<Address>, minify: bool) -> anyhow::Result<Asset> {
    let Found { path, file, is: address } = found;
    let context = || format!("cannot read {}", file.display());
    let (dimensions, raster) = picture(&file).unzip();
    let (hash, length, fingerprint) = match path.strip_prefix("static/").filter(|path| is_code(path)) {
        Some(below) => {
            let bytes = fs::read(&file).with_context(context)?;
            (blake3::hash(&bytes), bytes.len() as u64, fingerprint(below, &bytes, minify))
        }
        None => {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(fs::File::open(&file).with_context(context)?).with_context(context)?;
            (hasher.finalize(), hasher.count(), None)
        }
    };
    Ok(Asset { path, file, address, hash, dimensions, raster: raster.flatten(), length, fingerprint })
}

fn utf8(path: &str, role: Role, bytes: &[u8]) -> Result<Source, Diagnostic> {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            Ok(Source { path: path.to_owned(), role, text: text.into() })
        }
        Err(_) if is_utf16(bytes) => {
            Err(Diagnostic::in_file(Code::InvalidEncoding, path, "this file is UTF-16, and Galen reads UTF-8")
                .help("save it as UTF-8 in your editor"))
        }
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
            let message = format!("this file is not UTF-8: line {line} holds a byte that is not text");
            Err(Diagnostic::in_file(Code::InvalidEncoding, path, message).help("save it as UTF-8 in your editor"))
        }
    }
}

/// Whether a text begins with the byte order mark of UTF-16. <https://www.unicode.org/faq/utf_bom.html>
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// Width and height of a picture, from the first bytes of its file, and what can be made of it.
fn picture(file: &Path) -> Option<((u32, u32), Option<Raster>)> {
    let ending = file.extension()?.to_str()?.to_ascii_lowercase();
    if ending == "svg" {
        return Some((svg_dimensions(file)?, None));
    }
    if !matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "bmp" | "ico") {
        return None;
    }
    let size = imagesize::size(file).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let header = fs::File::open(file).ok().and_then(|file| header(&mut io::BufReader::with_capacity(512, file)));
    let turned = header.is_some_and(|header| header.orientation.swaps());
    let raster = header.filter(|header| !header.animated).map(|header| Raster {
        alpha: header.alpha,
        indexed: header.indexed,
        turned: header.orientation != Orientation::default(),
        is_plain: header.format != Format::WebP,
    });
    let size = if turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some((size, raster))
}

/// Size of an SVG picture: its `width` and `height` in pixels, else its `viewBox`. <https://www.w3.org/TR/SVG2/coords.html#SizingSVGInCSS>
fn svg_dimensions(file: &Path) -> Option<(u32, u32)> {
    let mut head = Vec::new();
    fs::File::open(file).ok()?.take(8 << 10).read_to_end(&mut head).ok()?;
    // The last letter may be cut in two.
    let head = String::from_utf8_lossy(&head);
    let element = &head[head.find("<svg")?..];
    let element = &element[..element.find('>')?];
    let pixels =
        |name: &str| attribute(element, name)?.trim_end_matches("px").parse::<f32>().ok().filter(|size| *size >= 1.0);
    if let (Some(width), Some(height)) = (pixels("width"), pixels("height")) {
        return Some((width.round() as u32, height.round() as u32));
    }
    let view_box = attribute(element, "viewBox")?;
    let numbers: Vec<f32> = view_box.split([' ', ',']).filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [_, _, width, height] if width >= 1.0 && height >= 1.0 => Some((width.round() as u32, height.round() as u32)),
        _ => None,
    }
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let at = element.find(&format!(" {name}=\"")).or_else(|| element.find(&format!("\n{name}=\"")))?;
    let value = &element[at + name.len() + 3..];
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_whatever_room_there_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        let mut room = Vec::new();
        for length in [10, 65_535, 65_536, 65_537, 3, 200_000, 0, 7] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            fs::write(&file, &bytes).expect("it is written");
            let read = |most, room: &mut Vec<u8>| read_up_to(most, &fs::File::open(&file)?, room);
            let whole = read(1 << 20, &mut room).expect("it is read");
            assert!(room[..whole] == bytes, "{length}");
            assert_eq!(read(5, &mut room).expect("it is read"), length.min(5));
        }
    }
}
