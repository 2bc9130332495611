//! Tests of related topics: pins, variety, no orphans, the same result on any number of threads.

use proptest::prelude::*;

use super::*;
use crate::content::{Field, Profile, profile};

/// An article of a test; what is not said is empty.
#[derive(Clone, Debug)]
struct Article {
    tags: Vec<u32>,
    category: Option<u32>,
    terms: Vec<u32>,
    profile: Profile,
    pinned: Vec<u32>,
    excluded: Vec<u32>,
    eligible: bool,
}

fn article(title: &str, body: &str) -> Article {
    Article {
        tags: Vec::new(),
        category: None,
        terms: Vec::new(),
        profile: profile([(Field::Title, title), (Field::Body, body)]),
        pinned: Vec::new(),
        excluded: Vec::new(),
        eligible: true,
    }
}

fn tagged(tags: &[u32]) -> Article {
    Article { tags: tags.to_vec(), ..article("", "") }
}

fn subjects(articles: &[Article]) -> Vec<Subject<'_>> {
    articles.iter().map(subject).collect()
}

fn subject(article: &Article) -> Subject<'_> {
    Subject {
        tags: &article.tags,
        category: article.category,
        terms: &article.terms,
        pinned: &article.pinned,
        excluded: &article.excluded,
        eligible: article.eligible,
    }
}

fn words(articles: &[Article]) -> Features {
    let profiles: Vec<_> = articles.iter().map(|article| article.eligible.then_some(&article.profile)).collect();
    word_vectors(&profiles)
}

fn cards(articles: &[Article], count: usize) -> Vec<Vec<Related>> {
    related(&subjects(articles), words(articles), count)
}

fn shown(cards: &[Related]) -> Vec<u32> {
    cards.iter().map(|card| card.article).collect()
}

#[test]
fn a_site_of_none_or_one_has_no_cards() {
    assert_eq!(cards(&[], 6), Vec::<Vec<Related>>::new());
    assert_eq!(cards(&[article("migraine", "")], 6), [vec![]]);
}

#[test]
fn every_other_article_is_shown_on_a_small_site() {
    let site = vec![article("", ""); 4];
    let found: Vec<Vec<u32>> = cards(&site, 6).iter().map(|cards| shown(cards)).collect();
    assert_eq!(found, [[1, 2, 3], [2, 3, 0], [3, 0, 1], [0, 1, 2]]);
}

