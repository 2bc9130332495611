//! The index of a site's search, in pieces that a reader's browser fetches as it needs them. Never seen by templates; ranks
//! nothing: `static/search.js` does that.
//!
//! Everything is JSON. The root, `search-index.json`, is small and names the rest, which lies in `search-index/` under names
//! that change with the content:
//!
//! ```text
//! root    {"stems": "en" or "", "stop": "terms that tell of no subject", "items": N, "groups": [[title, items], …], "each": items in a piece of records,
//!          "common": "terms that are cut short, the commonest first", "terms": [first term, piece, …],
//!          "records": [piece, …], "words": [first letter, piece, …]}
//! terms   {"term": "numbers", …}
//! records [[title, address, description, [heading, anchor or 0, …], [text, …], [other name, …] or nothing], …]
//! words   ["00abdomen …"]: per word, the letters it shares with the one before (base 36), how common it is (0 to 9), the rest
//! ```
//!
//! The numbers of a term, written as `push_number` in `pack.rs` says: the items that hold it; how many items are listed that name
//! it, and each of them; then each of the others that are listed, which only mention it. An item is its difference to the one
//! before, and a code ([`postings::Posting::code`]).
//!
//! Terms are cut by range, so that a beginning of a word leads to few pieces. Items come group by group. Of a term that very
//! many items hold only the items are kept about which it says most: <https://doi.org/10.1145/383952.383958>. A term is also two
//! such common neighbours of a title, name or heading ([`phrases`]).

mod count;
mod items;
mod lexicon;
mod pack;
mod phrases;
mod postings;
mod records;
mod stem;
mod vocabulary;
mod words;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde_json::json;

use crate::content::ENGLISH_STOP_WORDS;
use crate::site::{PlaceOnSite, Site};
use count::Counter;
use items::{Item, Reader, items};
use pack::Piece;
use postings::Most;
use records::{Shape, push_record};
use stem::stem_english;

/// The finished index.
#[derive(Debug, Default)]
pub(crate) struct SearchIndex {
    /// `search-index.json`.
    pub root: String,
    /// Everything else: path below the output folder and text.
    pub pieces: Vec<(String, String)>,
}

/// The folder of the pieces.
pub(crate) const PIECES: &str = "search-index";

/// Makes the index, in parallel; nothing where the site has no search.
pub(crate) fn search_index(site: &Site) -> SearchIndex {
    if !site.settings.search_index {
        return SearchIndex::default();
    }
    let (groups, items) = items(site);
    let most = Most::of(items.len());
    let (counters, records) = counted(site, &items, most);
    let sizes = groups
        .iter()
        .zip(0..)
        .map(|(title, group)| json!([title, items.iter().filter(|item| item.group == group).count()]));
    let groups: Vec<_> = sizes.collect();
    let (words, terms) = rayon::join(|| vocabulary::vocabulary(&counters), || pack::terms(&counters, most));
    let root = json!({
        "stems": if is_english(site) { "en" } else { "" },
        "stop": stop_words(site),
        "items": items.len(),
        "groups": groups,
        "each": Shape::of(items.len()).in_piece,
        "common": terms.common.join(" "),
        "terms": terms.pieces.iter().flat_map(|(first, piece)| [first, piece.name()]).collect::<Vec<_>>(),
        "records": records.iter().map(|(_, piece)| piece.name()).collect::<Vec<_>>(),
        "words": words.iter().flat_map(|(letter, piece)| [letter.to_string(), piece.name().to_owned()]).collect::<Vec<_>>(),
    });
    let pieces = terms.pieces.into_iter().map(|(_, piece)| piece).chain(records.into_iter().map(|(_, piece)| piece));
    let pieces = pieces.chain(words.into_iter().map(|(_, piece)| piece));
    let mut pieces: Vec<(String, String)> = pieces.map(Piece::into_file).collect();
    pieces.sort();
    pieces.dedup();
    SearchIndex { root: format!("{root}\n"), pieces }
}

/// Whether words are stemmed.
fn is_english(site: &Site) -> bool {
    let language = site.settings.language.split('-').next().unwrap_or_default();
    language.eq_ignore_ascii_case("en")
}

/// The stems of the words that by themselves tell of no subject, in English; single letters are among them. How rare a word is
/// could not say it: a small site has as many pages with "blood" as with "should".
fn stop_words(site: &Site) -> String {
    if !is_english(site) {
        return String::new();
    }
    let words = ENGLISH_STOP_WORDS.split_whitespace().map(str::to_owned).chain(('a'..='z').map(String::from));
    let stems: BTreeSet<String> = words.map(|word| stem_english(&word)).collect();
    stems.into_iter().collect::<Vec<_>>().join(" ")
}

/// Counts all items; also what is shown of them, each piece with the number of its first item. Every thread takes the next
/// items as soon as it is done with some, and counts into lists of its own: who counted what differs from run to run, what comes
/// of it together does not.
fn counted(site: &Site, items: &[Item], most: Most) -> (Vec<Counter>, Vec<(u32, Piece)>) {
    let reader = Reader::new(site);
    let shape = Shape::of(items.len());
    let next = AtomicUsize::new(0);
    let work = |_| {
        let mut counter = Counter::new(is_english(site), most);
        let mut records = Vec::new();
        loop {
            let first = next.fetch_add(shape.in_piece, Ordering::Relaxed);
            let Some(rest) = items.get(first..).filter(|rest| !rest.is_empty()) else { break };
            let piece = &rest[..rest.len().min(shape.in_piece)];
            records.push((first as u32, count_piece(&reader, piece, first as u32, shape, &mut counter)));
        }
        (counter, records)
    };
    let (counters, records): (Vec<_>, Vec<_>) =
        (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).map(work).unzip();
    let mut records: Vec<(u32, Piece)> = records.into_iter().flatten().collect();
    records.sort_unstable_by_key(|(first, _)| *first);
    (counters, records)
}

/// Counts some items; returns what is shown of them.
fn count_piece(reader: &Reader<'_>, items: &[Item], first: u32, shape: Shape, counter: &mut Counter) -> Piece {
    let mut text = String::new();
    for (item, number) in items.iter().zip(first..) {
        let texts = reader.texts(item.place);
        counter.count(&texts, number);
        text.push_str(if text.is_empty() { "[" } else { ",\n" });
        // What an article's subject is called besides is told by the subject's own page.
        let names = if matches!(item.place, PlaceOnSite::Article(_)) { &[][..] } else { &texts.names };
        push_record(&mut text, &texts, &reader.address(item.place), names, shape);
    }
    Piece::new(text + "]\n")
}
