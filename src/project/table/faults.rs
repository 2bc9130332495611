//! Takes what cannot be read out of a TOML text, statement by statement, and says of each what is wrong; what is left can be read.
//!
//! A parser that goes on behind a fault takes what follows for something else, and one slip becomes ten findings. So the
//! first fault's statement is blanked out, its place in the text kept, and the rest is parsed again.

use std::ops::Range;

use toml::de::DeTable;

use super::cause::{Fault, cause};
use super::statements::{Statement, line_end, next_statement, statements};

/// Faults of one text that are reported at once.
const MOST_FAULTS: usize = 50;

/// A key that is written but could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// Where the header of its table begins; nothing for the table of the whole text.
    pub table: Option<usize>,
    pub key: String,
    pub range: Range<usize>,
}

/// A text without its faults.
pub(super) struct Mended {
    /// As long as the text was, and every place in it the same.
    pub text: String,
    pub faults: Vec<Fault>,
    pub unread: Vec<Unread>,
}

/// Takes the faults out of a text.
pub(super) fn mend(text: &str) -> Mended {
    let mut mended = Mended { text: text.to_owned(), faults: Vec::new(), unread: Vec::new() };
    while let Some((message, at)) = first_fault(&mended.text) {
        if mended.faults.len() >= MOST_FAULTS {
            mended.text = blanked(text, 0..text.len());
            break;
        }
        let statements = statements(&mended.text);
        // What is not closed shows only where the next statement begins.
        let open = statements.iter().position(|statement| statement.open.is_some() && statement.range.start <= at);
        let last = statements.iter().rposition(|statement| statement.range.start <= at);
        match open.or(last.filter(|&index| at <= statements[index].range.end)) {
            Some(index) => take_statement(&mut mended, &statements, index, &message, at),
            None => take_line(&mut mended, message, at),
        }
    }
    mended.faults.sort_by_key(|fault| fault.range.start);
    mended
}

/// What the parser says of the first fault in a text.
fn first_fault(text: &str) -> Option<(String, usize)> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let place = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    let first = errors.iter().min_by_key(|error| place(error))?;
    let mut at = place(first).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    Some((first.message().to_owned(), at))
}

/// A fault between two statements, such as a control character in a comment.
fn take_line(mended: &mut Mended, message: String, at: usize) {
    let start = mended.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = line_end(&mended.text, at);
    // Where nothing is left to take out of a line, nothing more can be told of the text.
    let is_blank = mended.text[start..end].trim().is_empty();
    let range = if is_blank { 0..mended.text.len() } else { start..end };
    mended.faults.push(Fault::plain(message, at..at));
    mended.text = blanked(&mended.text, range);
}

fn take_statement(mended: &mut Mended, statements: &[Statement], index: usize, message: &str, at: usize) {
    let text = &mended.text;
    let statement = &statements[index];
    let (key, range) = statement.name(text);
    let key = key.to_owned();
    mended.faults.push(cause(text, statements, index, message, at));
    if statement.is_header {
        let body = statement.range.end..next_header(statements, index).unwrap_or(text.len());
        // What is wrong in the table's own lines is found without the header, which gave them their meaning.
        let inside = mend(&only(text, body.clone()));
        mended.faults.extend(inside.faults);
        mended.unread.push(Unread { table: None, key, range });
        mended.text = blanked(&mended.text, statement.range.start..body.end);
    } else {
        let table = statements[..index].iter().rfind(|other| other.is_header).map(|header| header.range.start);
        let end = cut(text, statement, at);
        mended.unread.push(Unread { table, key, range });
        mended.text = blanked(text, statement.range.start..end);
    }
}

fn next_header(statements: &[Statement], index: usize) -> Option<usize> {
    statements[index + 1..].iter().find(|other| other.is_header).map(|header| header.range.start)
}

/// Where a faulty statement ends: before a line that looks like one, where the fault lies behind that line.
fn cut(text: &str, statement: &Statement, fault: usize) -> usize {
    let end = statement.range.end;
    next_statement(text, statement.range.start, end.min(fault)).unwrap_or(end)
}

/// The text with spaces in a range of it; its lines and their places stay.
fn blanked(text: &str, range: Range<usize>) -> String {
    let mut blanked = String::with_capacity(text.len());
    blanked.push_str(&text[..range.start]);
    blanked.extend(text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    blanked.push_str(&text[range.end..]);
    blanked
}

fn only(text: &str, range: Range<usize>) -> String {
    blanked(&blanked(text, range.end..text.len()), 0..range.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> (usize, String) {
        let mended = mend(text);
        assert_eq!(mended.text.len(), text.len());
        (mended.faults.len(), mended.text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn one_slip_is_one_fault_and_the_rest_is_read() {
        assert_eq!(left("a = x y\nb = 1\n"), (1, "b = 1".to_owned()));
        assert_eq!(left("a = [1,\nb = 'x'\nc = [2]\n"), (1, "b = 'x' c = [2]".to_owned()));
        assert_eq!(left("a = ['x'\nb = 'y\nc = 2"), (2, "c = 2".to_owned()));
        assert_eq!(left("a = \"\"\"x\n[[faq]]\nb = \"\"\"y\"\"\"\n"), (1, "[[faq]] b = \"\"\"y\"\"\"".to_owned()));
        assert_eq!(left("[a]\nx = 1\n[b]\ny = 1\n[a]\nx = 2\n[c]\n"), (1, "[a] x = 1 [b] y = 1 [c]".to_owned()));
    }

    #[test]
    fn faults_that_do_not_touch_are_all_found() {
        assert_eq!(left("a = x\nb = 'y\nc : 2\nd = 2026-13-01\ne = 1"), (4, "e = 1".to_owned()));
        assert_eq!(left("\"Pain – “x”\"\nb = 1"), (1, "b = 1".to_owned()));
        assert_eq!(left("[a\nx = y\n[b]\nz = 1"), (2, "[b] z = 1".to_owned()));
        assert_eq!(left("# \u{1}\na = 1"), (1, "a = 1".to_owned()));
    }
}
