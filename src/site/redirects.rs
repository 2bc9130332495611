//! Old addresses that lead to pages: aliases of articles and `[redirects]`. Reports those that lead nowhere or in a circle.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::admission::Admitted;
use super::model::{FragmentCheck, PlaceOnSite, Redirect, Site};
use super::resolve::RedirectGoal;
use super::symbols::{Claim, Symbols, Weight};
use crate::project::{Address, Code, Diagnostic, Located, Place, Scheme, Span, did_you_mean, proposed_address, scheme};

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

/// What a redirect leads to, before what it leads to is followed.
enum Step {
    End(RedirectGoal),
    /// Another redirect, by index.
    Next(usize),
    /// Nothing; that is reported.
    Nowhere,
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
        aliases(admitted, &mut wanted, diagnostics);
    }
    let aliases = wanted.len();
    for (from, to) in &site.settings.redirects {
        match Address::parse(&from.value) {
            Ok(address) => wanted.push(Wanted { from: address, goal: Goal::Written(to.clone()), span: from.span }),
            Err(why) => diagnostics.push(
                Diagnostic::new(
                    Code::InvalidAddress,
                    from.span,
                    format!("`{}` cannot be redirected: {why}", from.value),
                )
                .help(written_like(&from.value)),
            ),
        }
    }
    for (index, redirect) in wanted.iter().enumerate() {
        claims.push(Claim {
            address: redirect.from.clone(),
            place: PlaceOnSite::Redirect(index as u32),
            weight: Weight::Old,
            written: Some(Place::Span(redirect.span)),
            what: if index < aliases { "alias" } else { "redirect" },
        });
    }
    wanted
}

/// The aliases of what stands at an address. A withheld article has none.
fn aliases(admitted: &Admitted, wanted: &mut Vec<Wanted>, diagnostics: &mut Vec<Diagnostic>) {
    let place = admitted.article.map(PlaceOnSite::Article).or(admitted.gone.map(PlaceOnSite::Gone));
    let Some(place) = place else { return };
    for alias in &admitted.document.front.aliases {
        if admitted.address.as_ref().is_some_and(|own| own.key() == alias.value.key()) {
            let message = format!("the alias `{}` is the article's own address", alias.value.as_str());
            diagnostics.push(Diagnostic::new(Code::DuplicateAddress, alias.span, message).help("take it out"));
        } else {
            wanted.push(Wanted { from: alias.value.clone(), goal: Goal::Place(place), span: alias.span });
        }
    }
}

/// How an address should have been written.
fn written_like(written: &str) -> String {
    let address = proposed_address(written);
    format!("write it like `{}`", address.as_ref().map_or("/old/address", Address::as_str))
}

