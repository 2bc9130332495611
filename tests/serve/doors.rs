//! Who may ask: names of this machine and pages of the preview itself. A page of another site reads nothing.

use crate::program::Preview;
use crate::support::Folder;

/// Every route, `{path}` of published files and of the preview's own.
const PUBLISHED: [&str; 6] = ["/", "/guides/first", "/guides/first/", "/no-such-page", "/favicon.svg", "/feed.xml"];
const OWN: [&str; 8] = [
    "/_galen",
    "/_galen/",
    "/%5fgalen/",
    "/_galen/client.js",
    "/_galen/panel.js",
    "/_galen/as-of?day=2026-01-01&to=/",
    "/_galen/no-such-page",
    "/_galen/events",
];

/// Who gets an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// Every route answers.
    Open,
    /// Published pages answer, what only the preview has does not: somebody follows a link from another site.
    Pages,
    /// Nothing answers.
    Closed,
}

/// A line of hosts.txt: what is expected, and the header lines of the request.
fn cases(port: u16) -> Vec<(Expected, Option<String>, Vec<String>)> {
    let port = port.to_string();
    let lines = include_str!("hosts.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut parts =
                line.replace("{port}", &port).split(" | ").map(str::to_owned).collect::<Vec<_>>().into_iter();
            let expected = match parts.next().as_deref() {
                Some("open") => Expected::Open,
                Some("pages") => Expected::Pages,
                Some("closed") => Expected::Closed,
                other => panic!("hosts.txt: what is {other:?}?"),
            };
            let (targets, headers): (Vec<_>, Vec<_>) = parts.partition(|part| part.starts_with("target: "));
            let target = targets.first().and_then(|target| target.strip_prefix("target: ")).map(str::to_owned);
            (expected, target, headers)
        })
        .collect()
}

#[test]
fn only_this_machine_and_the_preview_itself_are_answered() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let (cases, mut open, mut closed) = (cases(preview.port), 0, 0);
    assert!(cases.len() >= 60, "{}", cases.len());
    for (expected, before, headers) in cases {
        for route in PUBLISHED.iter().chain(&OWN) {
            let may = match expected {
                Expected::Open => true,
                Expected::Pages => PUBLISHED.contains(route),
                Expected::Closed => false,
            };
            if may && *route == "/_galen/events" {
                // Its answer does not end; other tests read it.
                continue;
            }
            let target = format!("{}{route}", before.as_deref().unwrap_or_default());
            let response = preview.ask("GET", &target, &headers);
            let told = format!("{target} {headers:?}: {} {}", response.status, response.head);
            assert!(!response.head.contains("access-control-"), "{told}");
            assert!(response.header("cross-origin-resource-policy") == Some("same-origin"), "{told}");
            if may {
                assert!(matches!(response.status, 200 | 303 | 307 | 404), "{told}");
                open += 1;
            } else {
                assert_eq!(response.status, 403, "{told}");
                assert!(response.text().lines().count() == 1 && !response.has("<"), "{told}: {}", response.text());
                assert!(response.header("location").is_none() && response.header("set-cookie").is_none(), "{told}");
                closed += 1;
            }
        }
    }
    assert!(open > 100 && closed > 300, "{open} {closed}");
}

#[test]
fn methods_that_change_something_are_refused() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let host = [format!("host: localhost:{}", preview.port)];
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X"] {
        for route in ["/", "/_galen/", "/_galen/events", "/_galen/as-of?day=2026-01-01", "*"] {
            if route == "*" && method != "OPTIONS" {
                continue;
            }
            let response = preview.ask(method, route, &host);
            assert_eq!(response.status, 405, "{method} {route}");
            assert!(!response.head.contains("access-control-"), "{method} {route}: {}", response.head);
        }
    }
    for route in ["/", "/guides/first", "/_galen/"] {
        let (get, head) = (preview.ask("GET", route, &host), preview.ask("HEAD", route, &host));
        assert_eq!((head.status, head.body.len()), (200, 0), "{route}");
        assert_eq!(head.header("content-length"), get.header("content-length"), "{route}");
    }
}

#[test]
fn only_this_machine_can_connect() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    // No packet is sent: to connect a datagram socket only looks up which address this machine would use.
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").expect("a socket");
    let Ok(address) = socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr()) else { return };
    if !address.ip().is_loopback() {
        std::net::TcpStream::connect((address.ip(), preview.port)).expect_err("the preview listens to the network");
    }
}

#[test]
fn a_chosen_day_leads_nowhere_else() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    for (to, leads) in [
        ("/guides/first", "/guides/first"),
        ("/guides/first?a=b%26c", "/guides/first?a=b&c"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/%5Cevil.example/", "/"),
        ("%2F%2Fevil.example/", "/"),
        ("/%09/evil.example/", "/"),
        ("/%0d%0aset-cookie:%20a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("/é", "/"),
    ] {
        let encoded: String =
            to.chars().map(|c| if c.is_ascii() { c.to_string() } else { "%C3%A9".to_owned() }).collect();
        let response = preview.get(&format!("/_galen/as-of?day=2026-01-01&to={encoded}"));
        assert_eq!((response.status, response.header("location")), (303, Some(leads)), "{to}");
        let cookie = response.header("set-cookie").unwrap_or_default();
        assert!(cookie.starts_with("galen-as-of=2026-01-01; ") && cookie.contains("SameSite=Strict"), "{cookie}");
    }
    for day in ["tomorrow", "2026-02-30", "2026-01-01%0d%0aa:b", "-2", "99999-01-01"] {
        let response = preview.get(&format!("/_galen/as-of?day={day}"));
        assert_eq!((response.status, response.header("set-cookie")), (400, None), "{day}");
    }
}
