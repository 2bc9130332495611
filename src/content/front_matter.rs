//! The TOML head of an article: every key of the contract, typed. Never looks an id up: that is linking.

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::focus::{Focus, focus};
use crate::project::{
    Address, Code, Diagnostic, Located, Span, Table, check_slug, proposed_address, proposed_slug, web_address,
};

/// Everything an article's front matter may say.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrontMatter {
    pub title: Option<Located<String>>,
    pub description: Option<Located<String>>,
    pub short_title: Option<String>,
    pub seo_title: Option<String>,
    pub authors: Vec<Located<String>>,
    pub reviewers: Vec<Located<String>>,
    pub category: Option<Located<String>>,
    pub tags: Vec<Located<String>>,
    pub kind: Option<Located<String>>,
    pub published: Option<Located<Date>>,
    pub updated: Option<Located<Date>>,
    pub reviewed: Option<Located<Date>>,
    pub next_review: Option<Located<Date>>,
    pub expires: Option<Located<Date>>,
    pub draft: bool,
    pub withdrawn: Option<Withdrawn>,
    pub slug: Option<Located<String>>,
    pub noindex: bool,
    pub aliases: Vec<Located<Address>>,
    /// As written, until the document has parsed them.
    pub takeaways: Vec<Located<String>>,
    pub related: Vec<Located<String>>,
    pub unrelated: Vec<Located<String>>,
    pub about: Option<About>,
    pub no_glossary: bool,
    pub extra: Option<toml::Value>,
    pub image: Option<Image>,
    /// As written, until the document has parsed them.
    pub faq: Vec<RawFaq>,
    pub sources: Vec<Citable>,
    pub history: Vec<Change>,
    /// Those of [`MISSED`] that are written and could not be read, so that nobody calls them missing.
    pub unknown: Vec<&'static str>,
}

/// The keys that some rule misses where they are absent.
const MISSED: [&str; 5] = ["title", "description", "author", "reviewer", "reviewed"];

/// `withdrawn = { date, reason }`.
#[derive(Clone, Debug)]
pub(crate) struct Withdrawn {
    /// From this day the article is gone; without one, at once.
    pub date: Option<Date>,
    pub reason: String,
}

/// `about = { type, name, codes }`: the schema.org entity that the article is about.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub kind: String,
    pub name: String,
    /// Coding system and code: `("ICD-10", "M79.6")`.
    pub codes: Vec<(String, String)>,
}

/// `[image]`: the hero picture.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub src: Located<String>,
    pub alt: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
    /// What must not be cut off where only a part is shown.
    pub focus: Focus,
}

/// `[[faq]]` as written.
#[derive(Clone, Debug)]
pub(crate) struct RawFaq {
    pub question: Option<Located<String>>,
    pub answer: Option<Located<String>>,
    /// Whether an answer is written that could not be read.
    pub answer_is_unknown: bool,
    pub span: Span,
}

/// Something that can be cited: `[[source]]`, or an entry of `data/sources.toml`.
#[derive(Clone, Debug)]
pub(crate) struct Citable {
    pub id: Located<String>,
    pub title: String,
    pub publisher: Option<String>,
    pub url: Option<String>,
    pub published: Option<Date>,
    pub accessed: Option<Date>,
}

/// `[[history]]`: one public change.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub date: Option<Date>,
    pub kind: ChangeKind,
    pub note: String,
}

/// What a change was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Clinical,
    Correction,
    Editorial,
    Links,
}

impl FrontMatter {
    /// Whether a key that has no value is absent, rather than written in a way that could not be read.
    pub(crate) fn may_lack(&self, key: &str) -> bool {
        !self.unknown.contains(&key)
    }
}

