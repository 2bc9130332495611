//! The symbol table of a site: which address and which file name leads to what, and who wanted an address twice.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::gate::State;
use super::model::{PlaceOnSite, Places};
use crate::project::{Address, AddressStyle, Code, Diagnostic, Known, Place, fold, nfc};

/// How much a claim on an address weighs: the heavier one gets it, and two of one weight are a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// A list or file that Galen makes for the whole site.
    Own,
    /// A page that Galen makes for something an editor named: a tag, a category, a folder.
    Derived,
    /// A page or file that an editor wrote.
    Authored,
    /// An old address. Nothing gives way to it: it would lead away from what stands there.
    Old,
}

/// One claim on an address.
pub(crate) struct Claim {
    pub address: Address,
    pub place: PlaceOnSite,
    pub weight: Weight,
    /// Where the claim is written.
    pub written: Option<Place>,
    /// What it is, in a word: `article`.
    pub what: &'static str,
}

/// What files became.
#[derive(Default)]
pub(crate) struct Files {
    /// By path from the root: content files and assets.
    by_path: FxHashMap<String, PathTarget>,
    /// Articles that did not pass the gate, by address.
    withheld: FxHashMap<String, State>,
}

impl Files {
    /// None yet, and room for so many.
    pub(crate) fn with_capacity(files: usize) -> Self {
        Self { by_path: FxHashMap::with_capacity_and_hasher(files, FxBuildHasher), ..Self::default() }
    }

    /// Remembers what a file became.
    pub(crate) fn add(&mut self, path: &str, target: PathTarget) {
        self.by_path.insert(nfc(path).into_owned(), target);
    }

    /// Remembers an address behind the gate.
    pub(crate) fn add_withheld(&mut self, address: &Address, state: State) {
        self.withheld.insert(address.as_str().to_owned(), state);
    }
}

/// Where names lead.
pub(crate) struct Symbols {
    by_address: FxHashMap<String, PlaceOnSite>,
    files: Files,
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
    /// The names of a site.
    pub(crate) fn new(places: &Places, files: Files) -> Self {
        let by_address = places.iter().map(|(address, place)| (address.as_str().to_owned(), *place)).collect();
        Self { by_address, files, addresses: OnceLock::new(), paths: OnceLock::new() }
    }

    /// What stands at an address.
    pub(crate) fn at(&self, address: &Address) -> Option<PlaceOnSite> {
        self.by_address.get(address.as_str()).copied()
    }

    /// What a file from the root became.
    pub(crate) fn file(&self, path: &str) -> Option<PathTarget> {
        self.files.by_path.get(&*nfc(path)).copied()
    }

    /// The state of the withheld article at an address.
    pub(crate) fn withheld_at(&self, address: &Address) -> Option<State> {
        self.files.withheld.get(address.as_str()).copied()
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
        self.paths.get_or_init(|| Paths::new(self.files.by_path.keys()))
    }
}

/// The path of the file that a place lies in, from the root.
type PathOf<'a> = &'a dyn Fn(&Place) -> String;

/// A claim that got its address.
struct Kept<'a> {
    claim: Claim,
    /// Its file, folded: no address is like it, since they begin with a slash.
    file: &'a str,
}

