//! The symbol table of a site: which address and which file name leads to what, and who wanted an address twice.

use rustc_hash::FxHashMap;

use super::gate::State;
use super::model::PlaceOnSite;
use crate::project::{Address, AddressStyle, Code, Diagnostic, Place, nfc};

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
    /// What it is, in a word: `article`.
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

    /// Every address, for suggestions.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        self.by_address.keys().map(String::as_str)
    }

    /// Every path, for suggestions.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(String::as_str)
    }
}

/// The path of the file that a place lies in, from the root.
type PathOf<'a> = &'a dyn Fn(&Place) -> String;

/// Gives every address to one claim, in the order of the claims; authored claims come first whatever their order.
/// Returns what got its address, sorted by address.
pub(crate) fn settle(
    claims: Vec<Claim>,
    style: &AddressStyle,
    path_of: PathOf<'_>,
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
                    diagnostics.push(duplicate(&claim, &kept[owner], path_of));
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
    report_folders(&kept, style, path_of, diagnostics);
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

fn duplicate(claim: &Claim, owner: &Claim, path_of: PathOf<'_>) -> Diagnostic {
    let (first, second) = (described(owner, path_of), described(claim, path_of));
    let address = claim.address.as_str();
    let message = match (first, second) {
        ((what, Some(a)), (other, Some(b))) if what == other => {
            format!("two {} want the address `{address}`: `{a}` and `{b}`", several(what))
        }
        (first, second) => format!("{} and {} want the address `{address}`", sentence(first), sentence(second)),
    };
    let places: Vec<&Place> = [&claim.written, &owner.written].into_iter().flatten().collect();
    let place = places.first().map_or_else(|| Place::File("site.toml".into()), |place| (*place).clone());
    let diagnostic = Diagnostic::at(Code::DuplicateAddress, place, message).help(way_out(claim, owner));
    match places.get(1) {
        Some(other) => diagnostic.label((*other).clone(), "the other one is here"),
        None => diagnostic,
    }
}

fn described(claim: &Claim, path_of: PathOf<'_>) -> (&'static str, Option<String>) {
    (claim.what, claim.written.as_ref().map(path_of))
}

fn several(what: &str) -> String {
    match what {
        "alias" => "aliases".to_owned(),
        "person" => "people".to_owned(),
        what => format!("{what}s"),
    }
}

fn sentence((what, path): (&str, Option<String>)) -> String {
    match path {
        Some(path) if what == "alias" => format!("an alias of `{path}`"),
        Some(path) if what == "redirect" => format!("a redirect in `{path}`"),
        Some(path) => format!("the {what} `{path}`"),
        None if what == "list" => "a list that Galen makes".to_owned(),
        None => format!("the {what}"),
    }
}

fn way_out(claim: &Claim, owner: &Claim) -> &'static str {
    let is_old = |claim: &Claim| matches!(claim.what, "alias" | "redirect");
    match (is_old(claim), is_old(owner)) {
        (true, true) => "take one of the two out: an old address can lead to one page only",
        (true, false) | (false, true) => "take the old address out: something of its own stands there",
        _ if claim.what == "file" || owner.what == "file" => "give the file another name",
        _ => "give one of them another slug or name; letter case and Unicode form do not tell addresses apart",
    }
}

/// A file cannot have the name of a folder that other files need. Each is told once, whatever lies in the folder.
fn report_folders(kept: &[Claim], style: &AddressStyle, path_of: PathOf<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut files: FxHashMap<String, usize> = kept
        .iter()
        .enumerate()
        .filter(|(_, claim)| !claim.place.is_page())
        .map(|(index, claim)| (file_of(claim, style), index))
        .collect();
    for claim in kept {
        let file = file_of(claim, style);
        let owners: Vec<usize> = file.match_indices('/').filter_map(|(at, _)| files.remove(&file[..at])).collect();
        diagnostics.extend(owners.into_iter().map(|owner| in_the_way(&kept[owner], claim, path_of)));
    }
}

fn in_the_way(owner: &Claim, claim: &Claim, path_of: PathOf<'_>) -> Diagnostic {
    let below = sentence(described(claim, path_of));
    let message = format!("{} has the name of the folder that {below} needs", sentence(described(owner, path_of)));
    let place = owner.written.clone().unwrap_or_else(|| Place::File("site.toml".into()));
    let diagnostic = Diagnostic::at(Code::DuplicateAddress, place, message).help("give the file another name");
    match &claim.written {
        Some(below) => diagnostic.label(below.clone(), "this would lie in the folder"),
        None => diagnostic,
    }
}
