//! Requests that are too long or never end. Whatever arrives, the preview goes on.

use crate::program::Preview;
use crate::support::Folder;

#[test]
fn large_and_slow_requests_are_borne() {
    let site = Folder::site("minimal");
    let mut preview = Preview::of(&site);
    let host = format!("Host: localhost:{}\r\n", preview.port);
    let long = "a".repeat(100_000);
    for request in [
        format!("GET /{long} HTTP/1.1\r\n{host}\r\n"),
        format!("GET / HTTP/1.1\r\n{host}X: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}{}\r\n", "X: y\r\n".repeat(5_000)),
        format!("GET / HTTP/1.1\r\n{host}Content-Length: 1000000000\r\n\r\n{long}"),
        format!("{long} / HTTP/1.1\r\n{host}\r\n"),
        long.clone(),
        "\r\n".repeat(50_000),
        format!("GET / HTTP/1.1\r\n{host}\r\n").repeat(200),
    ] {
        preview.throw(request.as_bytes());
    }
    // Whoever begins and never ends keeps nobody else waiting.
    let slow: Vec<_> = (0..200)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", preview.port)).expect("the preview listens");
            std::io::Write::write_all(&mut stream, b"GET / HTTP/1.1\r\nHost:").expect("the preview reads");
            stream
        })
        .collect();
    assert!(preview.get("/guides/first").has("One paragraph."));
    drop(slow);
    assert!(preview.lives() && !preview.said().contains("panicked"), "{}", preview.said());
}
