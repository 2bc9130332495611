//! The point of a picture that must stay in view where only a part of it is shown: `focus = "left"`, `focus = "30% 20%"`.
//! Cuts nothing itself.

use crate::project::{Code, Diagnostic, Table};

/// A point, in hundredths of the width from the left and of the height from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Focus {
    pub across: u8,
    pub down: u8,
}

impl Default for Focus {
    fn default() -> Self {
        Self { across: 50, down: 50 }
    }
}

/// Reads a focus; the middle where none is written.
pub(super) fn focus(table: &mut Table<'_, '_, '_>, key: &'static str) -> Focus {
    let Some(text) = table.text(key) else { return Focus::default() };
    parse(&text.value).unwrap_or_else(|| {
        let message = format!("`{}` names no point of a picture", text.value);
        table.report(Diagnostic::new(Code::InvalidValue, text.span, message).help(format!(
            "write where its subject is: `{key} = \"top\"`, `\"bottom left\"`, or `\"30% 20%\"` from the left and from the top"
        )));
        Focus::default()
    })
}

/// One or two of the words, or two percentages.
fn parse(text: &str) -> Option<Focus> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let percent = |word: &str| word.strip_suffix('%')?.parse::<u8>().ok().filter(|number| *number <= 100);
    if let [across, down] = words[..]
        && let (Some(across), Some(down)) = (percent(across), percent(down))
    {
        return Some(Focus { across, down });
    }
    let (mut across, mut down) = (None, None);
    for word in &words {
        let (axis, value) = match *word {
            "left" => (&mut across, 0),
            "right" => (&mut across, 100),
            "top" => (&mut down, 0),
            "bottom" => (&mut down, 100),
            "center" | "centre" | "middle" => continue,
            _ => return None,
        };
        if axis.replace(value).is_some() {
            return None;
        }
    }
    let is_named = (1..=2).contains(&words.len());
    is_named.then(|| Focus { across: across.unwrap_or(50), down: down.unwrap_or(50) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_percentages_name_a_point() {
        let point = |text: &str| parse(text).map(|focus| (focus.across, focus.down));
        assert_eq!(point("top"), Some((50, 0)));
        assert_eq!(point("bottom left"), Some((0, 100)));
        assert_eq!(point("left center"), Some((0, 50)));
        assert_eq!(point("30% 20%"), Some((30, 20)));
        for nonsense in ["", "left right", "top top", "30%", "101% 0%", "-1% 0%", "a b", "left left center", "1 2"] {
            assert_eq!(point(nonsense), None, "{nonsense}");
        }
    }
}