/// Reads the keys of an article.
pub(crate) fn article(table: &mut Table<'_, '_, '_>) -> FrontMatter {
    FrontMatter {
        title: filled(table, "title"),
        description: filled(table, "description"),
        short_title: table.line("short_title").map(|text| text.value),
        seo_title: table.line("seo_title").map(|text| text.value),
        authors: table.text_or_texts("author"),
        reviewers: table.text_or_texts("reviewer"),
        category: table.text("category"),
        tags: unique(table.texts("tags")),
        kind: table.text("kind"),
        published: table.date("published"),
        updated: table.date("updated"),
        reviewed: table.date("reviewed"),
        next_review: table.date("next_review"),
        expires: table.date("expires"),
        draft: table.boolean("draft").unwrap_or(false),
        withdrawn: table.short_table("withdrawn", "{ date = 2026-01-31, reason = \"…\" }", withdrawn),
        slug: slug(table),
        noindex: table.boolean("noindex").unwrap_or(false),
        aliases: aliases(table),
        takeaways: table.texts("takeaways"),
        related: unique(table.texts("related")),
        unrelated: table.texts("unrelated"),
        about: table.short_table("about", "{ type = \"MedicalSymptom\", name = \"Leg pain\" }", about).flatten(),
        no_glossary: !table.boolean("glossary").unwrap_or(true),
        extra: {
            // `seal` is the business of `galen review`; here it only has to be of the right type.
            table.text("seal");
            table.any("extra")
        },
        image: table.table("image", image).flatten(),
        faq: table.tables("faq", faq),
        sources: sources(table),
        history: table.tables("history", change),
        unknown: MISSED.into_iter().filter(|key| table.is_unknown(key)).collect(),
    }
}

/// A source without an id cannot be cited.
fn sources(table: &mut Table<'_, '_, '_>) -> Vec<Citable> {
    let sources = table.tables("source", |t| {
        let id = required(t, "id", "who-2024");
        citable(t, id)
    });
    sources.into_iter().filter(|source| !source.id.value.is_empty()).collect()
}

/// A text that must not be blank: a blank one counts as absent.
fn filled(table: &mut Table<'_, '_, '_>, key: &'static str) -> Option<Located<String>> {
    table.line(key).filter(|text| !text.value.is_empty())
}

fn unique(mut texts: Vec<Located<String>>) -> Vec<Located<String>> {
    let mut seen = FxHashSet::default();
    let is_first: Vec<bool> = texts.iter().map(|text| seen.insert(text.value.as_str())).collect();
    let mut is_first = is_first.into_iter();
    texts.retain(|_| is_first.next().unwrap_or(false));
    texts
}

/// A key that its table cannot do without.
pub(crate) fn required(table: &mut Table<'_, '_, '_>, key: &'static str, example: &str) -> Located<String> {
    let place = match table.text(key) {
        Some(text) if !text.value.trim().is_empty() => return text,
        Some(text) => text.span,
        None => table.span(),
    };
    table.report_missing(key, place, &format!("\"{example}\""));
    Located { value: String::new(), span: table.span() }
}

fn withdrawn(table: &mut Table<'_, '_, '_>) -> Withdrawn {
    let date = table.date("date").map(|date| date.value);
    Withdrawn { date, reason: required(table, "reason", "why it was withdrawn").value }
}

fn slug(table: &mut Table<'_, '_, '_>) -> Option<Located<String>> {
    let text = table.text("slug")?;
    match check_slug(&text.value) {
        Ok(()) => Some(text),
        Err(why) => {
            let message = format!("`{}` cannot be a slug: {why}", text.value);
            let help = proposed_slug(&text.value).map(|slug| format!("write it like `{slug}`"));
            table.report(
                Diagnostic::new(Code::InvalidAddress, text.span, message)
                    .maybe_help(help)
                    .help("write words with hyphens between them"),
            );
            None
        }
    }
}

fn aliases(table: &mut Table<'_, '_, '_>) -> Vec<Located<Address>> {
    let mut aliases = Vec::new();
    for text in table.texts("aliases") {
        match Address::parse(&text.value) {
            Ok(address) => aliases.push(Located { value: address, span: text.span }),
            Err(why) => {
                let message = format!("`{}` cannot be an alias: {why}", text.value);
                let address = proposed_address(&text.value);
                let like = address.as_ref().map_or("/old/address", Address::as_str);
                table.report(
                    Diagnostic::new(Code::InvalidAddress, text.span, message).help(format!("write it like `{like}`")),
                );
            }
        }
    }
    aliases
}

