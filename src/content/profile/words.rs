//! Cuts text into the words that profiles and vocabularies hold, each as a 20-bit number, and tells how many a reader
//! counts; it never allocates.
//!
//! Most text is ASCII with a few typographic marks, and that path reads 64 bytes at a time. A
//! word that holds any other letter is read character by character. Scripts that put no spaces
//! between words give pairs of neighbouring characters instead, which search engines have found to
//! serve as well as a dictionary (Nie, Gao, Zhang & Zhou 2000, "On the use of words and n-grams for
//! Chinese information retrieval").

use crate::content::words::Count;
use crate::project::{Lanes, ascii_reach, bits_of};

/// Bits of a word's number: a million places, so that even 100,000 different words rarely share one
/// (the hashing trick of Weinberger et al. 2009, "Feature hashing for large scale multitask
/// learning").
pub(super) const BITS: u32 = 20;

/// Bytes of a word outside ASCII that count; what is longer is no word of any language.
const LONGEST: usize = 64;

/// The bit that tells an ASCII capital from a small letter, in each byte.
const LOWER: u128 = 0x2020_2020_2020_2020_2020_2020_2020_2020;

/// The words of a plain text as a reader counts them.
pub(crate) fn count_words(text: &str) -> u32 {
    each_word(text, |_| {})
}

