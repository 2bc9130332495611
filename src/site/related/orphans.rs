//! Sees to it that every article is shown by some other one; it takes no place that an author gave.

use super::candidates::{Scratch, find_candidates, in_parallel, parts};
use super::index::Index;
use super::{Related, Subject, is_twin};

/// Gives each article that nobody shows the last place of the article most like it, if what stood
/// there is also shown elsewhere. Where no place may be taken (pins, exclusions, a site of one),
/// the article stays without.
pub(super) fn adopt(subjects: &[Subject<'_>], index: &Index, order: &[u32], count: usize, cards: &mut [Vec<Related>]) {
    let mut shown = vec![0u32; subjects.len()];
    for card in cards.iter().flatten() {
        shown[card.article as usize] += 1;
    }
    let is_orphan = |article: &u32| subjects[*article as usize].eligible && shown[*article as usize] == 0;
    let orphans: Vec<u32> = order.iter().copied().filter(is_orphan).collect();
    let orphans = with_likely_hosts(index, count, &orphans);
    let mut scratch = Scratch::new(index);
    let mut first = 0;
    for (orphan, hosts) in orphans {
        let can_host = |host: u32| may_take(cards, &shown, host) && !subjects[host as usize].excluded.contains(&orphan);
        let mut repeats = |host: u32| repeats(index, &cards[host as usize], orphan, &mut scratch);
        let likely = hosts.into_iter().find(|host| can_host(host.article) && !repeats(host.article));
        let host = likely.or_else(|| {
            // No place before this one can be taken any more, by anybody.
            first = (first..index.articles() as u32)
                .find(|host| may_take(cards, &shown, *host))
                .unwrap_or(index.articles() as u32);
            let mut hosts = first..index.articles() as u32;
            let article = hosts.find(|host| *host != orphan && can_host(*host))?;
            let parts = parts(index, article, orphan, &mut scratch);
            Some(Related { article, pinned: false, parts })
        });
        if let Some(host) = host {
            take_place(cards, &mut shown, host, orphan);
        }
    }
}

/// Each orphan, by the order of the site, with the articles most like it. Likeness goes both ways,
/// so the scores hold for the orphan on their cards as well.
fn with_likely_hosts(index: &Index, count: usize, orphans: &[u32]) -> Vec<(u32, Vec<Related>)> {
    let mut found = in_parallel(index, orphans, |scratch, orphan| {
        find_candidates(index, orphan, [&[]; 2], 2 * count + 4, scratch);
        (orphan, scratch.found.iter().map(|(_, related)| *related).collect())
    });
    found.sort_unstable_by_key(|(orphan, _)| *orphan);
    found
}

/// Whether the last place of `host` is free to give: not pinned, and its article shown elsewhere
/// too. Once it is not, it never will be again: adoption only ever takes showings away from
/// articles shown twice.
fn may_take(cards: &[Vec<Related>], shown: &[u32], host: u32) -> bool {
    cards[host as usize].last().is_some_and(|last| !last.pinned && shown[last.article as usize] > 1)
}

/// Whether `orphan` says the same as one of the cards that its host would keep.
fn repeats(index: &Index, cards: &[Related], orphan: u32, scratch: &mut Scratch) -> bool {
    cards.split_last().is_some_and(|(_, kept)| is_twin(index, kept, orphan, scratch))
}

fn take_place(cards: &mut [Vec<Related>], shown: &mut [u32], host: Related, orphan: u32) {
    if let Some(last) = cards[host.article as usize].last_mut() {
        shown[last.article as usize] -= 1;
        shown[orphan as usize] += 1;
        *last = Related { article: orphan, pinned: false, parts: host.parts };
    }
}