/// Gives every address to one claim: the heaviest, then the first.
pub(crate) fn settle(
    mut claims: Vec<Claim>,
    style: &AddressStyle,
    path_of: PathOf<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Places {
    claims.sort_by_key(|claim| std::cmp::Reverse(claim.weight.min(Weight::Authored)));
    // Two places collide when their addresses or their files do: `/a` and the file `a.html` are one file.
    let keys: Vec<[String; 2]> =
        claims.par_iter().map(|claim| [claim.address.key(), fold(&claim.place.file(&claim.address, style))]).collect();
    let mut owners: FxHashMap<&str, usize> = FxHashMap::with_capacity_and_hasher(2 * keys.len(), FxBuildHasher);
    let mut kept: Vec<Kept<'_>> = Vec::with_capacity(claims.len());
    for (claim, keys) in claims.into_iter().zip(&keys) {
        match keys.iter().find_map(|key| owners.get(key.as_str())) {
            Some(&owner) if gives_way(&claim, &kept[owner].claim) => {}
            Some(&owner) => diagnostics.push(duplicate(&claim, &kept[owner].claim, style, path_of)),
            None => {
                owners.extend(keys.iter().map(|key| (key.as_str(), kept.len())));
                kept.push(Kept { claim, file: &keys[1] });
            }
        }
    }
    report_folders(&kept, &owners, path_of, diagnostics);
    Places::new(kept.into_iter().map(|Kept { claim, .. }| (claim.address, claim.place)).collect())
}

/// Whether the later claim goes without an address, and nobody needs to know.
fn gives_way(claim: &Claim, owner: &Claim) -> bool {
    let is_feed = |claim: &Claim| matches!(claim.place, PlaceOnSite::SectionFeed(_) | PlaceOnSite::TagFeed(_));
    // Of two feeds with one address the pages have one, too, which is reported.
    // So do the pages of one category in two folders of one address.
    (is_feed(claim) && is_feed(owner))
        || (claim.written.is_some() && claim.written == owner.written)
        || (claim.weight < owner.weight && owner.weight != Weight::Old && claim.address.key() == owner.address.key())
}

fn duplicate(claim: &Claim, owner: &Claim, style: &AddressStyle, path_of: PathOf<'_>) -> Diagnostic {
    let wanted = if claim.address.key() == owner.address.key() {
        format!("the address `{}`", claim.address.as_str())
    } else {
        format!("the file name `{}`", claim.place.file(&claim.address, style))
    };
    let message = match (described(owner, path_of), described(claim, path_of)) {
        ((what, Some(a)), (other, Some(b))) if what == other && a == b => {
            format!("two {} in `{a}` want {wanted}", several(what))
        }
        ((what, Some(a)), (other, Some(b))) if what == other => {
            format!("two {} want {wanted}: `{a}` and `{b}`", several(what))
        }
        (first, second) => format!("{} and {} want {wanted}", sentence(first), sentence(second)),
    };
    // An old address is what has to go, so it is what is shown.
    let order = if owner.weight == Weight::Old { [owner, claim] } else { [claim, owner] };
    let places: Vec<&Place> = order.into_iter().filter_map(|claim| claim.written.as_ref()).collect();
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
        "category" => "categories".to_owned(),
        what => format!("{what}s"),
    }
}

fn sentence((what, path): (&str, Option<String>)) -> String {
    match path {
        Some(path) if what == "alias" => format!("an alias of `{path}`"),
        Some(path) if matches!(what, "redirect" | "tag" | "category") => format!("a {what} in `{path}`"),
        Some(path) => format!("the {what} `{path}`"),
        None => format!("the {what}"),
    }
}

fn way_out(claim: &Claim, owner: &Claim) -> &'static str {
    match (claim.weight, owner.weight) {
        (Weight::Old, Weight::Old) => "take one of the two out: an old address can lead to one page only",
        (Weight::Old, _) | (_, Weight::Old) => "take the old address out: something of its own stands there",
        (Weight::Own, Weight::Own) => "change one of the patterns in [permalinks] of site.toml",
        _ if claim.what == "file" || owner.what == "file" => "give the file another name",
        _ if claim.what == "tag" || claim.what == "category" => "give one of them another id",
        _ => "give one of them another slug or name; letter case and Unicode form do not tell addresses apart",
    }
}

/// A file cannot have the name of a folder that other files need. Each is told once, whatever lies in the folder.
fn report_folders(
    kept: &[Kept<'_>],
    owners: &FxHashMap<&str, usize>,
    path_of: PathOf<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut told = BTreeSet::new();
    for Kept { claim, file } in kept {
        let owners = file.match_indices('/').filter_map(|(at, _)| owners.get(&file[..at]));
        let new: Vec<usize> = owners.copied().filter(|owner| told.insert(*owner)).collect();
        diagnostics.extend(new.into_iter().map(|owner| in_the_way(&kept[owner].claim, claim, path_of)));
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