/// Calls `take` with the numbers of the words in `text`, in order and a few at a time: words of one character and words
/// that begin with a digit left out, letter case and the English plural folded. Returns how many words a reader counts, who
/// leaves out none.
pub(super) fn each_word(text: &str, mut take: impl FnMut(&[u32])) -> u32 {
    let bytes = text.as_bytes();
    let mut count = Count::default();
    let (mut at, mut counted) = (0, 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let passed = match rest.first_chunk() {
            Some(window) => words_of_window(window, &mut count, &mut take),
            None => {
                // The spaces behind the text end its last word.
                let mut window = [b' '; 80];
                window[..rest.len()].copy_from_slice(rest);
                words_of_window(&window, &mut count, &mut take).min(rest.len())
            }
        };
        at += passed;
        counted = counted.max(at);
        // Where the window gave little, the text is likely of another script.
        let stop = bytes.len().min(if passed < 16 { at + 64 } else { at });
        while at < stop {
            at = next_word(text, at, &mut take);
        }
        // The path may end within a character, which it goes on with.
        let whole = (at..bytes.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(bytes.len());
        count.characters(&text[counted..whole]);
        counted = whole;
    }
    count.words()
}

/// Takes the words that begin and end within the first 64 bytes, up to one that touches a byte outside ASCII or the end;
/// returns how many bytes that deals with, and counts them.
#[inline]
fn words_of_window(window: &[u8; 80], count: &mut Count, take: &mut impl FnMut(&[u32])) -> usize {
    let Some(first) = window.first_chunk() else { return 0 };
    let reach = ascii_reach(first);
    let letters = bits_of(first, Lanes::is_ascii_alphanumeric);
    let unfinished = if reach == 0 { 0 } else { (letters << (64 - reach)).leading_ones() };
    let passed = reach - unfinished;
    count.ascii(bits_of(first, Lanes::is_ascii_space), letters, passed);

    let letters = letters & u64::MAX.checked_shr(64 - passed).unwrap_or(0);
    // Without letters that stand alone.
    let words = letters & (letters << 1 | letters >> 1);
    // A bit wherever a word begins, and one wherever a word has ended, by turns.
    let mut edges = words ^ (words << 1);
    // More words than 64 bytes may hold.
    let (mut found, mut len) = ([0; 32], 0);
    while edges != 0 {
        let start = edges.trailing_zeros() as usize;
        edges &= edges - 1;
        let end = edges.trailing_zeros() as usize;
        edges &= edges.wrapping_sub(1);
        found[len % 32] = word_of_window(window, start, end);
        // Which words begin with a digit cannot be guessed, so that no branch asks.
        len += usize::from(!window[start % 64].is_ascii_digit());
    }
    take(&found[..len]);
    passed as usize
}

/// The number of a word of the window's first 64 bytes, all ASCII.
#[inline]
fn word_of_window(window: &[u8; 80], start: usize, end: usize) -> u32 {
    let len = end - start;
    match window[start % 64..].first_chunk() {
        Some(text) if len <= 16 => {
            let text = u128::from_le_bytes(*text) | LOWER;
            let ends_in_s = window[(end - 1) % 64] | LOWER as u8 == b's';
            let (text, len) = if ends_in_s { singular(text, len) } else { (text, len) };
            number(0, text, len)
        }
        _ => number_of(&window[start..end], LOWER),
    }
}

/// Takes the word at `at`, if there is one; returns where to go on.
fn next_word(text: &str, at: usize, take: &mut impl FnMut(&[u32])) -> usize {
    let rest = &text.as_bytes()[at..];
    let len = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if is_foreign(&rest[len..]) {
        return foreign_token(text, at, take);
    }
    if len > 1 && !rest[0].is_ascii_digit() {
        take(&[number_of(&rest[..len], LOWER)]);
    }
    at + len + 1
}

/// Whether `bytes` begin with a character outside ASCII that may belong to a word. Dashes, curly
/// quotes and dots (U+2000 to U+203F) stand in nearly every English text, and are no reason to look
/// at the word before them closer.
fn is_foreign(bytes: &[u8]) -> bool {
    match bytes {
        [0x80..=0xBF, ..] | [0xE2, 0x80, ..] | [] => false,
        [byte, ..] => !byte.is_ascii(),
    }
}

/// The number of a word of any length. `case` is or-ed over the bytes.
fn number_of(mut word: &[u8], case: u128) -> u32 {
    let mut seed = 0;
    while let Some((eight, rest)) = word.split_first_chunk().filter(|_| word.len() > 16) {
        seed = scatter(seed ^ (u64::from_le_bytes(*eight) | case as u64));
        word = rest;
    }
    let mut text = [0; 16];
    text[..word.len()].copy_from_slice(word);
    let (text, len) = singular(u128::from_le_bytes(text) | case, word.len());
    number(seed, text, len)
}

/// A word without the ending of the English plural, if it has one. The word's last bytes, 1 to 16, are the first of `text`.
///
/// The plural is folded by the s-stemmer of Harman 1991, "How effective is suffixing?": `-ies` becomes `-y`, and a final `s`
/// goes unless it stands in `-us` or `-ss`. Words of three letters (gas, his) stay whole.
fn singular(text: u128, len: usize) -> (u128, usize) {
    match ((text << (128 - 8 * len) >> 96) as u32).to_le_bytes() {
        _ if len <= 3 => (text, len),
        [_, _, b's' | b'u', b's'] => (text, len),
        [b'a' | b'e', b'i', b'e', b's'] => (text, len - 1),
        [_, b'i', b'e', b's'] if len > 4 => (text ^ u128::from(b'i' ^ b'y') << (8 * len - 24), len - 2),
        [_, _, _, b's'] => (text, len - 1),
        _ => (text, len),
    }
}

/// The number of a word whose last `len` bytes, 1 to 16, are the first of `text`; `seed` stands for those before.
#[inline]
fn number(seed: u64, text: u128, len: usize) -> u32 {
    let [low, high] = FIRST[len % 32];
    let (low, high) = (text as u64 & low, (text >> 64) as u64 & high);
    (scatter(scatter(seed ^ low) ^ high) & (u64::MAX >> (64 - BITS))) as u32
}

/// For each length the bits of so many first bytes of sixteen.
const FIRST: [[u64; 2]; 32] = {
    let mut first = [[u64::MAX; 2]; 32];
    let mut len = 0;
    while len < 16 {
        let bits = (1_u128 << (8 * len)) - 1;
        first[len] = [bits as u64, (bits >> 64) as u64];
        len += 1;
    }
    first
};

/// The multiplication of FxHash, and a turn that brings the well mixed upper bits down; written out
/// so that it is the same on every platform and with every version.
fn scatter(value: u64) -> u64 {
    value.wrapping_mul(0xf135_7aea_2e62_a9c5).rotate_left(BITS)
}

/// Takes the one token that begins at `start` and holds characters outside ASCII; returns where it
/// ends.
fn foreign_token(text: &str, start: usize, take: &mut impl FnMut(&[u32])) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let Some(first) = rest.chars().next() else {
        return text.len();
    };
    let len = match kind(first) {
        Kind::Other => first.len_utf8(),
        Kind::Letter => foreign_word(rest, take),
        Kind::Unspaced => pairs(rest, take),
    };
    start + len
}

