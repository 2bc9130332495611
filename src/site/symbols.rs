//! The symbol table of a site: which address and which file name leads to what, and who wanted an address twice.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::gate::State;
use super::model::PlaceOnSite;
use crate::project::{Address, AddressStyle, Code, Diagnostic, Known, Place, nfc};

/// Whether a source asked for its address or Galen made the page by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An editor wrote the page or file.
    Authored,
    /// A list that gives way to an authored page.
    Generated,
}

/// One claim on an address.
pub(crate) struct Claim {
    pub address: Address,
    pub place: PlaceOnSite,
    pub origin: Origin,
    /// Where the claim is written.
    pub written: Option<Place>,
    /// What it is, in a sentence: `this article`.
    pub what: &'static str,
}

/// Where names lead.
#[derive(Default)]
pub(crate) struct Symbols {
    by_address: FxHashMap<String, PlaceOnSite>,
    /// By path from the root: content files and assets.
    by_path: FxHashMap<String, PathTarget>,
    /// Articles that did not pass the gate, by address.
    withheld: FxHashMap<String, State>,
    /// Made when the first address is asked for that does not exist.
    addresses: OnceLock<Known>,
    /// The same for paths.
    paths: OnceLock<Paths>,
}

/// The paths of a site, for suggestions.
#[derive(Default)]
struct Paths {
    /// Names by folder.
    names: FxHashMap<String, Known>,
    /// For each name the first path that ends in it.
    first: FxHashMap<String, String>,
}

impl Paths {
    fn new<'a>(paths: impl Iterator<Item = &'a String>) -> Self {
        let mut sorted: Vec<&str> = paths.map(String::as_str).collect();
        sorted.sort_unstable();
        let mut first: FxHashMap<String, String> = FxHashMap::default();
        let mut names: FxHashMap<String, Vec<&str>> = FxHashMap::default();
        for path in sorted {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            first.entry(name.to_owned()).or_insert_with(|| path.to_owned());
            names.entry(folder.to_owned()).or_default().push(name);
        }
        Self { names: names.into_iter().map(|(folder, names)| (folder, Known::new(names))).collect(), first }
    }
}

/// What a path from the root leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathTarget {
    Place(PlaceOnSite),
    Withheld(State),
}

impl Symbols {
    /// What stands at an address.
    pub(crate) fn at(&self, address: &Address) -> Option<PlaceOnSite> {
        self.by_address.get(address.as_str()).copied()
    }

    /// What a file from the root became.
    pub(crate) fn file(&self, path: &str) -> Option<PathTarget> {
        self.by_path.get(&*nfc(path)).copied()
    }

    /// The state of the withheld article at an address.
    pub(crate) fn withheld_at(&self, address: &Address) -> Option<State> {
        self.withheld.get(address.as_str()).copied()
    }

    /// Remembers what a file became.
    pub(crate) fn add_file(&mut self, path: &str, target: PathTarget) {
        self.by_path.insert(nfc(path).into_owned(), target);
    }

    /// Remembers an address behind the gate.
    pub(crate) fn add_withheld(&mut self, address: &Address, state: State) {
        self.withheld.insert(address.as_str().to_owned(), state);
    }

    /// Addresses that are worth suggesting for one that does not exist.
    pub(crate) fn addresses_near(&self, address: &str) -> impl Iterator<Item = &str> {
        self.addresses.get_or_init(|| Known::new(self.by_address.keys())).near(address)
    }

    /// Names in a folder that are worth suggesting for one that does not exist there.
    pub(crate) fn names_near(&self, folder: &str, name: &str) -> impl Iterator<Item = &str> {
        self.known_paths().names.get(folder).into_iter().flat_map(|names| names.near(name))
    }

    /// The first path that ends in a name.
    pub(crate) fn path_named(&self, name: &str) -> Option<&str> {
        self.known_paths().first.get(name).map(String::as_str)
    }

    fn known_paths(&self) -> &Paths {
        self.paths.get_or_init(|| Paths::new(self.by_path.keys()))
    }
}

/// Gives every address to one claim, in the order of the claims; authored claims come first whatever their order.
/// Returns what got its address, sorted by address.
pub(crate) fn settle(
    claims: Vec<Claim>,
    style: &AddressStyle,
    symbols: &mut Symbols,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Address, PlaceOnSite)> {
    let (authored, generated): (Vec<_>, Vec<_>) =
        claims.into_iter().partition(|claim| claim.origin == Origin::Authored);
    let mut owners: FxHashMap<String, usize> = FxHashMap::default();
    let mut kept: Vec<Claim> = Vec::with_capacity(authored.len() + generated.len());
    for claim in authored.into_iter().chain(generated) {
        let file = file_of(&claim, style).to_lowercase();
        // Two places collide when their addresses or their files do: `/a` and the file `a.html` are one file.
        let keys = [claim.address.key(), format!("file:{}", crate::project::fold(&file))];
        match keys.iter().find_map(|key| owners.get(key)) {
            Some(&owner) => {
                // A list gives way to an authored page of its address; a page that would only overwrite its file is a mistake.
                let gives_way = claim.origin == Origin::Generated && kept[owner].address.key() == claim.address.key();
                if !gives_way {
                    diagnostics.push(duplicate(&claim, &kept[owner]));
                }
            }
            None => {
                for key in keys {
                    owners.insert(key, kept.len());
                }
                kept.push(claim);
            }
        }
    }
    report_folders(&kept, style, diagnostics);
    let mut places: Vec<_> = kept.into_iter().map(|claim| (claim.address, claim.place)).collect();
    places.sort();
    for (address, place) in &places {
        symbols.by_address.insert(address.as_str().to_owned(), *place);
    }
    places
}

/// The file below the output folder.
fn file_of(claim: &Claim, style: &AddressStyle) -> String {
    if claim.place.is_page() { claim.address.page_file(style) } else { claim.address.file() }
}

fn duplicate(claim: &Claim, owner: &Claim) -> Diagnostic {
    let message = format!("{} and {} have one address, `{}`", claim.what, owner.what, claim.address.as_str());
    let place =
        claim.written.clone().or_else(|| owner.written.clone()).unwrap_or_else(|| Place::File("site.toml".into()));
    let mut diagnostic = Diagnostic::at(Code::DuplicateAddress, place, message)
        .help("give one of them another slug or name; letter case and Unicode form do not tell addresses apart");
    if let Some(other) = &owner.written {
        diagnostic = diagnostic.label(other.clone(), "the other one is here");
    }
    diagnostic
}

/// A file cannot have the name of a folder that other files need.
fn report_folders(kept: &[Claim], style: &AddressStyle, diagnostics: &mut Vec<Diagnostic>) {
    let files: FxHashMap<String, usize> = kept
        .iter()
        .enumerate()
        .filter(|(_, claim)| !claim.place.is_page())
        .map(|(index, claim)| (file_of(claim, style), index))
        .collect();
    if files.keys().all(|file| file.contains('.') && !file.contains(".html/")) && files.len() < 2 {
        return;
    }
    for claim in kept {
        let file = file_of(claim, style);
        let folders = file.match_indices('/').map(|(at, _)| &file[..at]);
        for folder in folders {
            if let Some(&owner) = files.get(folder) {
                diagnostics.push(duplicate(claim, &kept[owner]));
            }
        }
    }
}
