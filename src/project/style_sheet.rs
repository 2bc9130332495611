//! Takes out of a style sheet what no browser needs: comments and white space. Changes no value, no name and no order, and never
//! looks at a script, of which only a parser could say where white space means something.

/// Bytes after which white space is not needed.
const OPENERS: &[u8] = b"{};,:(>";

/// Bytes before which it is not. A colon is none: `li :hover` is not `li:hover`.
const CLOSERS: &[u8] = b"{};,)>!";

/// The same style sheet, shorter. <https://www.w3.org/TR/css-syntax-3/>
pub(crate) fn minified_style_sheet(text: &str) -> String {
    let mut walk = Walk { text, at: 0, small: String::with_capacity(text.len()), is_after_space: false };
    while let Some(byte) = walk.text.as_bytes().get(walk.at).copied() {
        match byte {
            b'/' if walk.rest().starts_with("/*") => walk.comment(),
            b'"' | b'\'' => walk.string(byte),
            b'\\' => walk.escape(),
            _ if byte.is_ascii_whitespace() => {
                walk.is_after_space = true;
                walk.at += 1;
            }
            _ => match walk.address() {
                Some(length) => walk.copy(length),
                None => walk.copy(walk.rest().chars().next().map_or(1, char::len_utf8)),
            },
        }
    }
    walk.small
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    small: String,
    /// Whether white space stands between what is written and what comes next.
    is_after_space: bool,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Writes the next bytes as they are, after white space where it is needed.
    fn copy(&mut self, length: usize) {
        let copied = &self.rest()[..length];
        let (last, next) = (self.small.bytes().last(), copied.bytes().next());
        if self.is_after_space && needs_space(last, next) {
            self.small.push(' ');
        }
        if next == Some(b'}') && last == Some(b';') {
            self.small.pop();
        }
        self.is_after_space = false;
        self.small.push_str(copied);
        self.at += length;
    }

    /// A comment goes, but for those that tell of rights or of where the source is.
    fn comment(&mut self) {
        let length = self.rest()[2..].find("*/").map_or(self.rest().len(), |end| end + 4);
        let comment = &self.rest()[..length];
        if comment.starts_with("/*!") || comment.starts_with("/*#") {
            return self.copy(length);
        }
        let next = self.rest()[length..].bytes().next();
        let last = self.small.bytes().last();
        let is_apart = self.is_after_space || next.is_none_or(|next| next.is_ascii_whitespace());
        self.at += length;
        // It may be all that keeps two words apart, and white space between selectors has a meaning.
        if !is_apart && needs_space(last, next) {
            self.small.push_str("/**/");
        }
    }

    fn string(&mut self, quote: u8) {
        let mut bytes = self.rest().bytes().enumerate().skip(1);
        let mut length = self.rest().len();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                _ if byte == quote => {
                    length = at + 1;
                    break;
                }
                _ => {}
            }
        }
        self.copy(length);
    }

    /// One space after hexadecimal digits belongs to an escape.
    fn escape(&mut self) {
        let rest = &self.rest()[1..];
        let digits = rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let length = match digits {
            0 => rest.chars().next().map_or(0, char::len_utf8),
            _ if rest[digits..].starts_with("\r\n") => digits + 2,
            _ => digits + usize::from(rest[digits..].starts_with(|c: char| c.is_ascii_whitespace())),
        };
        self.copy(1 + length);
    }

    /// The length of an address without quotes, `url(…)`, in which nothing is looked at.
    fn address(&self) -> Option<usize> {
        let rest = self.rest();
        let is_named = rest.get(..4)?.eq_ignore_ascii_case("url(");
        let goes_on = self.text[..self.at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\\'));
        if !is_named || goes_on || rest[4..].trim_ascii_start().starts_with(['"', '\'']) {
            return None;
        }
        let mut bytes = rest.bytes().enumerate().skip(4);
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b')' => return Some(at + 1),
                _ => {}
            }
        }
        Some(rest.len())
    }
}

fn needs_space(last: Option<u8>, next: Option<u8>) -> bool {
    let (Some(last), Some(next)) = (last, next) else { return false };
    // The value of `--none: ;` is white space, and `-->` is a sign of its own.
    let is_empty_value = last == b':' && matches!(next, b';' | b'}');
    is_empty_value || (last == b'-' && next == b'>') || !(OPENERS.contains(&last) || CLOSERS.contains(&next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_browser_needs_is_gone() {
        for (written, small) in [
            ("/* ours */\n\na ,\nb > c {\n  color : red ;\n  margin: 0 auto;\n}\n", "a,b>c{color :red;margin:0 auto}"),
            (
                "@media screen and (min-width: 40rem) {\n  a { top: calc( 1px + 2px ) !important; }\n}",
                "@media screen and (min-width:40rem){a{top:calc(1px + 2px)!important}}",
            ),
            ("a :hover, a:is( b , c ) [href] {}", "a :hover,a:is(b,c) [href]{}"),
            ("a { --none: ; --list: 1 , 2 }", "a{--none: ;--list:1,2}"),
            ("a/**/.b { margin: 1px/* and */2px; }", "a/**/.b{margin:1px/**/2px}"),
            ("a /* x */ b { }/* end", "a b{}"),
            ("/*! (c) */ a { }", "/*! (c) */ a{}"),
        ] {
            assert_eq!(minified_style_sheet(written), small, "{written}");
        }
    }

    #[test]
    fn what_means_something_stays() {
        for text in [
            "a::after{content:\"  /* no */  \\\"  ;  \"}",
            "a{background:url( a  b.png?x=/*1*/ )}",
            "a{background:URL(\\)  )}",
            ".\\31  2{}",
            ".a\\:b .c\\ d{}",
            "@charset \"utf-8\";a{}",
            "a{width:calc(1px + -2px - 3px)}",
            "é ü{}",
        ] {
            assert_eq!(minified_style_sheet(text), text);
        }
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let once = minified_style_sheet(include_str!("../../static/theme.css"));
        assert_eq!(minified_style_sheet(&once), once);
        assert!(once.len() < include_str!("../../static/theme.css").len());
    }
}
