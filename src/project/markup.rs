//! The one place that escapes text, attributes and URLs for HTML; never decides what may be shown.

use std::borrow::Cow;
use std::convert::Infallible;
use std::io;

use super::bytes::{Hits, Lanes, first_of};

/// The bytes that must not stand in HTML as they are.
fn is_special(lanes: Lanes) -> Hits {
    is_special_in_text(lanes) | lanes.is(b'"') | lanes.is(b'\'')
}

/// Hands `text` to `write` piece by piece, safe as element text and inside a quoted attribute.
fn escape_to<E>(text: &str, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let mut rest = text;
    while let Some(at) = first_of(rest.as_bytes(), is_special) {
        write(&rest[..at])?;
        write(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => "\u{fffd}",
        })?;
        rest = &rest[at + 1..];
    }
    write(rest)
}

/// Appends `text`, safe as element text and inside a quoted attribute.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    let Ok(()) = escape_to(text, |piece| {
        out.push_str(piece);
        Ok::<_, Infallible>(())
    });
}

/// Writes `text`, safe as element text and inside a quoted attribute.
///
/// # Errors
/// When `out` refuses.
pub(crate) fn write_escaped<W: io::Write + ?Sized>(text: &str, out: &mut W) -> io::Result<()> {
    escape_to(text, |piece| out.write_all(piece.as_bytes()))
}

/// `text`, safe as element text and inside a quoted attribute.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if first_of(text.as_bytes(), is_special).is_some() {
        let mut out = String::with_capacity(text.len() + 16);
        escape_into(&mut out, text);
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// The bytes that must not stand in element text as they are.
pub(crate) fn is_special_in_text(lanes: Lanes) -> Hits {
    lanes.is(b'&') | lanes.is(b'<') | lanes.is(b'>') | lanes.is(0)
}

/// Appends `text` as element text: quotes stay as they are, which keeps prose readable in the source.
pub(crate) fn escape_text_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = first_of(rest.as_bytes(), is_special_in_text) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            // What CommonMark asks for. <https://spec.commonmark.org/0.31.2/#insecure-characters>
            _ => "\u{fffd}",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Appends a URL for a double-quoted attribute: bytes that a URL cannot hold are percent-encoded, `&` and `'` escaped.
///
/// The set of bytes kept is pulldown-cmark's, so that links in Markdown come out as CommonMark's examples expect.
pub(crate) fn escape_url_into(out: &mut String, url: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in url.as_bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#x27;"),
            b'!'
            | b'#'
            | b'$'
            | b'%'
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b'-'
            | b'.'
            | b'/'
            | b':'
            | b';'
            | b'='
            | b'?'
            | b'@'
            | b'_'
            | b'~'
            | b'0'..=b'9'
            | b'A'..=b'Z'
            | b'a'..=b'z' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

/// Appends `text` as the inside of a JSON string that is safe in a `<script>` element: no `<`, `>`, `&` and no line
/// separators stay as they are. <https://www.rfc-editor.org/rfc/rfc8259#section-7>
pub(crate) fn escape_json_into(out: &mut String, text: &str) {
    // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
    let is_special = |lanes: Lanes| {
        lanes.is_within(0..=0x1f) | lanes.is(b'"') | lanes.is(b'\\') | is_special_in_text(lanes) | lanes.is(0xe2)
    };
    let mut rest = text;
    while let Some(at) = first_of(rest.as_bytes(), is_special) {
        let (before, after) = rest.split_at(at);
        let character = after.chars().next().unwrap_or_default();
        out.push_str(before);
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..'\u{80}' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => out.push(other),
        }
        rest = &after[character.len_utf8()..];
    }
    out.push_str(rest);
}

/// What a link destination is, judged as a browser would: after control characters and case were dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// No scheme: a path, a query or a fragment of this site.
    None,
    /// A scheme that only leads somewhere: http, https, mailto, tel, sms.
    Safe,
    /// Anything else, `javascript:` and `data:` among them.
    Unsafe,
}

/// Judges a destination's scheme as the WHATWG URL parser finds it: leading control characters and spaces
/// and every tab and newline are passed over, letters compare without case. <https://url.spec.whatwg.org/#url-parsing>
pub(crate) fn scheme(destination: &str) -> Scheme {
    let mut name = String::new();
    for character in destination.trim_start_matches(|c: char| c <= ' ').chars() {
        match character {
            '\t' | '\n' | '\r' => {}
            ':' if !name.is_empty() => {
                return match name.as_str() {
                    "http" | "https" | "mailto" | "tel" | "sms" => Scheme::Safe,
                    _ => Scheme::Unsafe,
                };
            }
            'a'..='z' | 'A'..='Z' => name.push(character.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !name.is_empty() => name.push(character),
            // A byte no scheme can hold: what follows is a path. Controls are refused, since parsers differ on them.
            c if c.is_control() => return Scheme::Unsafe,
            _ => return Scheme::None,
        }
    }
    Scheme::None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_judged_as_a_browser_would() {
        for unsafe_one in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            " \u{1}javascript:x",
            "java\tscript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc",
            "java\u{0}script:x",
        ] {
            assert_eq!(scheme(unsafe_one), Scheme::Unsafe, "{unsafe_one:?}");
        }
        for safe in ["https://a.example", "HTTP://a", "mailto:a@b", "tel:999"] {
            assert_eq!(scheme(safe), Scheme::Safe, "{safe:?}");
        }
        for local in ["/a:b", "a/b:c", "#javascript:", "?a:b", "../a.md", "1:2", ""] {
            assert_eq!(scheme(local), Scheme::None, "{local:?}");
        }
    }

    #[test]
    fn json_cannot_leave_its_script() {
        let mut out = String::new();
        escape_json_into(&mut out, "\"</script>&\u{2028}é\n\\");
        assert_eq!(out, "\\\"\\u003c/script\\u003e\\u0026\\u2028é\\u000a\\\\");
    }
}