/// Takes the word with letters outside ASCII that `text` begins with; returns its length.
fn foreign_word(text: &str, take: &mut impl FnMut(&[u32])) -> usize {
    let mut small = [0; LONGEST];
    let (mut filled, mut chars) = (0, text.char_indices());
    let mut letters = 0;
    let len = loop {
        let Some((at, c)) = chars.next() else {
            break text.len();
        };
        if kind_within(c) != Kind::Letter {
            break at;
        }
        letters += 1;
        let c = lower_case(c);
        if let Some(place) = small.get_mut(filled..filled + c.len_utf8()) {
            filled += c.encode_utf8(place).len();
        }
    };
    if letters > 1 && !text.starts_with(char::is_numeric) {
        take(&[number_of(&small[..filled], 0)]);
    }
    len
}

/// Takes every pair of neighbouring characters of the run that `text` begins with; returns its
/// length.
fn pairs(text: &str, take: &mut impl FnMut(&[u32])) -> usize {
    let mut before = None;
    for (at, c) in text.char_indices() {
        if kind(c) != Kind::Unspaced {
            return at;
        }
        let c = u64::from(u32::from(c));
        if let Some(before) = before.replace(c) {
            take(&[(scatter(scatter(before) ^ c) & (u64::MAX >> (64 - BITS))) as u32]);
        }
    }
    text.len()
}

/// The small letter of `c`; where it takes several characters (Turkish İ), the first.
fn lower_case(c: char) -> char {
    match c {
        // What most text is made of, ahead of the search in the tables of std: small letters, and
        // scripts without case.
        'a'..='z' | 'ß'..='ÿ' | 'а'..='џ' | 'α'..='ω' | '\u{591}'..='\u{109F}' => c,
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// What a character does to the word it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Belongs to a word.
    Letter,
    /// Belongs to a script without spaces between words.
    Unspaced,
    /// Ends a word.
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        // The letters of most text, ahead of the search in the tables of std: Latin, Greek,
        // Cyrillic; Hebrew, Arabic, Hindi.
        'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ' | 'α'..='ω' | 'а'..='џ' => Kind::Letter,
        '\u{5D0}'..='\u{5EA}' | '\u{620}'..='\u{64A}' | '\u{904}'..='\u{939}' => Kind::Letter,
        // Thai, Lao, Burmese, Khmer; kana, Han, Hangul (spaced, but by phrase); the half-width
        // kana.
        '\u{E01}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => Kind::Unspaced,
        '\u{30FB}' => Kind::Other,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' => Kind::Unspaced,
        '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' => Kind::Unspaced,
        '\u{20000}'..='\u{323AF}' => Kind::Unspaced,
        c if c.is_alphanumeric() => Kind::Letter,
        _ => Kind::Other,
    }
}

/// Whether a character goes on with the word that it follows.
pub(crate) fn continues_word(character: char) -> bool {
    kind_within(character) == Kind::Letter
}

/// The same inside a word, where accents, vowel points, viramas and joiners continue it.
fn kind_within(c: char) -> Kind {
    match c {
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' => Kind::Letter,
        '\u{200C}' | '\u{200D}' => Kind::Letter,
        // The Indic blocks lie 0x80 apart and keep nukta, virama and signs at the same places.
        '\u{900}'..='\u{DFF}' if matches!(u32::from(c) & 0x7F, 0x00..=0x03 | 0x3C..=0x4D) => Kind::Letter,
        c => kind(c),
    }
}
