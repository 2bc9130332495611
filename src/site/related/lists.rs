//! A sparse matrix: what the index keeps of a whole site, without an allocation for each article.
//! It knows nothing of articles.

use std::ops::Range;

/// A list of `(number, weight)` for each row, in the order of numbers: a sparse matrix.
pub(super) struct Lists {
    /// Where each list starts, and where the last one ends.
    starts: Vec<u32>,
    pub(super) entries: Vec<(u32, f32)>,
}

impl Lists {
    pub(super) fn new() -> Self {
        Self { starts: vec![0], entries: Vec::new() }
    }

    /// Ends a list that was appended to `entries`.
    pub(super) fn end_list(&mut self) {
        self.starts.push(self.entries.len() as u32);
    }

    pub(super) fn get(&self, row: u32) -> &[(u32, f32)] {
        &self.entries[self.range(row)]
    }

    pub(super) fn range(&self, row: u32) -> Range<usize> {
        self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize
    }

    pub(super) fn rows(&self) -> Range<u32> {
        0..self.starts.len() as u32 - 1
    }

    /// Rows become columns: from the features of articles, the articles of `columns` features.
    pub(super) fn transposed(&self, columns: u32) -> Self {
        let mut starts = vec![0; columns as usize + 1];
        for (column, _) in &self.entries {
            starts[*column as usize + 1] += 1;
        }
        for column in 0..columns as usize {
            starts[column + 1] += starts[column];
        }
        let (mut next, mut entries) = (starts.clone(), vec![(0, 0.0); self.entries.len()]);
        for row in self.rows() {
            for (column, weight) in self.get(row) {
                let place = &mut next[*column as usize];
                entries[*place as usize] = (row, *weight);
                *place += 1;
            }
        }
        Self { starts, entries }
    }

    /// Puts lists that were made apart below each other.
    pub(super) fn joined(parts: &[Self]) -> Self {
        let mut all = Self::new();
        all.starts.reserve_exact(parts.iter().map(|part| part.starts.len()).sum());
        all.entries.reserve_exact(parts.iter().map(|part| part.entries.len()).sum());
        for part in parts {
            let base = all.entries.len() as u32;
            all.starts.extend(part.starts.iter().skip(1).map(|start| base + start));
            all.entries.extend_from_slice(&part.entries);
        }
        all
    }
}