/// schema.org's MedicalEntity and its subtypes, and Thing for the rest. <https://schema.org/MedicalEntity>
const ABOUT_TYPES: [&str; 69] = [
    "Thing",
    "MedicalEntity",
    "AnatomicalStructure",
    "Bone",
    "BrainStructure",
    "Joint",
    "Ligament",
    "Muscle",
    "Nerve",
    "Vessel",
    "Artery",
    "LymphaticVessel",
    "Vein",
    "AnatomicalSystem",
    "SuperficialAnatomy",
    "DrugClass",
    "DrugCost",
    "LifestyleModification",
    "Diet",
    "PhysicalActivity",
    "MedicalCause",
    "MedicalCondition",
    "InfectiousDisease",
    "MedicalSignOrSymptom",
    "MedicalSign",
    "VitalSign",
    "MedicalSymptom",
    "MedicalContraindication",
    "MedicalDevice",
    "MedicalGuideline",
    "MedicalGuidelineContraindication",
    "MedicalGuidelineRecommendation",
    "MedicalIndication",
    "ApprovedIndication",
    "PreventionIndication",
    "TreatmentIndication",
    "MedicalIntangible",
    "DDxElement",
    "DoseSchedule",
    "DrugLegalStatus",
    "DrugStrength",
    "MedicalCode",
    "MedicalConditionStage",
    "MedicalProcedure",
    "DiagnosticProcedure",
    "PhysicalExam",
    "SurgicalProcedure",
    "TherapeuticProcedure",
    "MedicalTherapy",
    "OccupationalTherapy",
    "PalliativeProcedure",
    "PhysicalTherapy",
    "RadiationTherapy",
    "PsychologicalTreatment",
    "MedicalRiskEstimator",
    "MedicalRiskCalculator",
    "MedicalRiskScore",
    "MedicalRiskFactor",
    "MedicalStudy",
    "MedicalObservationalStudy",
    "MedicalTrial",
    "MedicalTest",
    "BloodTest",
    "ImagingTest",
    "MedicalTestPanel",
    "PathologyTest",
    "Substance",
    "DietarySupplement",
    "Drug",
];

fn about(table: &mut Table<'_, '_, '_>) -> Option<About> {
    let kind = Some(required(table, "type", "MedicalSymptom")).filter(|kind| !kind.value.is_empty());
    let known = kind.as_ref().is_some_and(|kind| ABOUT_TYPES.contains(&kind.value.as_str()));
    if let Some(kind) = kind.as_ref().filter(|_| !known) {
        let names = ABOUT_TYPES.iter().copied();
        let help = crate::project::did_you_mean(&kind.value, names).unwrap_or_else(|| {
            "it may be MedicalCondition, MedicalSymptom, Drug, MedicalTest, MedicalProcedure, …".into()
        });
        table.report(
            Diagnostic::new(Code::InvalidValue, kind.span, format!("`{}` is not a schema.org health type", kind.value))
                .help(help),
        );
    }
    let name = required(table, "name", "Leg pain").value;
    let codes = table.table("codes", |t| t.text_entries("M79.6")).unwrap_or_default();
    let codes = codes.into_iter().map(|(system, code)| (system.value, code.value)).collect();
    Some(About { kind: kind.filter(|_| known)?.value, name, codes })
}

fn image(table: &mut Table<'_, '_, '_>) -> Option<Image> {
    let span = table.span();
    let src = required(table, "src", "folder/picture.jpg");
    let alt = table.string("alt").unwrap_or_default();
    if alt.trim().is_empty() && !table.is_unknown("alt") {
        table.report(
            Diagnostic::new(Code::MissingAlt, span, "the hero picture has no alternative text")
                .help("add `alt = \"…\"`: what the picture shows"),
        );
    }
    let focus = focus(table, "focus");
    let image = Image { alt, caption: table.string("caption"), credit: table.string("credit"), src, focus };
    (!image.src.value.is_empty()).then_some(image)
}

fn faq(table: &mut Table<'_, '_, '_>) -> RawFaq {
    let span = table.span();
    let question =
        Some(required(table, "question", "How long does it last?")).filter(|question| !question.value.is_empty());
    RawFaq { question, answer: table.text("answer"), answer_is_unknown: table.is_unknown("answer"), span }
}

/// The keys of a source beside its id.
pub(crate) fn citable(table: &mut Table<'_, '_, '_>, id: Located<String>) -> Citable {
    Citable {
        id,
        title: required(table, "title", "Restless legs syndrome").value,
        publisher: table.string("publisher"),
        url: web_address(table, "url").map(|url| url.value),
        published: table.date("published").map(|date| date.value),
        accessed: table.date("accessed").map(|date| date.value),
    }
}

fn change(table: &mut Table<'_, '_, '_>) -> Change {
    let kinds = [
        ("clinical", ChangeKind::Clinical),
        ("correction", ChangeKind::Correction),
        ("editorial", ChangeKind::Editorial),
        ("links", ChangeKind::Links),
    ];
    let date = table.date("date").map(|date| date.value);
    if date.is_none() {
        table.report_missing("date", table.span(), "2026-01-31");
    }
    Change {
        date,
        kind: table.choice("kind", &kinds).unwrap_or(ChangeKind::Editorial),
        note: required(table, "note", "what changed").value,
    }
}