/// Looks every goal up, straight to its end. Returns the goals by index, for links that use an old address.
pub(crate) fn finish_redirects(
    site: &mut Site,
    wanted: Vec<Wanted>,
    symbols: &Symbols,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Address, RedirectGoal)> {
    let steps: Vec<Step> = wanted.iter().map(|redirect| step(redirect, symbols, diagnostics)).collect();
    report_circles(&steps, &wanted, diagnostics);
    let mut goals = Vec::with_capacity(wanted.len());
    for (redirect, end) in wanted.iter().zip(ends(&steps)) {
        let goal = end.unwrap_or(RedirectGoal::Place(PlaceOnSite::Home));
        goals.push((redirect.from.clone(), goal));
    }
    for (redirect, (_, goal)) in wanted.iter().zip(&goals) {
        if let (RedirectGoal::Within(place, fragment), Goal::Written(to)) = (goal, &redirect.goal) {
            let fragment = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
            site.fragments.push(FragmentCheck { target: *place, fragment, place: Place::Span(to.span) });
        }
    }
    for (redirect, (from, goal)) in wanted.iter().zip(&goals) {
        let (to, canonical) = match goal {
            RedirectGoal::Place(place) => written(site, *place),
            RedirectGoal::Within(place, fragment) => {
                let (to, canonical) = written(site, *place);
                let fragment = utf8_percent_encode(fragment, FRAGMENT);
                (format!("{to}#{fragment}"), format!("{canonical}#{fragment}"))
            }
            RedirectGoal::Href(href) => (href.clone(), href.clone()),
        };
        site.redirects.push(Redirect { from: from.clone(), to, canonical, written: redirect.span });
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

/// Follows redirects to redirects, as far as there is an end; each step of a way is taken once for all that share it.
fn ends(steps: &[Step]) -> Vec<Option<RedirectGoal>> {
    let mut ends: Vec<Option<Option<RedirectGoal>>> = vec![None; steps.len()];
    for start in 0..steps.len() {
        let (mut way, mut at) = (Vec::new(), start);
        let end = loop {
            if let Some(end) = &ends[at] {
                break end.clone();
            }
            way.push(at);
            // A way that comes back to here has no end.
            ends[at] = Some(None);
            match &steps[at] {
                Step::End(goal) => break Some(goal.clone()),
                Step::Next(next) => at = *next,
                Step::Nowhere => break None,
            }
        };
        for index in way {
            ends[index] = Some(end.clone());
        }
    }
    ends.into_iter().map(Option::flatten).collect()
}

/// What one redirect leads to; what is wrong with that is reported here, where it is written.
fn step(redirect: &Wanted, symbols: &Symbols, diagnostics: &mut Vec<Diagnostic>) -> Step {
    let to = match &redirect.goal {
        Goal::Place(place) => return Step::End(RedirectGoal::Place(*place)),
        Goal::Written(to) => to,
    };
    let found = match scheme(&to.value) {
        Scheme::Safe => web_goal(to),
        Scheme::Unsafe => {
            Err(Diagnostic::new(Code::UnsafeUrl, to.span, format!("a redirect cannot lead to `{}`", to.value)).help(
                "it may lead to an address of this site, like `/new`, or to a web address that begins with `https://`",
            ))
        }
        Scheme::None => site_goal(to, symbols),
    };
    found.unwrap_or_else(|fault| {
        diagnostics.push(fault);
        Step::Nowhere
    })
}

/// As the URL parser writes it: a rule of a host is a line, and its parts are parted by spaces.
fn web_goal(to: &Located<String>) -> Result<Step, Diagnostic> {
    url::Url::parse(&to.value).map(|url| Step::End(RedirectGoal::Href(String::from(url)))).map_err(|_| {
        let message = format!("a redirect cannot lead to `{}`, which is no web address", to.value);
        Diagnostic::new(Code::InvalidAddress, to.span, message).help("write it like `https://health.example/page`")
    })
}

fn site_goal(to: &Located<String>, symbols: &Symbols) -> Result<Step, Diagnostic> {
    let (path, fragment) =
        to.value.split_once('#').map_or((to.value.as_str(), None), |(path, fragment)| (path, Some(fragment)));
    let address = Address::parse(path).map_err(|why| {
        let message = format!("a redirect cannot lead to `{}`: {why}", to.value);
        Diagnostic::new(Code::InvalidAddress, to.span, message).help(written_like(path))
    })?;
    match (symbols.at(&address), fragment) {
        (Some(PlaceOnSite::Redirect(next)), _) => Ok(Step::Next(next as usize)),
        (Some(place), None) => Ok(Step::End(RedirectGoal::Place(place))),
        (Some(place), Some(fragment)) => Ok(Step::End(RedirectGoal::Within(place, fragment.to_owned()))),
        (None, _) => Err(nothing_there(to, &address, symbols)),
    }
}

fn nothing_there(to: &Located<String>, address: &Address, symbols: &Symbols) -> Diagnostic {
    if let Some(state) = symbols.withheld_at(address) {
        let message = format!("this redirect leads to `{}`, which {}", to.value, state.sentence());
        return Diagnostic::new(Code::BrokenLink, to.span, message)
            .help("readers would find nothing there: lead it to another page until the article is open to them");
    }
    let message = format!("this redirect leads to `{}`, where nothing is", to.value);
    Diagnostic::new(Code::BrokenLink, to.span, message)
        .maybe_help(did_you_mean(address.as_str(), symbols.addresses_near(address.as_str())))
        .help("lead it to a page of the site or to a web address")
}

/// Reports every circle once. What leads into one is none of its members.
fn report_circles(steps: &[Step], wanted: &[Wanted], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen_from: Vec<Option<usize>> = vec![None; steps.len()];
    for start in 0..steps.len() {
        let mut at = start;
        while seen_from[at].is_none() {
            seen_from[at] = Some(start);
            let Step::Next(next) = steps[at] else { break };
            at = next;
            if seen_from[at] == Some(start) {
                diagnostics.push(circle(at, steps, wanted));
            }
        }
    }
}

fn circle(member: usize, steps: &[Step], wanted: &[Wanted]) -> Diagnostic {
    let next = |index: &usize| match steps[*index] {
        Step::Next(next) => Some(next).filter(|next| *next != member),
        _ => None,
    };
    let members: Vec<usize> = std::iter::successors(Some(member), next).collect();
    let name = |index: usize| format!("`{}`", wanted[index].from.as_str());
    if members.len() == 1 {
        let message = format!("the redirect from {} leads to itself", name(member));
        return Diagnostic::new(Code::RedirectLoop, wanted[member].span, message).help("lead it to a page");
    }
    let way: Vec<String> = members.iter().chain([&member]).map(|&index| name(index)).collect();
    let message = format!("redirects lead in a circle: {}", way.join(" → "));
    let diagnostic = Diagnostic::new(Code::RedirectLoop, wanted[member].span, message);
    let others = members[1..].iter().map(|&index| Place::Span(wanted[index].span));
    others
        .fold(diagnostic, |diagnostic, place| diagnostic.label(place, "this is part of the circle"))
        .help("lead one of them to a page")
}
