//! Atom feeds (RFC 4287) of the newest articles. Plain pages have no place in them.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::project::{Address, first_of};
use crate::site::{ArticleId, PlaceOnSite, Site};

/// What a feed is about.
struct Subject<'a> {
    title: String,
    page: Address,
    feed: Address,
    articles: &'a [ArticleId],
}

fn subject(site: &Site, place: PlaceOnSite) -> Option<Subject<'_>> {
    let named = |title: &str| format!("{title} – {}", site.settings.title);
    Some(match place {
        PlaceOnSite::SectionFeed(id) => Subject {
            title: named(&site[id].title),
            page: site[id].address.clone(),
            feed: site.places.address(place)?.clone(),
            articles: &site[id].articles,
        },
        PlaceOnSite::TagFeed(id) => Subject {
            title: named(&site[id].label.title),
            page: site[id].address.clone(),
            feed: site.places.address(place)?.clone(),
            articles: &site[id].articles,
        },
        _ => Subject {
            title: site.settings.title.clone(),
            page: Address::home(),
            feed: site.places.address(place)?.clone(),
            articles: &site.orders.newest,
        },
    })
}

/// The feed at a place.
pub(crate) fn feed(site: &Site, place: PlaceOnSite) -> String {
    let Some(subject) = subject(site, place) else { return String::new() };
    let settings = &site.settings;
    let listed = |id: &ArticleId| !site[*id].is_page() && !site[*id].document.front.noindex;
    let articles: Vec<ArticleId> = subject.articles.iter().copied().filter(listed).take(settings.feed_size).collect();
    let newest = articles.iter().filter_map(|&id| site[id].changed()).max().unwrap_or(site.as_of);
    let mut xml = Xml(Writer::new(Vec::new()));
    xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
    xml.element("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &settings.language)], |xml| {
        xml.text("title", &subject.title);
        if !settings.description.is_empty() {
            xml.text("subtitle", &settings.description);
        }
        xml.text("id", &settings.canonical_file(&subject.feed));
        xml.text("updated", &stamp(newest));
        xml.element(
            "link",
            &[("rel", "self"), ("type", "application/atom+xml"), ("href", &settings.canonical_file(&subject.feed))],
            |_| {},
        );
        xml.element(
            "link",
            &[("rel", "alternate"), ("type", "text/html"), ("href", &settings.canonical(&subject.page))],
            |_| {},
        );
        // RFC 4287 wants an author for every entry; the feed's stands in where an article names none.
        let publisher = settings.organization.name.as_ref().unwrap_or(&settings.title);
        xml.element("author", &[], |xml| xml.text("name", publisher));
        for id in articles {
            entry(site, id, xml);
        }
    });
    xml.finish()
}

/// A day as an instant: its beginning in UTC.
fn stamp(date: jiff::civil::Date) -> String {
    format!("{date}T00:00:00Z")
}

fn entry(site: &Site, id: ArticleId, xml: &mut Xml) {
    let article = &site[id];
    let canonical = site.settings.canonical(&article.address);
    xml.element("entry", &[], |xml| {
        xml.text("title", &article.document.title);
        xml.text("id", &canonical);
        xml.element("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &canonical)], |_| {});
        xml.text("updated", &stamp(article.changed().unwrap_or(site.as_of)));
        if let Some(published) = article.published() {
            xml.text("published", &stamp(published));
        }
        for &author in &article.authors {
            xml.element("author", &[], |xml| {
                xml.text("name", &site[author].full_name());
                xml.text("uri", &site.settings.canonical(&site[author].address));
            });
        }
        for &tag in &article.tags {
            xml.element("category", &[("term", &site[tag].label.id.value), ("label", &site[tag].label.title)], |_| {});
        }
        if !article.description().is_empty() {
            xml.text("summary", article.description());
        }
    });
}

/// XML written in memory, which cannot fail; characters that XML 1.0 forbids are left out.
pub(crate) struct Xml(pub Writer<Vec<u8>>);

impl Xml {
    pub(crate) fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing to memory does not fail");
    }

    pub(crate) fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        use quick_xml::events::{BytesEnd, BytesStart};
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute((*key, &*legal(value)));
        }
        self.event(Event::Start(start));
        inside(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.element(name, &[], |xml| xml.event(Event::Text(BytesText::new(&legal(text)))));
    }

    pub(crate) fn finish(self) -> String {
        let mut text = String::from_utf8(self.0.into_inner()).expect("only text was written");
        text.push('\n');
        text
    }
}

/// `text` without what XML 1.0 forbids. <https://www.w3.org/TR/xml/#charsets>
fn legal(text: &str) -> Cow<'_, str> {
    let is_legal =
        |c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    // What is forbidden is a control character, or begins with this byte as UTF-8.
    match first_of(text.as_bytes(), |lanes| lanes.is_within(0..=0x1f) | lanes.is(0xef)) {
        Some(_) => Cow::Owned(text.chars().filter(|&c| is_legal(c)).collect()),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_left_out_and_nothing_else() {
        assert!(matches!(legal("plain – 頭痛 😀"), Cow::Borrowed(_)));
        assert_eq!(legal("a\u{1}b\tc\u{fffe}d\u{fb01}e\u{1f}"), "ab\tcd\u{fb01}e");
    }
}
