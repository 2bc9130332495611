//! Requests that are none. Whatever arrives, the preview goes on.

use crate::program::Preview;
use crate::support::Folder;

/// How many are sent; `GALEN_MALFORMED` says how many more or fewer.
const REQUESTS: u64 = 2_000;

/// Numbers that are the same in every run of the test (Marsaglia's xorshift64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// What requests are made of, right and wrong.
const PIECES: [&str; 48] = [
    "GET",
    "HEAD",
    "POST",
    "CONNECT",
    "PRI",
    "GE T",
    "/",
    "/guides/first",
    "/_galen/",
    "/_galen/as-of?day=",
    "*",
    "http://",
    "http://localhost",
    "//",
    "/../",
    "%00",
    "%",
    "%zz",
    "\u{0}",
    "\u{7f}",
    "é",
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    " ",
    "\t",
    "HTTP/1.1",
    "HTTP/1.0",
    "HTTP/2.0",
    "HTTP/9.9",
    "http/1.1",
    "Host: localhost",
    ": ",
    ":",
    "Host",
    "Origin: null",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "ffffffffffffffff\r\n",
    "Expect: 100-continue",
    "Upgrade: h2c",
    "Connection: upgrade",
    "Range: bytes=0-18446744073709551615",
    "Cookie: galen-as-of=-9999-99-99; galen-as-of=",
];

/// A request with a right beginning more often than not.
fn request(random: &mut Random, port: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    if random.below(3) > 0 {
        let target = ["/", "/guides/first", "/_galen/", "/no", "/favicon.svg"][random.below(5)];
        bytes = format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n").into_bytes();
    }
    for _ in 0..random.below(8) {
        match random.below(6) {
            0 => bytes.extend((0..random.below(40)).map(|_| random.below(256) as u8)),
            1 => bytes.extend(
                std::iter::repeat_n(PIECES[random.below(PIECES.len())].as_bytes(), random.below(200)).flatten(),
            ),
            2 => bytes.extend(b"\r\n"),
            _ => bytes.extend(PIECES[random.below(PIECES.len())].as_bytes()),
        }
    }
    match random.below(4) {
        0 => {}
        1 => {
            let (at, byte) = (random.below(bytes.len()), random.below(256) as u8);
            bytes.get_mut(at).into_iter().for_each(|old| *old = byte);
            bytes.extend(b"\r\n\r\n");
        }
        _ => bytes.extend(b"\r\n\r\n"),
    }
    bytes
}

#[test]
fn malformed_requests_end_nothing() {
    let site = Folder::site("minimal");
    let mut preview = Preview::of(&site);
    let count = std::env::var("GALEN_MALFORMED").ok().and_then(|count| count.parse().ok()).unwrap_or(REQUESTS);
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for number in 0..count {
        preview.throw(&request(&mut random, preview.port));
        if number % 500 == 0 {
            assert!(preview.get("/guides/first").has("One paragraph."), "after {number}");
        }
    }
    assert!(preview.lives() && preview.get("/guides/first").has("One paragraph."));
    assert!(!preview.said().contains("panicked"), "{}", preview.said());
}

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
