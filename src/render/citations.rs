//! What pages show of a citation, made once for all that cite alike; never looks a source up.

use std::sync::OnceLock;

use crate::page::{citation_anchor, source_anchor};
use crate::project::{Labels, escape};

/// Numbers of sources that many articles have; what lies beyond is made anew each time.
const NUMBERS: u32 = 12;

/// Citations of one source that many articles have.
const USES: u32 = 3;

/// Something for each number of a source and each of its citations; there is no room for it before it is asked for.
#[derive(Debug)]
pub(super) struct Cited<T>(OnceLock<Box<[OnceLock<T>]>>);

impl<T> Default for Cited<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Cited<T> {
    /// Where it is kept, unless few articles have so many; both count from one.
    pub(super) fn cell(&self, number: u32, uses: u32) -> Option<&OnceLock<T>> {
        let is_kept = (1..=NUMBERS).contains(&number) && (1..=USES).contains(&uses);
        let cells = || std::iter::repeat_with(OnceLock::new).take((NUMBERS * USES) as usize).collect();
        is_kept.then(|| &self.0.get_or_init(cells)[((number - 1) * USES + uses - 1) as usize])
    }
}

/// The marker of the nth citation of a source.
pub(super) fn marker(labels: &Labels, number: u32, used: u32) -> String {
    let label = escape(&labels.source_number).replace("{number}", &number.to_string());
    let (marker, source) = (citation_anchor(number, used), source_anchor(number));
    format!(
        "<sup class=\"citation\"><a id=\"{marker}\" href=\"#{source}\" role=\"doc-noteref\" aria-label=\"{label}\">[{number}]</a></sup>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_and_use_has_its_own_place() {
        let cited = Cited::default();
        for (number, uses) in (1..=NUMBERS).flat_map(|number| (1..=USES).map(move |uses| (number, uses))) {
            let cell = cited.cell(number, uses).expect("it is kept");
            assert_eq!(cell.set((number, uses)), Ok(()));
        }
        assert_eq!(cited.cell(2, 1).and_then(OnceLock::get), Some(&(2, 1)));
        for (number, uses) in [(0, 1), (1, 0), (NUMBERS + 1, 1), (1, USES + 1)] {
            assert!(cited.cell(number, uses).is_none());
        }
    }
}
