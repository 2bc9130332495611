//! Decides which requests are the editor's own. A page of another site can make a browser ask this machine for anything; it
//! must get nothing to read. Looks at headers alone.
//!
//! Names are checked against DNS rebinding (a foreign name that suddenly means this machine), origins and fetch metadata against
//! requests across sites. <https://www.w3.org/TR/fetch-metadata/>

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, Method, Uri, header};

/// Why a request is refused, in the words of an answer.
pub(super) type Refusal = (u16, &'static str);

/// Checks a request before anything else looks at it. `private` is for what no published page has.
pub(super) fn check(method: &Method, uri: &Uri, headers: &HeaderMap, port: u16, private: bool) -> Result<(), Refusal> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Err((405, "The preview answers to GET and HEAD alone."));
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let (host, other) = (hosts.next(), hosts.next());
    let is_ours = |host: &str| is_here(host, port);
    let named = host.and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(|authority| authority.as_str());
    if other.is_some() || !named.is_some_and(is_ours) || !authority.is_none_or(is_ours) {
        return Err((403, "The preview answers to the names of this machine alone, such as localhost."));
    }
    for origin in headers.get_all(header::ORIGIN) {
        let host = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        if !host.is_some_and(is_ours) {
            return Err((403, "Another site may not read the preview."));
        }
    }
    if crosses_sites(headers, private) {
        return Err((403, "Another site may not read the preview."));
    }
    Ok(())
}

/// Whether the browser says that another site asks. To follow a link from there to a page is fine: nothing comes back to it.
fn crosses_sites(headers: &HeaderMap, private: bool) -> bool {
    let told = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match told("sec-fetch-site") {
        None | Some("none" | "same-origin") => false,
        _ if private => true,
        _ => (told("sec-fetch-mode"), told("sec-fetch-dest")) != (Some("navigate"), Some("document")),
    }
}

/// Whether `host`, as a `Host` header has it, names this machine and our port.
fn is_here(host: &str, port: u16) -> bool {
    let (name, written) = match host.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((name, written)) if !written.contains(']') => (name, Some(written)),
        _ => (host, None),
    };
    let is_port = match written {
        Some(written) => written.bytes().all(|byte| byte.is_ascii_digit()) && written.parse() == Ok(port),
        None => port == 80,
    };
    is_port && is_loopback(name)
}

/// `localhost` and what lies below it (RFC 6761), and the loopback addresses.
fn is_loopback(name: &str) -> bool {
    if let Some(address) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback());
    }
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return IpAddr::V4(address).is_loopback();
    }
    let name = name.to_ascii_lowercase();
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    name == "localhost" || name.strip_suffix(".localhost").is_some_and(|below| below.split('.').all(is_label))
}
