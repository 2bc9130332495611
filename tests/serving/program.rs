//! The running program and what a test asks of it: requests over real connections, and the stream of editions.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Folder, TODAY};

/// How long anything is waited for. Far longer than it takes, so that a busy machine breaks no test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A preview that ends with the value.
pub(crate) struct Preview {
    child: Child,
    pub(crate) port: u16,
    said: Arc<Mutex<String>>,
}

/// What came back for a request.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The lines of the head, names in small letters.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// A response that was read to its end; None where it is none.
    fn new(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let (first, head) = head.split_once("\r\n").unwrap_or((head, ""));
        let status = first.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
        let small = |line: &str| line.split_once(": ").map(|(name, value)| format!("{}: {value}", name.to_lowercase()));
        let head = head.lines().filter_map(small).collect::<Vec<_>>().join("\n");
        Some(Self { status, head, body: bytes[end + 4..].to_vec() })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }
}

impl Preview {
    /// The preview of a folder on the day of the tests, once it says where it is.
    pub(crate) fn of(folder: &Folder) -> Self {
        Self::with(folder, &["--port", "0", "--root", "."])
    }

    pub(crate) fn with(folder: &Folder, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galen"));
        command.current_dir(folder.path()).args(["serve", "--as-of", TODAY]).args(arguments).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (said, stderr) =
            (Arc::new(Mutex::new(String::new())), child.stderr.take().expect("standard error is ours"));
        let hears = Arc::clone(&said);
        // Ends with the program.
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                *hears.lock().expect("no test panics here") += &(line + "\n");
            }
        });
        let mut preview = Self { child, port: 0, said };
        let began = Instant::now();
        preview.port = loop {
            let said = preview.said();
            let port = said.split_once("http://localhost:").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
            if let Some(port) = port {
                break port.parse().expect("the address has a port");
            }
            assert!(began.elapsed() < PATIENCE, "the preview does not start: {said}");
            assert!(preview.lives(), "the preview ended: {said}");
            thread::sleep(Duration::from_millis(5));
        };
        preview
    }

    /// Everything on standard error so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("no test panics here").clone()
    }

    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the preview listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
        stream
    }

    /// Sends bytes as they are and reads what comes back; None where that is no response.
    pub(crate) fn send(&self, bytes: &[u8]) -> Option<Response> {
        let mut stream = self.connect();
        // Whoever is refused early may find the door closed already.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Response::new(&answer)
    }

    /// Sends bytes, says that no more will come, and takes what comes back within a moment.
    pub(crate) fn throw(&self, bytes: &[u8]) {
        let mut stream = self.connect();
        stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a time limit can be set");
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.take(1 << 16).read_to_end(&mut Vec::new());
    }

    /// A request with the given header lines and no others.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[String]) -> Response {
        let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let request = format!("{method} {target} HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
        self.send(request.as_bytes()).unwrap_or_else(|| panic!("no answer to {request:?}"))
    }

    /// What a browser gets that is led here by its editor.
    pub(crate) fn get(&self, target: &str) -> Response {
        self.ask("GET", target, &[format!("host: localhost:{}", self.port)])
    }

    /// Listens for editions.
    pub(crate) fn events(&self) -> Events {
        let mut stream = self.connect();
        let request = format!("GET /_galen/events HTTP/1.1\r\nhost: localhost:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).expect("the preview listens");
        Events(BufReader::new(stream))
    }

    /// Does as a browser does, which looks at a page when it is told of an edition and not before, until the page is as
    /// wanted. That no edition comes any more is the failure of the test.
    pub(crate) fn until(
        &self,
        events: &mut Events,
        target: &str,
        what: &str,
        is: impl Fn(&Response) -> bool,
    ) -> Response {
        let began = Instant::now();
        loop {
            let response = self.get(target);
            if is(&response) {
                return response;
            }
            let last = format!("{target}: {what}: {} {}", response.status, response.text());
            assert!(began.elapsed() < PATIENCE, "not yet: {last}");
            events.next().unwrap_or_else(|| panic!("no new edition, and yet no {last}"));
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The stream of editions.
pub(crate) struct Events(BufReader<TcpStream>);

/// The run of the program, and the number of an edition in it.
pub(crate) type Edition = (String, u64);

impl Events {
    /// Waits for the next edition; None where none comes, or the stream ends.
    pub(crate) fn next(&mut self) -> Option<Edition> {
        let (began, mut line) = (Instant::now(), String::new());
        // The stream is kept alive with lines that say nothing.
        while began.elapsed() < PATIENCE && self.0.read_line(&mut line).ok()? > 0 {
            if let Some(data) = line.strip_prefix("data: ") {
                let (run, number) = data.trim().split_once(' ').expect("a run and a number");
                return Some((run.to_owned(), number.parse().expect("a number")));
            }
            line.clear();
        }
        None
    }
}
