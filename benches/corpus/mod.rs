//! Writes a site of any number of articles, the same one for the same number and seed. Measures nothing.
//!
//! Words follow Zipf's law over a made-up vocabulary with medical words in it, and each article has a topic of its own, so
//! that no two are alike and related topics have something to find.

pub(crate) mod hugo;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

/// SplitMix64: small, fast, the same everywhere. <https://prng.di.unimi.it/splitmix64.c>
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A rank below `bound`, small ones far more often than large ones (Zipf with exponent 1, by inversion).
    fn zipf(&mut self, bound: usize) -> usize {
        let rank = ((bound as f64 + 1.0).ln() * self.unit()).exp() as usize;
        (rank.max(1) - 1).min(bound - 1)
    }
}

const SECTIONS: usize = 10;
const PEOPLE: usize = 40;
const TAGS: usize = 60;
const CATEGORIES: usize = 8;
const TERMS: usize = 200;
const SOURCES: usize = 50;
const WORDS: usize = 20_000;
/// Words of its own that each article uses often.
const TOPIC_WORDS: usize = 12;

const MEDICAL: [&str; 40] = [
    "artery",
    "vein",
    "muscle",
    "tendon",
    "joint",
    "cartilage",
    "nerve",
    "kidney",
    "liver",
    "stomach",
    "bowel",
    "lung",
    "heart",
    "blood",
    "pressure",
    "sugar",
    "iron",
    "vitamin",
    "infection",
    "fever",
    "cough",
    "rash",
    "swelling",
    "pain",
    "headache",
    "dizziness",
    "tiredness",
    "sleep",
    "breathing",
    "exercise",
    "stretching",
    "tablet",
    "dose",
    "surgery",
    "physiotherapy",
    "ultrasound",
    "diagnosis",
    "symptom",
    "treatment",
    "prevention",
];

const SYLLABLES: [&str; 32] = [
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta", "ve", "wi", "xo",
    "zu", "bran", "cel", "dor", "fen", "gal", "hem", "lin", "mor", "nel", "pas", "ren", "tor",
];

