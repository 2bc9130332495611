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
    let mut letters = Vec::new();
    let mut distance_to = |name: &str| {
        letters.clear();
        lower_into(&mut letters, name);
        word.distance_if_near(&letters)
    };
    known.into_iter().filter_map(|name| distance_to(name).map(|distance| (distance, name))).min().map(|(_, name)| name)
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
    let mut letters = vec!['\0'; 2];
    lower_into(&mut letters, name);
    letters.extend(['\0'; 2]);
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

fn lower_into(letters: &mut Vec<char>, text: &str) {
    if text.is_ascii() {
        letters.extend(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        letters.extend(text.chars().flat_map(char::to_lowercase));
    }
}

/// A word made ready to be compared with many names.
struct Word {
    /// Where each ASCII letter stands, a bit per place.
    ascii: [u128; 128],
    /// The same for all other letters.
    others: FxHashMap<char, u128>,
    length: usize,
}

impl Word {
    fn new(written: &str) -> Option<Self> {
        let mut letters = Vec::new();
        lower_into(&mut letters, written);
        let mut word = Self { ascii: [0; 128], others: FxHashMap::default(), length: letters.len() };
        for (place, letter) in letters.iter().take(LONGEST).enumerate() {
            let places = match word.ascii.get_mut(*letter as usize) {
                Some(places) => places,
                None => word.others.entry(*letter).or_default(),
            };
            *places |= 1 << place;
        }
        (1..=LONGEST).contains(&word.length).then_some(word)
    }

    fn places(&self, letter: char) -> u128 {
        match self.ascii.get(letter as usize) {
            Some(places) => *places,
            None => self.others.get(&letter).copied().unwrap_or_default(),
        }
    }

    fn distance_if_near(&self, name: &[char]) -> Option<usize> {
        let allowed = (self.length.max(name.len()) / 3).max(1);
        // Names far apart in length are never near.
        let distance = (self.length.abs_diff(name.len()) <= allowed).then(|| self.distance(name))?;
        (distance <= allowed).then_some(distance)
    }

    /// Optimal string alignment: a column of the table of distances at once, its steps up and down as bits (Hyyrö 2003).
    fn distance(&self, name: &[char]) -> usize {
        let last = 1 << (self.length - 1);
        let (mut up, mut down, mut same, mut before) = (u128::MAX, 0_u128, 0_u128, 0_u128);
        let mut distance = self.length;
        for &letter in name {
            let places = self.places(letter);
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

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn distances_are_those_of_the_whole_table() {
        let words = ["a", "ab", "ba", "titel", "title", "abcdef", "badcfe", "überblick", "ueberblick", "ca", "abc"];
        for a in words {
            for b in words {
                let word = Word::new(a).expect("a short word");
                assert_eq!(word.distance(&letters(b)), strsim::osa_distance(a, b), "{a} {b}");
            }
        }
        let long = "x".repeat(LONGEST);
        assert_eq!(Word::new(&long).map(|word| word.distance(&letters(&long[1..]))), Some(1));
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
