//! "Did you mean": the nearest known name to one that is not known; never guesses when nothing is near.

/// The known name nearest to `written`, if it is near enough to be a slip of the pen.
///
/// Distance is Damerau–Levenshtein (strsim), at most a third of the longer name's length.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written_lower = written.to_lowercase();
    known
        .into_iter()
        .map(|name| (distance(&written_lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= allowed(written, name))
        .min()
        .map(|(_, name)| name)
}

/// A help sentence with the nearest known name, if there is one.
pub(crate) fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(|name| format!("did you mean `{name}`?"))
}

fn distance(a: &str, b: &str) -> usize {
    // Names far apart in length are never near; skipping them keeps large sites quick.
    if a.len().abs_diff(b.len()) > a.len().max(b.len()) / 3 + 1 {
        return usize::MAX;
    }
    strsim::damerau_levenshtein(a, b)
}

fn allowed(a: &str, b: &str) -> usize {
    (a.chars().count().max(b.chars().count()) / 3).max(1)
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
    }
}
