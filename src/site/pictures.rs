//! Every picture that texts of a site show, and where its author wrote that. Decides nothing about how it is shown.

use super::model::{Article, Linked, Site, Target};
use crate::content::{Body, ReferenceKind};
use crate::project::Span;

/// What a picture is to its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureRole {
    /// It stands in a text.
    Text,
    /// It stands above one.
    Hero,
    /// It shows a person.
    Portrait,
}

/// A picture in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PictureUse<'a> {
    pub role: PictureRole,
    /// Its file, by index of the site's assets.
    pub asset: u32,
    /// As its author wrote it.
    pub written: &'a str,
    pub span: Span,
}

impl Site {
    /// Every picture of the site that is a file of it.
    pub(crate) fn pictures(&self) -> impl Iterator<Item = PictureUse<'_>> {
        self.articles.iter().flat_map(Article::pictures).chain(self.other_pictures())
    }

    /// Those that stand in no article.
    pub(crate) fn other_pictures(&self) -> impl Iterator<Item = PictureUse<'_>> {
        let sections = self.sections.iter().filter_map(|section| section.file.as_ref());
        let sections = sections.flat_map(|(file, linked)| in_text(&file.body, linked));
        let people = self.people.iter().flat_map(|person| {
            let photo = person.file.photo.as_ref().zip(person.photo.as_ref());
            let photo = photo.and_then(|(photo, target)| one(PictureRole::Portrait, &photo.value, photo.span, target));
            in_text(&person.file.body, &person.body).chain(photo)
        });
        let terms = self.terms.iter().flat_map(|term| in_text(&term.file.body, &term.body));
        let promos = self.data.promos.values().zip(&self.promos);
        let promos = promos.flat_map(|(promo, (linked, _))| in_text(&promo.text, linked));
        sections.chain(people).chain(terms).chain(promos)
    }
}

impl Article {
    /// The pictures of an article.
    pub(crate) fn pictures(&self) -> impl Iterator<Item = PictureUse<'_>> {
        let document = &self.document;
        let hero = document.front.image.as_ref().zip(self.hero.as_ref());
        let hero = hero.and_then(|(image, target)| one(PictureRole::Hero, &image.src.value, image.src.span, target));
        let answers = document.faq.iter().map(|faq| &faq.answer).zip(&self.faq);
        let takeaways = document.takeaways.iter().zip(&self.takeaways);
        let texts = std::iter::once((&document.body, &self.body)).chain(answers).chain(takeaways);
        hero.into_iter().chain(texts.flat_map(|(body, linked)| in_text(body, linked)))
    }
}

fn in_text<'a>(body: &'a Body, linked: &'a Linked) -> impl Iterator<Item = PictureUse<'a>> {
    let references = body.references.iter().zip(&linked.targets);
    references.filter_map(|(reference, target)| match reference.kind {
        ReferenceKind::Picture { .. } => one(PictureRole::Text, &reference.destination, reference.span, target),
        ReferenceKind::Link | ReferenceKind::Video => None,
    })
}

fn one<'a>(role: PictureRole, written: &'a str, span: Span, target: &Target) -> Option<PictureUse<'a>> {
    Some(PictureUse { role, asset: target.picture?, written, span })
}
