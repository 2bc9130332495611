//! Files for machines: sitemap, robots, manifest, host rules. Pages themselves are views.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};
use serde_json::json;

use super::feed::Xml;
use super::pages::{numbered, sitemap_addresses, sitemap_part};
use super::pictures::VARIANTS;
use crate::project::{Address, Settings, is_code};
use crate::search::PIECES;
use crate::site::{PictureUse, PlaceOnSite, Site};

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// `sitemap.xml`: the addresses themselves, or the list of the parts where one file cannot hold them.
pub(crate) fn sitemap(site: &Site) -> String {
    let addresses = sitemap_addresses(site);
    let size = sitemap_part(0).len();
    if addresses.len() <= size {
        return url_set(site, &addresses);
    }
    let mut xml = document();
    xml.element("sitemapindex", &[("xmlns", SITEMAP)], |xml| {
        for part in 1..=addresses.len().div_ceil(size) {
            let address = Address::home().join(&format!("sitemap-{part}.xml"));
            xml.element("sitemap", &[], |xml| xml.text("loc", &site.settings.canonical_file(&address)));
        }
    });
    xml.finish()
}

/// One part of a large sitemap.
pub(crate) fn sitemap_page(site: &Site, part: u32) -> String {
    let addresses = sitemap_addresses(site);
    let range = sitemap_part(part);
    url_set(site, &addresses[range.start.min(addresses.len())..range.end.min(addresses.len())])
}

fn document() -> Xml {
    let mut xml = Xml(Writer::new(Vec::new()));
    xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
    xml
}

fn url_set(site: &Site, addresses: &[(&Address, PlaceOnSite, u32)]) -> String {
    let mut xml = document();
    xml.element("urlset", &[("xmlns", SITEMAP)], |xml| {
        for (address, place, number) in addresses {
            xml.element("url", &[], |xml| {
                xml.text("loc", &site.settings.canonical(&numbered(address, *number)));
                if let PlaceOnSite::Article(id) = place
                    && let Some(date) = site[*id].changed()
                {
                    xml.text("lastmod", &date.to_string());
                }
            });
        }
    });
    xml.finish()
}

/// `robots.txt`. A preview asks to be left alone.
pub(crate) fn robots(site: &Site) -> String {
    if site.drafts {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    let sitemap = site.settings.canonical_file(&Address::home().join("sitemap.xml"));
    format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n")
}

/// `site.webmanifest`. <https://www.w3.org/TR/appmanifest/>
pub(crate) fn manifest(site: &Site) -> String {
    let settings = &site.settings;
    let home = Address::home().page_href(&settings.style);
    let manifest = json!({
        "name": settings.title,
        "short_name": settings.title,
        "description": settings.description,
        "lang": settings.language,
        "dir": settings.direction(),
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",
    });
    format!("{manifest:#}\n")
}

/// `_headers`, in the format that Netlify and Cloudflare Pages read.
pub(crate) fn headers(site: &Site) -> String {
    let Settings { style, .. } = &*site.settings;
    let base = &style.base;
    let mut everywhere = vec![
        ("Content-Security-Policy", content_security_policy(site)),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()".to_owned()),
        ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("X-Frame-Options", "SAMEORIGIN".to_owned()),
    ];
    if style.origin.starts_with("https:") {
        // A year, and without the subdomains: Galen does not know whether they can do without plain HTTP.
        everywhere.push(("Strict-Transport-Security", "max-age=31536000".to_owned()));
    }
    let mut text = rule(&format!("{base}/*"), &everywhere);
    text += &rule(&format!("{base}/*.xml"), &[("Content-Type", "application/xml; charset=utf-8".to_owned())]);
    let manifest = format!("{base}/site.webmanifest");
    text += &rule(&manifest, &[("Content-Type", "application/manifest+json".to_owned())]);
    // Another content has another name: a style sheet's holds its fingerprint, that of a font of the theme its version.
    let for_ever = [("Cache-Control", "public, max-age=31536000, immutable".to_owned())];
    for (address, place) in site.places.iter() {
        let is_code =
            matches!(place, PlaceOnSite::Fingerprinted(_) | PlaceOnSite::Theme(_)) && is_code(address.as_str());
        let is_font = matches!(place, PlaceOnSite::Theme(_)) && address.as_str().ends_with(".woff2");
        if is_code || is_font {
            text += &rule(&address.file_href(style), &for_ever);
        }
    }
    let is_made = |picture: PictureUse<'_>| site.assets[picture.asset as usize].raster.is_some();
    if site.settings.pictures.cards || site.pictures().any(is_made) {
        text += &rule(&format!("{base}/{VARIANTS}/*"), &for_ever);
    }
    if site.settings.search_index {
        text += &rule(&format!("{base}/{PIECES}/*"), &for_ever);
    }
    text
}

fn rule(path: &str, headers: &[(&str, String)]) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
    format!("{path}\n{headers}\n")
}

/// Everything from the site itself, no code within a page, and no frame around it elsewhere. The exceptions are those that
/// site.toml names: a logo and a question form on another host. <https://www.w3.org/TR/CSP3/>
fn content_security_policy(site: &Site) -> String {
    let elsewhere = |href: Option<&str>| {
        let url =
            href.and_then(|href| url::Url::parse(href).ok()).filter(|url| matches!(url.scheme(), "http" | "https"));
        url.map(|url| format!(" {}", url.origin().ascii_serialization())).unwrap_or_default()
    };
    let logo = elsewhere(site.logo.as_ref().map(|logo| logo.href.as_str()));
    let form = elsewhere(site.settings.ask_action.as_ref().map(|action| action.value.as_str()));
    format!(
        "default-src 'self'; base-uri 'none'; form-action 'self'{form}; frame-ancestors 'self'; img-src 'self'{logo}; object-src 'none'"
    )
}

/// `_redirects`, in the format that Netlify and Cloudflare Pages read.
pub(crate) fn redirects(site: &Site) -> String {
    let mut lines: Vec<String> = site
        .redirects
        .iter()
        // To those who read the file a colon begins a placeholder.
        .map(|redirect| (redirect.from.file_href(&site.settings.style).replace(':', "%3A"), redirect))
        .map(|(from, redirect)| format!("{from} {} 301", redirect.to))
        .collect();
    lines.sort();
    lines.into_iter().map(|line| line + "\n").collect()
}
