//! "Did you mean": the nearest known name to one that is not known; never guesses when nothing is near.
//!
//! **Invariant:** an answer depends on the names and the word alone, and costs no more on a large site than on a small one.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// The longest word that is compared, in characters: the width of a machine's word, and more than a slip of the pen is in.
const LONGEST: usize = u128::BITS as usize;

/// How many names one word is compared with at most.
const MOST: usize = 500;

/// The known name nearest to `written`, if it is near enough to be a slip of the pen: at most a third of the longer name
/// is different. Letters beside each other that changed places count once.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = Word::new(written)?;
    known
        .into_iter()
        .filter_map(|name| word.distance_if_near(name).map(|distance| (distance, name)))
        .min()
        .map(|(_, name)| name)
}

/// A help sentence with the nearest known name, if there is one.
pub(crate) fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(|name| format!("did you mean `{name}`?"))
}

/// Many names that are asked for often. Of them only those are compared with a word that share its rarest pieces.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Sorted.
    names: Vec<String>,
    /// Made when the first word is not known: most sites need none.
    holders: OnceLock<FxHashMap<Piece, Vec<u32>>>,
}

impl Known {
    /// Remembers names, in whatever order they come.
    pub(crate) fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        Self { names, holders: OnceLock::new() }
    }

    /// The position of a name among the sorted names.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    /// The names that are worth comparing with a word: all, or those with the pieces that the fewest names have.
    pub(crate) fn near(&self, written: &str) -> impl Iterator<Item = &str> {
        let chosen: Vec<u32> = if self.names.len() <= MOST {
            (0..self.names.len() as u32).collect()
        } else {
            let holders = self.holders.get_or_init(|| holders(&self.names));
            let mut lists: Vec<&Vec<u32>> = pieces(written).filter_map(|piece| holders.get(&piece)).collect();
            lists.sort_by_key(|list| list.len());
            lists.into_iter().flatten().copied().take(MOST).collect()
        };
        chosen.into_iter().map(|index| self.names[index as usize].as_str())
    }
}

/// Three letters beside each other.
type Piece = [char; 3];

/// The pieces of a name, with its start and its end.
fn pieces(name: &str) -> impl Iterator<Item = Piece> {
    let edge = || std::iter::repeat_n('\0', 2);
    let letters: Vec<char> = edge().chain(lower(name)).chain(edge()).collect();
    (2..letters.len()).map(move |end| [letters[end - 2], letters[end - 1], letters[end]])
}

/// Which names have a piece, by position.
fn holders(names: &[String]) -> FxHashMap<Piece, Vec<u32>> {
    let mut holders: FxHashMap<Piece, Vec<u32>> = FxHashMap::default();
    for (index, name) in names.iter().enumerate() {
        for piece in pieces(name) {
            holders.entry(piece).or_default().push(index as u32);
        }
    }
    holders
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// A word made ready to be compared with many names.
struct Word {
    /// Where each letter stands, a bit per place.
    places: FxHashMap<char, u128>,
    length: usize,
}

impl Word {
    fn new(written: &str) -> Option<Self> {
        let mut places: FxHashMap<char, u128> = FxHashMap::default();
        let mut length = 0;
        for letter in lower(written).take(LONGEST + 1) {
            *places.entry(letter).or_default() |= 1_u128.checked_shl(length)?;
            length += 1;
        }
        (length > 0).then_some(Self { places, length: length as usize })
    }

    fn distance_if_near(&self, name: &str) -> Option<usize> {
        let length = lower(name).take(LONGEST * 2).count();
        let allowed = (self.length.max(length) / 3).max(1);
        // Names far apart in length are never near.
        let distance = (self.length.abs_diff(length) <= allowed).then(|| self.distance(name))?;
        (distance <= allowed).then_some(distance)
    }

    /// Optimal string alignment: a column of the table of distances at once, its steps up and down as bits (Hyyrö 2003).
    fn distance(&self, name: &str) -> usize {
        let last = 1 << (self.length - 1);
        let (mut up, mut down, mut same, mut before) = (u128::MAX, 0_u128, 0_u128, 0_u128);
        let mut distance = self.length;
        for letter in lower(name) {
            let places = self.places.get(&letter).copied().unwrap_or_default();
            let swapped = ((!same & places) << 1) & before;
            same = ((places & up).wrapping_add(up) ^ up) | places | down | swapped;
            let (more, less) = (down | !(same | up), same & up);
            distance = distance + usize::from(more & last != 0) - usize::from(less & last != 0);
            let (more, less) = ((more << 1) | 1, less << 1);
            (up, down, before) = (less | !(same | more), more & same, places);
        }
        distance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["title", "description", "reviewer", "reviewed"];
        assert_eq!(nearest("titel", known), Some("title"));
        assert_eq!(nearest("Reviwer", known), Some("reviewer"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", ["a"]), None);
    }

    #[test]
    fn distances_are_those_of_the_whole_table() {
        let words = ["a", "ab", "ba", "titel", "title", "abcdef", "badcfe", "überblick", "ueberblick", "ca", "abc"];
        for a in words {
            for b in words {
                let word = Word::new(a).expect("a short word");
                assert_eq!(word.distance(b), strsim::osa_distance(a, b), "{a} {b}");
            }
        }
        let long = "x".repeat(LONGEST);
        assert_eq!(Word::new(&long).map(|word| word.distance(&long[1..])), Some(1));
        assert!(Word::new(&format!("{long}x")).is_none());
    }

    #[test]
    fn among_many_names_the_near_one_is_found() {
        let known = Known::new((0..5000).map(|number| format!("/g/article-about-topic-{number}")));
        let near = |written: &str| nearest(written, known.near(written));
        assert_eq!(near("/g/artcile-about-topic-4711"), Some("/g/article-about-topic-4711"));
        assert_eq!(near("/elsewhere"), None);
        assert!(known.near("/g/article-about-topic").count() <= MOST);
    }
}
