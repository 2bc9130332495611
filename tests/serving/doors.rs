//! What is asked and may not be: methods that change something, and a day that leads elsewhere.

use crate::program::Preview;
use crate::support::Folder;

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