#[test]
fn pins_come_first_and_all_of_them() {
    let mut site = vec![article("", ""); 6];
    site[0].pinned = vec![4, 2, 4, 0, 99, 5];
    site[0].excluded = vec![5];
    let found = cards(&site, 3);
    assert_eq!(shown(&found[0]), [4, 2, 1]);
    assert_eq!(found[0].iter().map(|card| card.pinned).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(shown(&cards(&site, 1)[0]), [4, 2]);
    assert_eq!(shown(&cards(&site, 0)[0]), [4, 2]);
    assert!(cards(&site, 0)[1].is_empty());
}

#[test]
fn plain_pages_are_not_shown_and_show_nothing() {
    let mut site = vec![tagged(&[1]); 4];
    site[1].eligible = false;
    site[0].pinned = vec![1];
    let found = cards(&site, 6);
    assert_eq!(shown(&found[0]), [2, 3]);
    assert!(found[1].is_empty());
}

#[test]
fn rare_tags_count_more_and_common_ones_something() {
    let mut site = vec![tagged(&[1]); 8];
    site[0].tags = vec![1, 2];
    site[5].tags = vec![2, 1];
    let found = cards(&site, 7);
    assert_eq!(found[0][0].article, 5);
    let of = |article: u32| found[0].iter().find(|card| card.article == article).map(|card| card.parts.tags);
    assert!(of(5) > of(3) && of(3) > Some(0.0));
    // The only tag of both, but everybody's, is not worth what a rare one is.
    let common = found[3].iter().find(|card| card.article == 4).map(|card| card.parts.tags);
    assert!(common < of(5));
}

#[test]
fn the_same_category_counts() {
    let mut site = vec![article("", ""); 12];
    for odd in [1, 5, 9] {
        site[odd].category = Some(7);
    }
    let found = cards(&site, 3);
    assert_eq!(shown(&found[1])[..2], [5, 9]);
    assert_eq!(found[1][0].parts, Parts { category: found[1][0].parts.category, ..Parts::default() });
    assert!((found[1][0].parts.category - 0.05).abs() < 1e-6);
    assert_eq!(found[0][0].parts.category, 0.0);
}

#[test]
fn a_shared_glossary_term_counts_more_than_a_shared_word() {
    let mut site = vec![
        article("", "femur ankle wrist"),
        article("", "femur elbow thumb"),
        article("", "ankle elbow thumb"),
        article("", "wrist spine skull"),
        article("", "spine skull"),
        article("", "thumb"),
    ];
    site[0].terms = vec![3];
    site[3].terms = vec![3, 3];
    let found = cards(&site, 5);
    assert_eq!(found[0][0].article, 3);
    assert!(found[0][0].parts.glossary > 0.0);
}

#[test]
fn texts_that_say_the_same_are_not_both_shown_while_there_are_others() {
    let migraine = "throbbing one-sided pain with nausea, aura and sensitivity to light";
    let site = [
        article(
            "Headache at work",
            "pain behind the eyes from screens; nausea and light sensitivity point to migraine",
        ),
        article("Migraine with aura", migraine),
        article("Migraine with aura", migraine),
        article("Screens and sore eyes", "dry eyes from screens, pain after work"),
        article("Neck pain at work", "pain in the neck from screens"),
        article("Sleep and work", "shift work and sleep"),
    ];
    let found = cards(&site, 3);
    let twins = |cards: &[Related]| cards.iter().filter(|card| [1, 2].contains(&card.article)).count();
    assert!(found[0].iter().any(|card| [1, 2].contains(&card.article)));
    for cards in [&found[0], &found[3], &found[4], &found[5]] {
        assert!(twins(cards) < 2, "{cards:?}");
    }
    // With room for all, the second of them comes last.
    let all = &cards(&site, 5)[0];
    assert_eq!(all.len(), 5);
    assert_eq!(twins(&all[4..]), 1);
    // A pinned one counts as chosen.
    let mut site = site;
    site[0].pinned = vec![2];
    assert_eq!(twins(&cards(&site, 4)[0]), 1);
}

#[test]
fn a_crowd_of_twins_does_not_hide_the_rest() {
    let tablets = article("Ibuprofen tablets", "take one tablet with water, never more than three, dose, pain");
    let mut site = vec![tablets; 30];
    site.push(article("Pain relief", "water, dose"));
    site.push(article("Tablets", "pain, liver"));
    site.extend((0..90).map(|_| article("", "")));
    for cards in &cards(&site, 3)[..30] {
        assert_eq!(cards[..2].iter().filter(|card| card.article < 30).count(), 1, "{cards:?}");
    }
}

#[test]
fn everybody_is_shown_by_somebody() {
    // One article that all others resemble, and one that nobody does.
    let mut site = vec![tagged(&[1]); 40];
    site[39] = article("", "");
    for count in 1..8 {
        assert_no_orphans(&cards(&site, count));
    }
}

#[track_caller]
fn assert_no_orphans(cards: &[Vec<Related>]) {
    for article in 0..cards.len() as u32 {
        assert!(cards.iter().flatten().any(|card| card.article == article), "nobody shows {article}");
    }
}

#[test]
fn a_tag_that_all_have_costs_no_more_than_others() {
    // All pairs would be sixteen million.
    let site = vec![Article { category: Some(1), terms: vec![5], ..tagged(&[1, 2]) }; 4_000];
    let found = cards(&site, 6);
    assert!(found.iter().all(|cards| cards.len() == 6));
    assert_eq!(shown(&found[3_998]), [3_999, 0, 1, 2, 3, 4]);
}

#[test]
fn health_topics_find_their_own() {
    let site = health_site();
    let found = cards(&site.iter().map(|topic| topic.2.clone()).collect::<Vec<_>>(), 3);
    for ((name, group, _), cards) in site.iter().zip(&found) {
        let (_, first, _) = site[cards[0].article as usize];
        let list: Vec<_> = cards.iter().map(|card| (site[card.article as usize].0, card.parts.total())).collect();
        assert_eq!(*group, first, "{name}: {list:?}");
    }
}

/// Names, groups and texts as an editor would write them, without tags.
fn health_site() -> Vec<(&'static str, &'static str, Article)> {
    let text = include_str!("topics.txt");
    let topic = |paragraph: &'static str| {
        let mut lines = paragraph.lines();
        let (group, title) = lines.next().and_then(|line| line.split_once(": ")).expect("a group and a title");
        (title, group, article(title, &lines.collect::<Vec<_>>().join("\n")))
    };
    text.trim().split("\n\n").map(topic).collect()
}

fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(work)
}

