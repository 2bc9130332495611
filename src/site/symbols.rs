//! The symbol table of a site: which address and which file name leads to what, and who wanted an address twice.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::gate::State;
use super::model::{PlaceOnSite, Places};
use crate::project::{Address, AddressStyle, Code, Diagnostic, Place, fold, nfc};

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

/// Gives every address to one claim: the heaviest, then the first.
pub(crate) fn settle(
    mut claims: Vec<Claim>,
    style: &AddressStyle,
    symbols: &mut Symbols,
    diagnostics: &mut Vec<Diagnostic>,
) -> Places {
    claims.sort_by_key(|claim| std::cmp::Reverse(claim.weight.min(Weight::Authored)));
    let mut owners: FxHashMap<String, usize> = FxHashMap::default();
    let mut kept: Vec<Claim> = Vec::with_capacity(claims.len());
    for claim in claims {
        // Two places collide when their addresses or their files do: `/a` and the file `a.html` are one file.
        let keys = [claim.address.key(), file_key(&claim, style)];
        match keys.iter().find_map(|key| owners.get(key)) {
            Some(&owner) if gives_way(&claim, &kept[owner]) => {}
            Some(&owner) => diagnostics.push(duplicate(&claim, &kept[owner], style)),
            None => {
                for key in keys {
                    owners.insert(key, kept.len());
                }
                kept.push(claim);
            }
        }
    }
    report_folders(&kept, &owners, style, diagnostics);
    let places = Places::new(kept.into_iter().map(|claim| (claim.address, claim.place)).collect());
    for (address, place) in places.iter() {
        symbols.by_address.insert(address.as_str().to_owned(), *place);
    }
    places
}

/// A key that no address has: addresses begin with a slash.
fn file_key(claim: &Claim, style: &AddressStyle) -> String {
    fold(&claim.place.file(&claim.address, style))
}

/// Whether the later claim goes without an address, and nobody needs to know.
fn gives_way(claim: &Claim, owner: &Claim) -> bool {
    let is_feed = |claim: &Claim| matches!(claim.place, PlaceOnSite::SectionFeed(_) | PlaceOnSite::TagFeed(_));
    // Of two feeds with one address the pages have one, too, which is reported.
    (is_feed(claim) && is_feed(owner))
        || (claim.weight < owner.weight && owner.weight != Weight::Old && claim.address.key() == owner.address.key())
}

/// Seen from the one that an editor wrote.
fn duplicate(claim: &Claim, owner: &Claim, style: &AddressStyle) -> Diagnostic {
    let (this, other) = if claim.written.is_some() { (claim, owner) } else { (owner, claim) };
    let another = match other.weight {
        Weight::Own => format!("the {}", other.what),
        _ if this.what == other.what => format!("another {}", other.what),
        _ => with_article(other.what),
    };
    let message = if this.address.key() == other.address.key() {
        format!("this {} wants the address of {another}, `{}`", this.what, this.address.as_str())
    } else {
        let file = this.place.file(&this.address, style);
        format!("this {} would be the same file as {another}, `{file}`", this.what)
    };
    let place = this.written.clone().unwrap_or_else(|| Place::File("site.toml".into()));
    let mut diagnostic = Diagnostic::at(Code::DuplicateAddress, place, message).help(way_out(this, other));
    if let Some(other) = &other.written {
        diagnostic = diagnostic.label(other.clone(), "the other one is here");
    }
    diagnostic
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn way_out(this: &Claim, other: &Claim) -> &'static str {
    let source = |claim: &Claim| match &claim.written {
        Some(Place::Span(span)) => Some(span.source),
        _ => None,
    };
    match this.weight {
        Weight::Old if source(this).is_some() && source(this) == source(other) && other.weight == Weight::Authored => {
            "that is the address of the article itself; take the alias out"
        }
        Weight::Old => {
            "an old address can lead on only where nothing else stands; take it out, or rename what stands there"
        }
        Weight::Derived => {
            "give one of them another id or folder name; letter case and Unicode form do not tell addresses apart"
        }
        Weight::Own => "change one of the patterns in [permalinks] of site.toml",
        Weight::Authored => {
            "give one of them another slug or name; letter case and Unicode form do not tell addresses apart"
        }
    }
}

/// A file cannot have the name of a folder that other files need. One report for each such file.
fn report_folders(
    kept: &[Claim],
    owners: &FxHashMap<String, usize>,
    style: &AddressStyle,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut reported = BTreeSet::new();
    for claim in kept {
        let file = file_key(claim, style);
        for owner in file.match_indices('/').filter_map(|(at, _)| owners.get(&file[..at])) {
            if reported.insert(*owner) {
                let (owner, file) = (&kept[*owner], claim.place.file(&claim.address, style));
                let place = owner.written.clone().unwrap_or_else(|| Place::File("site.toml".into()));
                let message = format!("this {} would lie where a folder is needed, for `{file}`", owner.what);
                let other = claim.written.clone();
                let mut diagnostic = Diagnostic::at(Code::DuplicateAddress, place, message)
                    .help("rename it: nothing can be a file and a folder at once");
                diagnostic.labels.extend(other.map(|other| (other, "this one needs the folder".to_owned())));
                diagnostics.push(diagnostic);
            }
        }
    }
}