fn vocabulary() -> Vec<String> {
    let mut random = Random::new(7);
    let mut words: Vec<String> = [
        "the", "of", "and", "to", "in", "is", "that", "for", "it", "with", "as", "on", "be", "your", "you", "may",
        "can", "or", "a", "not",
    ]
    .map(str::to_owned)
    .to_vec();
    words.extend(MEDICAL.map(str::to_owned));
    let mut known: HashSet<String> = words.iter().cloned().collect();
    while words.len() < WORDS {
        let syllables = 2 + random.below(3);
        let word: String = (0..syllables).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect();
        if known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// Writes a site of `articles` articles into `root`, which must not exist. `settings` is added to its site.toml.
pub(crate) fn write_site(root: &Path, articles: usize, settings: &str) -> io::Result<()> {
    let words = vocabulary();
    fs::create_dir_all(root)?;
    fs::write(root.join("site.toml"), site_toml(settings))?;
    write_data(root, &words)?;
    for section in 0..SECTIONS {
        let folder = root.join(format!("articles/section-{section}"));
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join("_section.md"),
            format!(
                "+++\ntitle = \"Section {section}\"\ndescription = \"Articles of section {section}.\"\nkind = \"guide\"\n+++\n"
            ),
        )?;
    }
    (0..articles)
        .into_par_iter()
        .try_for_each(|index| fs::write(root.join(article_path(index)), article(index, articles, &words)))
}

fn site_toml(settings: &str) -> String {
    format!(
        "title = \"Benchmark\"\nbase_url = \"https://bench.example\"\ndescription = \"A generated site.\"\ncountry = \"GB\"\n{settings}\n"
    )
}

fn write_data(root: &Path, words: &[String]) -> io::Result<()> {
    let mut random = Random::new(11);
    fs::create_dir_all(root.join("data/people"))?;
    fs::create_dir_all(root.join("data/glossary/words"))?;
    for person in 0..PEOPLE {
        let reviews = person % 2 == 1;
        let text = format!(
            "+++\ngiven = \"Person\"\nfamily = \"Number{person}\"\ncredentials = [\"MD\"]\nrole = \"Writer\"\nspecialties = [\"tag-{}\"]\ncountry = \"United Kingdom\"\npractising_since = {}\nreviews = {reviews}\nexpert = {reviews}\n+++\n\n{}\n",
            person % TAGS,
            1980 + person,
            sentence(&mut random, words, &[], 30)
        );
        fs::write(root.join(format!("data/people/person-{person}.md")), text)?;
    }
    for term in 0..TERMS {
        // Rare words make terms: an article mentions some three of them.
        let title = &words[2_000 + term * 80];
        let text = format!(
            "+++\ntitle = \"{title}\"\nsynonyms = [\"{}\"]\ndescription = \"{}\"\n+++\n\n{}\n",
            other_name(words, term),
            sentence(&mut random, words, &[], 12),
            sentence(&mut random, words, &[], 60)
        );
        fs::write(root.join(format!("data/glossary/words/term-{term}.md")), text)?;
    }
    let tag = |tag: usize| {
        format!("[tag-{tag}]\ntitle = \"Tag {tag}\"\nsynonyms = [\"{}\"]\n", other_name(words, TERMS + tag))
    };
    let tags: String = (0..TAGS).map(tag).collect();
    fs::write(root.join("data/tags.toml"), tags)?;
    let categories: String =
        (0..CATEGORIES).map(|category| format!("[category-{category}]\ntitle = \"Category {category}\"\n")).collect();
    fs::write(root.join("data/categories.toml"), categories)?;
    let sources: String = (0..SOURCES).map(|source| format!("[source-{source}]\ntitle = \"Source {source}\"\npublisher = \"Publisher\"\nurl = \"https://source.example/{source}\"\n")).collect();
    fs::write(root.join("data/sources.toml"), sources)?;
    fs::write(
        root.join("data/emergency.toml"),
        "[GB]\nnumbers = [{ label = \"Emergency services\", number = \"999\" }]\n",
    )
}

/// What else something is called, in two words of which one is common and the other is not.
fn other_name(words: &[String], number: usize) -> String {
    format!("{} {}", words[60 + number * 7 % 500], words[12_000 + number * 11])
}

/// Where an article lies, from the root of its site.
pub(crate) fn article_path(index: usize) -> String {
    format!("articles/section-{}/article-{index}.md", index % SECTIONS)
}

fn sentence(random: &mut Random, words: &[String], topic: &[usize], length: usize) -> String {
    let mut text = String::new();
    for position in 0..length {
        let word = if !topic.is_empty() && random.below(6) == 0 {
            &words[topic[random.below(topic.len())]]
        } else {
            &words[random.zipf(words.len())]
        };
        if position > 0 {
            text.push(' ');
        }
        if position % 14 == 0 {
            text.extend(word[..1].chars().map(|c| c.to_ascii_uppercase()));
            text.push_str(&word[1..]);
        } else {
            text.push_str(word);
        }
        if position % 14 == 13 && position + 1 < length {
            text.push('.');
        }
    }
    text.push('.');
    text
}

/// One article of 900 to 1,400 words.
pub(crate) fn article(index: usize, articles: usize, words: &[String]) -> String {
    let mut random = Random::new(0xa17_1c1e ^ (index as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
    let topic: Vec<usize> = (0..TOPIC_WORDS).map(|_| 60 + random.below(words.len() - 60)).collect();
    let author = random.below(PEOPLE / 2) * 2;
    let reviewer = random.below(PEOPLE / 2) * 2 + 1;
    let mut tags: Vec<usize> = (0..3).map(|_| random.zipf(TAGS)).collect();
    tags.sort_unstable();
    tags.dedup();
    let tags: Vec<String> = tags.into_iter().map(|tag| format!("\"tag-{tag}\"")).collect();
    let month = 1 + random.below(12);
    let day = 1 + random.below(28);
    let mut text = String::with_capacity(12 << 10);
    let _ = write!(
        text,
        "+++\ntitle = \"{} {} {index}\"\ndescription = \"{}\"\nauthor = \"person-{author}\"\nreviewer = \"person-{reviewer}\"\ncategory = \"category-{}\"\ntags = [{}]\npublished = 2025-{month:02}-{day:02}\nreviewed = 2026-01-{day:02}\ntakeaways = [\"{}\", \"{}\", \"{}\"]\n",
        words[topic[0]],
        words[topic[1]],
        sentence(&mut random, words, &topic, 14),
        random.below(CATEGORIES),
        tags.join(", "),
        sentence(&mut random, words, &topic, 10),
        sentence(&mut random, words, &topic, 10),
        sentence(&mut random, words, &topic, 10),
    );
    for _ in 0..4 {
        let question = sentence(&mut random, words, &topic, 8);
        let _ = write!(
            text,
            "\n[[faq]]\nquestion = \"{}?\"\nanswer = \"\"\"{}\"\"\"\n",
            question.trim_end_matches('.'),
            sentence(&mut random, words, &topic, 40)
        );
    }
    text.push_str("+++\n\n");
    body(&mut text, index, articles, words, &topic, &mut random);
    text
}

fn body(text: &mut String, index: usize, articles: usize, words: &[String], topic: &[usize], random: &mut Random) {
    let _ = writeln!(text, "{}", sentence(random, words, topic, 45));
    let headings = 6 + random.below(3);
    for heading in 0..headings {
        let level = if heading % 3 == 2 { "###" } else { "##" };
        let title = sentence(random, words, topic, 4);
        let _ = write!(text, "\n{level} {} {heading}\n\n", title.trim_end_matches('.'));
        for paragraph in 0..2 {
            let length = 40 + random.below(25);
            let prose = sentence(random, words, topic, length);
            let other = (index + 1 + random.below(articles.max(2) - 1)) % articles;
            match (heading + paragraph) % 4 {
                0 => {
                    let _ = write!(
                        text,
                        "{prose} See [another article](../section-{}/article-{other}.md) and *think*.\n\n",
                        other % SECTIONS
                    );
                }
                1 => {
                    let _ = write!(text, "{prose} That is **known**[^source-{}].\n\n", random.below(SOURCES));
                }
                _ => {
                    let _ = write!(text, "{prose}\n\n");
                }
            }
        }
        match heading {
            1 => {
                for _ in 0..4 {
                    let _ = writeln!(text, "- {}", sentence(random, words, topic, 9));
                }
            }
            3 => {
                text.push_str("| Sign | Meaning |\n|---|---|\n");
                for _ in 0..4 {
                    let _ = writeln!(
                        text,
                        "| {} | {} |",
                        sentence(random, words, topic, 3),
                        sentence(random, words, topic, 6)
                    );
                }
            }
            4 => {
                text.push_str("> [!URGENT] Ask for advice today if\n");
                for _ in 0..3 {
                    let _ = writeln!(text, "> - {}", sentence(random, words, topic, 8));
                }
            }
            _ => {}
        }
    }
}
