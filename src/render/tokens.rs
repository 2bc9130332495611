//! Takes the text of a template apart into text and tags, and tags into their first words. Understands no tag.

use super::template_graph::{statement, tag_length};

/// A piece of a template; white space that a tag takes away is gone already.
pub(super) enum Token<'t> {
    Text(&'t str),
    /// The inside of `{{ … }}`.
    Output(&'t str),
    /// The inside of `{% … %}`.
    Statement(&'t str),
}

/// Takes a template apart; none where it holds raw text or a tag does not end.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut trims = false;
    while let Some(at) = next_tag(rest) {
        let (before, tag) = rest.split_at(at);
        let length = match &tag[..2] {
            "{#" => tag[2..].find("#}").map(|end| end + 4),
            "{{" => tag_length(tag, "}}"),
            _ => tag_length(tag, "%}"),
        }?;
        let (inside, after) = (&tag[2..length - 2], &tag[length..]);
        // A comment is no text: what comes behind it is trimmed for the tag before it.
        let still = trims && before.is_empty() && tag.starts_with("{#");
        let before = if trims { before.trim_start() } else { before };
        tokens.push(Token::Text(if inside.starts_with('-') { before.trim_end() } else { before }));
        trims = still || inside.ends_with('-') && inside.len() > 1;
        let inside = inside.strip_prefix('-').unwrap_or(inside);
        // Tera skips a second hyphen before `raw`, and nowhere else.
        if inside.starts_with('-') {
            return None;
        }
        let inside = inside.strip_suffix('-').unwrap_or(inside).trim();
        match &tag[..2] {
            "{{" => tokens.push(Token::Output(inside)),
            "{%" if statement(tag).is_some_and(|(word, _)| word == "raw") => return None,
            "{%" => tokens.push(Token::Statement(inside)),
            _ => {}
        }
        rest = after;
    }
    tokens.push(Token::Text(if trims { rest.trim_start() } else { rest }));
    Some(tokens)
}

/// The word with which the inside of a statement begins, and the rest. A bracket or quote ends a word, too.
pub(super) fn first_word(inside: &str) -> (&str, &str) {
    let is_outside = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let (word, rest) = inside.split_at(inside.find(is_outside).unwrap_or(inside.len()));
    (word, rest.trim_start())
}

/// Where the next tag or comment begins.
fn next_tag(text: &str) -> Option<usize> {
    let is_tag = |at: &usize| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
    text.match_indices('{').map(|(at, _)| at).find(is_tag)
}

/// The text between quotes, where there is nothing else and it means itself.
pub(super) fn quoted(text: &str) -> Option<&str> {
    text.trim().strip_prefix('"')?.strip_suffix('"').filter(|name| !name.contains(['"', '\\']))
}
