//! The index of a site's search, in pieces that a reader's browser fetches as it needs them. Never seen by templates; ranks
//! nothing: `static/search.js` does that.
//!
//! Everything is JSON. The root, `search-index.json`, is small and names the rest, which lies in `search-index/` under names
//! that change with the content:
//!
//! ```text
//! root    {"stems": "en" or "", "items": N, "groups": [[title, items], …], "terms": [[first term, piece], …],
//!          "records": [[first item, piece], …], "words": piece}
//! terms   {"term": [items that hold it, item, code, item, code, …], …}     items as differences; `count.rs` says what a code is
//! records [[title, address, description, [heading, anchor or 0, …], [text, …]], …]
//! words   ["00abdomen …"]: per word, the letters it shares with the one before (base 36), how common it is (0 to 9), the rest
//! ```
//!
//! Terms are cut by range, so that a beginning of a word leads to few pieces. Items come group by group. Of a term that very
//! many items hold only the items are kept about which it says most: <https://doi.org/10.1145/383952.383958>.

mod count;
mod items;
mod pack;
mod words;

use rayon::prelude::*;
use serde_json::json;

use crate::site::Site;
use count::{Chunk, count, is_english};
use items::items;
use pack::Piece;

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

/// Items that one thread counts at a time.
const CHUNK: usize = 256;

/// Bytes of text that all records together may show, and how much of it one item may take at most. A small site shows where
/// in a text the words stand; on a very large one headings and descriptions must do.
const ROOM: usize = 2 << 20;
const MOST_ROOM: usize = 16 << 10;
/// What a record takes without texts.
const BARE_RECORD: usize = 640;

/// Makes the index, in parallel; nothing where the site has no search.
pub(crate) fn search_index(site: &Site) -> SearchIndex {
    if !site.settings.search_index {
        return SearchIndex::default();
    }
    let (groups, items) = items(site);
    let room = (ROOM / items.len().max(1)).saturating_sub(BARE_RECORD).min(MOST_ROOM);
    let chunks: Vec<Chunk> = items
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(index, chunk)| count(site, chunk, (index * CHUNK) as u32, room))
        .collect();
    let sizes = groups
        .iter()
        .zip(0..)
        .map(|(title, group)| json!([title, items.iter().filter(|item| item.group == group).count()]));
    let groups: Vec<_> = sizes.collect();
    let (words, (terms, records)) =
        rayon::join(|| pack::vocabulary(&chunks), || rayon::join(|| pack::terms(&chunks), || pack::records(&chunks)));
    let root = json!({
        "stems": if is_english(site) { "en" } else { "" },
        "items": items.len(),
        "groups": groups,
        "terms": terms.iter().map(|(first, piece)| json!([first, piece.name()])).collect::<Vec<_>>(),
        "records": records.iter().map(|(first, piece)| json!([first, piece.name()])).collect::<Vec<_>>(),
        "words": words.name(),
    });
    let pieces = terms.into_iter().map(|(_, piece)| piece).chain(records.into_iter().map(|(_, piece)| piece));
    let mut pieces: Vec<(String, String)> = pieces.chain([words]).map(Piece::into_file).collect();
    pieces.sort();
    pieces.dedup();
    SearchIndex { root: format!("{root}\n"), pieces }
}