fn any_site() -> impl Strategy<Value = Vec<Article>> {
    prop_oneof![4 => 0usize..12, 4 => 12usize..60, 1 => 300usize..600].prop_flat_map(|n| {
        let numbers = |most: u32, len| prop::collection::vec(0..most, 0..len);
        let places = move || prop_oneof![6 => Just(Vec::new()), 1 => prop::collection::vec(0..n as u32 + 2, 0..4)];
        let words = prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..14);
        let article = (numbers(9, 4), prop::option::of(0..4u32), numbers(12, 5), words, places(), places(), 0..9u8);
        let made = article.prop_map(|(tags, category, terms, words, pinned, excluded, page)| {
            let profile = profile([(Field::Body, words.join(" ").as_str())]);
            Article { tags, category, terms, profile, pinned, excluded, eligible: page > 0 }
        });
        prop::collection::vec(made, n)
    })
}

const WORDS: [&str; 40] = [
    "liver", "kidney", "heart", "lung", "spleen", "brain", "nerve", "muscle", "bone", "skin", "fever", "cough", "rash",
    "pain", "itch", "nausea", "cramp", "swelling", "tremor", "fatigue", "tablet", "cream", "inhaler", "insulin",
    "surgery", "scan", "vaccine", "therapy", "diet", "sleep", "knee", "hip", "ankle", "elbow", "wrist", "thumb",
    "spine", "skull", "pelvis", "rib",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn cards_keep_the_rules(site in any_site(), count in 0usize..8) {
        let found = cards(&site, count);
        prop_assert_eq!(found.len(), site.len());
        for (article, (of, cards)) in (0u32..).zip(site.iter().zip(&found)) {
            let may_show = |other: u32| {
                other != article && !of.excluded.contains(&other) && site.get(other as usize).is_some_and(|a| a.eligible)
            };
            let candidates = (0..site.len() as u32).filter(|other| of.eligible && may_show(*other)).count();
            let mut pins: Vec<u32> = Vec::new();
            for pin in of.pinned.iter().filter(|pin| of.eligible && may_show(**pin)) {
                if !pins.contains(pin) {
                    pins.push(*pin);
                }
            }
            prop_assert_eq!(cards.len(), count.min(candidates).max(pins.len()));
            prop_assert_eq!(&shown(cards)[..pins.len()], &pins[..]);
            for (place, card) in cards.iter().enumerate() {
                prop_assert!(may_show(card.article));
                prop_assert_eq!(card.pinned, place < pins.len());
                prop_assert!(!shown(&cards[..place]).contains(&card.article));
                let Parts { tags, category, text, glossary } = card.parts;
                prop_assert!([tags, category, text, glossary].iter().all(|part| *part >= 0.0));
                prop_assert!(card.parts.total() <= 1.0);
            }
        }
    }

    #[test]
    fn likeness_goes_both_ways(site in any_site()) {
        let found = cards(&site, 6);
        for (article, cards) in (0u32..).zip(&found) {
            for card in cards {
                if let Some(back) = found[card.article as usize].iter().find(|back| back.article == article) {
                    prop_assert_eq!(back.parts, card.parts);
                }
            }
        }
    }

    #[test]
    fn cards_are_in_the_order_of_their_score(site in any_site(), count in 1usize..8) {
        let found = cards(&site, count);
        let index = Index::new(&subjects(&site), words(&site));
        let mut scratch = Scratch::new(&index);
        for cards in &found {
            // The last place may have been given to an orphan.
            let Some((_, cards)) = cards.split_last() else { continue };
            for (place, pair) in cards.windows(2).enumerate() {
                let expected = pair[0].pinned
                    || pair[0].parts.total() >= pair[1].parts.total()
                    || is_twin(&index, &cards[..place], pair[0].article, &mut scratch);
                let twin = is_twin(&index, &cards[..=place], pair[1].article, &mut scratch);
                prop_assert!(expected || twin, "{:?}", cards);
            }
        }
    }

    #[test]
    fn no_orphans_where_no_author_interferes(mut site in any_site(), count in 1usize..8) {
        for article in &mut site {
            (article.pinned, article.excluded, article.eligible) = (Vec::new(), Vec::new(), true);
        }
        if site.len() > 1 {
            assert_no_orphans(&cards(&site, count));
        }
    }

    #[test]
    fn one_thread_finds_what_four_find(site in any_site(), count in 0usize..8) {
        let one = in_pool(1, || cards(&site, count));
        let four = in_pool(4, || cards(&site, count));
        prop_assert_eq!(one, four);
    }
}
