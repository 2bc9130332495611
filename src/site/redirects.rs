//! Old addresses that lead to pages: aliases of articles and `[redirects]`. Reports those that lead nowhere or in a circle.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::admission::Admitted;
use super::model::{FragmentCheck, PlaceOnSite, Redirect, Site};
use super::resolve::RedirectGoal;
use super::symbols::{Claim, Symbols, Weight};
use crate::project::{Address, Code, Diagnostic, Located, Place, Scheme, Span, did_you_mean, scheme};

/// <https://url.spec.whatwg.org/#fragment-percent-encode-set>
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');

/// A redirect whose goal is not looked up yet.
pub(crate) struct Wanted {
    from: Address,
    goal: Goal,
    span: Span,
}

enum Goal {
    Place(PlaceOnSite),
    Written(Located<String>),
}

/// Claims the old addresses.
pub(crate) fn redirect_claims(
    site: &Site,
    admitted: &[Admitted],
    claims: &mut Vec<Claim>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for admitted in admitted {
        let place = admitted.article.map(PlaceOnSite::Article).or(admitted.gone.map(PlaceOnSite::Gone));
        let Some(place) = place else { continue };
        for alias in &admitted.document.front.aliases {
            wanted.push(Wanted { from: alias.value.clone(), goal: Goal::Place(place), span: alias.span });
        }
    }
    for (from, to) in &site.settings.redirects {
        match Address::parse(&from.value) {
            Ok(address) => wanted.push(Wanted { from: address, goal: Goal::Written(to.clone()), span: from.span }),
            Err(why) => {
                let message = format!("`{}` cannot be redirected: {why}", from.value);
                diagnostics.push(
                    Diagnostic::new(Code::InvalidAddress, from.span, message).help("write it like `/old/address`"),
                );
            }
        }
    }
    for (index, redirect) in wanted.iter().enumerate() {
        claims.push(Claim {
            address: redirect.from.clone(),
            place: PlaceOnSite::Redirect(index as u32),
            weight: Weight::Old,
            written: Some(Place::Span(redirect.span)),
            what: "redirect",
        });
    }
    wanted
}

/// Looks every goal up, straight to its end. Returns the goals by index, for links that use an old address.
pub(crate) fn finish_redirects(
    site: &mut Site,
    wanted: Vec<Wanted>,
    symbols: &Symbols,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Address, RedirectGoal)> {
    let mut goals = Vec::with_capacity(wanted.len());
    for index in 0..wanted.len() {
        let goal = end_of(index, &wanted, symbols, diagnostics).unwrap_or(RedirectGoal::Place(PlaceOnSite::Home));
        goals.push((wanted[index].from.clone(), goal));
    }
    for (redirect, (_, goal)) in wanted.iter().zip(&goals) {
        if let (RedirectGoal::Within(place, fragment), Goal::Written(to)) = (goal, &redirect.goal) {
            let fragment = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
            site.fragments.push(FragmentCheck { target: *place, fragment, place: Place::Span(to.span) });
        }
    }
    for (from, goal) in &goals {
        let (to, canonical) = match goal {
            RedirectGoal::Place(place) => written(site, *place),
            RedirectGoal::Within(place, fragment) => {
                let (to, canonical) = written(site, *place);
                let fragment = utf8_percent_encode(fragment, FRAGMENT);
                (format!("{to}#{fragment}"), format!("{canonical}#{fragment}"))
            }
            RedirectGoal::Href(href) => (href.clone(), href.clone()),
        };
        site.redirects.push(Redirect { from: from.clone(), to, canonical });
    }
    goals
}

fn written(site: &Site, place: PlaceOnSite) -> (String, String) {
    let home = Address::home();
    let address = site.address(place).unwrap_or(&home);
    if place.is_page() {
        (address.page_href(&site.settings.style), site.settings.canonical(address))
    } else {
        (address.file_href(&site.settings.style), site.settings.canonical_file(address))
    }
}

/// Follows redirects to redirects.
fn end_of(
    start: usize,
    wanted: &[Wanted],
    symbols: &Symbols,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RedirectGoal> {
    let mut at = start;
    for _ in 0..=wanted.len() {
        let to = match &wanted[at].goal {
            Goal::Place(place) => return Some(RedirectGoal::Place(*place)),
            Goal::Written(to) => to,
        };
        match scheme(&to.value) {
            // As the URL parser writes it: a rule of a host is a line, and its parts are parted by spaces.
            Scheme::Safe => match url::Url::parse(&to.value) {
                Ok(url) => return Some(RedirectGoal::Href(String::from(url))),
                Err(_) => {
                    let message = format!("a redirect cannot lead to `{}`, which is no web address", to.value);
                    diagnostics.push(
                        Diagnostic::new(Code::InvalidAddress, to.span, message)
                            .help("write it like `https://health.example/page`"),
                    );
                    return None;
                }
            },
            Scheme::Unsafe => {
                diagnostics.push(Diagnostic::new(
                    Code::UnsafeUrl,
                    to.span,
                    format!("a redirect cannot lead to `{}`", to.value),
                ));
                return None;
            }
            Scheme::None => {}
        }
        let (path, fragment) =
            to.value.split_once('#').map_or((to.value.as_str(), None), |(path, fragment)| (path, Some(fragment)));
        let place = match Address::parse(path) {
            Ok(address) => symbols.at(&address),
            Err(why) => {
                diagnostics.push(Diagnostic::new(
                    Code::InvalidAddress,
                    to.span,
                    format!("a redirect cannot lead to `{}`: {why}", to.value),
                ));
                return None;
            }
        };
        match (place, fragment) {
            (Some(PlaceOnSite::Redirect(next)), _) => at = next as usize,
            (Some(place), None) => return Some(RedirectGoal::Place(place)),
            (Some(place), Some(fragment)) => return Some(RedirectGoal::Within(place, fragment.to_owned())),
            (None, _) => {
                // Reported where it is written, not at each redirect that leads there.
                if at == start {
                    let help = did_you_mean(path, symbols.addresses());
                    let message = format!("this redirect leads to `{}`, where nothing is", to.value);
                    diagnostics.push(
                        Diagnostic::new(Code::BrokenLink, to.span, message)
                            .maybe_help(help)
                            .help("lead it to a page of the site or to a web address"),
                    );
                }
                return None;
            }
        }
    }
    let redirect = &wanted[start];
    let message = format!("the redirect from `{}` leads back to itself", redirect.from.as_str());
    diagnostics.push(
        Diagnostic::new(Code::RedirectLoop, redirect.span, message)
            .help("lead one of the redirects of the circle to a page"),
    );
    None
}
