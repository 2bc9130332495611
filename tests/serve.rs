//! The preview: the real program, spoken to over sockets as browsers and others speak to it.
//!
//! `tests/serve/` holds who may read it (`hosts.txt`) and spellings of what nobody may (`paths.txt`). Two numbers can be raised
//! for a long run: `GALEN_SERVE_SWITCHES` (8) and `GALEN_SERVE_REQUESTS` (2000).

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{Folder, TODAY, put, repository, tree};

/// How long a state may take to come. Only a failure waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running preview. It ends with the value.
struct Preview {
    process: Child,
    port: u16,
}

/// What came back.
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Preview {
    fn of(folder: &Folder) -> Self {
        Self::with(folder, &[])
    }

    fn with(folder: &Folder, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galen"));
        command.args(["serve", "--port", "0", "--as-of", TODAY, "--root"]).arg(folder.path()).args(arguments);
        let mut process = command.env_clear().stderr(Stdio::piped()).stdin(Stdio::null()).spawn().expect("it starts");
        let told = BufReader::new(process.stderr.take().expect("standard error is piped"));
        let port = told.lines().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://localhost:")?;
            rest.split('/').next()?.parse().ok()
        });
        Self { process, port: port.expect("the preview says where it is") }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("somebody listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit can be set");
        stream
    }

    /// Sends bytes as they are, and nothing after them where that is `all`; reads what comes back as far as it can be read.
    fn raw(&self, request: &[u8], all: bool) -> Vec<u8> {
        let mut stream = self.connect();
        // A refused request may be answered before it was sent in full.
        let _ = stream.write_all(request);
        if all {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        reply
    }

    fn ask(&self, path: &str, headers: &str) -> Reply {
        let reply = self.raw(format!("GET {path} HTTP/1.1\r\n{headers}connection: close\r\n\r\n").as_bytes(), false);
        let text = String::from_utf8_lossy(&reply).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Reply { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Reply {
        self.ask(path, &format!("host: localhost:{}\r\n", self.port))
    }

    /// Asks again and again until an answer is right.
    fn until(&self, path: &str, what: &str, is_right: impl Fn(&Reply) -> bool) -> Reply {
        let began = Instant::now();
        loop {
            let reply = self.get(path);
            if is_right(&reply) {
                return reply;
            }
            assert!(began.elapsed() < PATIENCE, "{path} never {what}: {} {}", reply.status, reply.body);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn until_shown(&self, path: &str, text: &str) -> Reply {
        self.until(path, &format!("shows {text:?}"), |reply| {
            reply.status == 200 && published(&reply.body).contains(text)
        })
    }

    /// The events of new editions, as lines.
    fn events(&self) -> impl Iterator<Item = u64> + use<> {
        let mut stream = self.connect();
        let request = format!("GET /_galen/events HTTP/1.1\r\nhost: localhost:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).expect("the request can be sent");
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        lines.filter_map(|line| line.strip_prefix("data: ")?.split(' ').nth(1)?.parse().ok())
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A page without what the preview adds to it.
fn published(page: &str) -> String {
    let Some(end) = page.rfind("</body>") else { return page.to_owned() };
    let added = ["<galen-findings>", "<galen-panel>", "<script src=\"/_galen/client.js\""];
    let start = added.iter().filter_map(|element| page.find(element)).min().unwrap_or(end);
    format!("{}{}", &page[..start], &page[end..])
}

fn lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join("tests/serve").join(file)).expect("the cases are there");
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

const HEADACHE: &str = "articles/symptoms-guide/headache.md";

#[test]
fn an_edit_is_shown_and_told_of() {
    let folder = Folder::demonstration();
    let before = folder.names();
    let preview = Preview::of(&folder);
    let mut events = preview.events();
    let first = events.next().expect("the newest edition is told at once");
    let text = folder.read(HEADACHE);
    put(&folder.join(HEADACHE), format!("{text}\nEdited in place.\n").as_bytes());
    assert!(events.next().expect("an edit is told of") > first);
    preview.until_shown("/symptoms-guide/headache", "Edited in place.");

    // As editors save: a new file takes the place of the old one.
    put(&folder.join("articles/symptoms-guide/.headache.swp"), format!("{text}\nSaved by renaming.\n").as_bytes());
    fs::rename(folder.join("articles/symptoms-guide/.headache.swp"), folder.join(HEADACHE)).expect("it can be renamed");
    let page = preview.until_shown("/symptoms-guide/headache", "Saved by renaming.");
    assert!(!page.body.contains("Edited in place."));

    // A new article, in a new folder; then both are gone.
    put(&folder.join("articles/new-section/new-article.md"), text.as_bytes());
    preview.until("/new-section/new-article", "comes", |reply| reply.status == 200);
    fs::remove_dir_all(folder.join("articles/new-section")).expect("it can be removed");
    preview.until("/new-section/new-article", "goes", |reply| reply.status == 404);

    // Settings, data and templates reach pages, too.
    let site = folder.read("site.toml");
    put(&folder.join("site.toml"), site.replace("title = \"Galen Health\"", "title = \"Another name\"").as_bytes());
    preview.until_shown("/", "Another name");
    let home = folder.read("templates/home.html");
    put(
        &folder.join("templates/home.html"),
        b"{% extends \"base.html\" %}{% block main %}<h1>Own home</h1>{% endblock main %}",
    );
    preview.until_shown("/", "Own home");
    put(&folder.join("templates/home.html"), home.as_bytes());
    preview.until("/", "goes back", |reply| !reply.body.contains("Own home"));
    drop(preview);
    assert_eq!(folder.names(), before, "nothing is written");
}

#[test]
fn a_mistake_stands_beside_its_page_until_it_is_mended() {
    let folder = Folder::demonstration();
    let preview = Preview::of(&folder);
    let text = folder.read(HEADACHE);
    put(&folder.join(HEADACHE), text.replacen("title =", "titel =", 1).replace("</", "").as_bytes());
    let page = preview.until("/symptoms-guide/headache", "tells", |reply| reply.body.contains("unknown key `titel`"));
    assert_eq!(page.status, 200);
    for part in ["articles/symptoms-guide/headache.md:2", "did you mean `title`?", "titel = "] {
        assert!(page.body.contains(part), "{part}");
    }
    let other = preview.get("/symptoms-guide/heartburn").body;
    assert!(other.contains("elsewhere") && !other.contains("titel"), "another page counts it only");
    put(&folder.join(HEADACHE), text.as_bytes());
    preview.until("/symptoms-guide/headache", "is clean", |reply| !reply.body.contains("<galen-findings>"));
}

#[test]
fn it_always_starts_and_comes_back() {
    // No site at all, then one without articles, then one that is broken in every way, then a whole one.
    let folder = Folder::new();
    let preview = Preview::of(&folder);
    let page = preview.get("/");
    assert!(page.status == 503 && page.body.contains("site.toml"), "{}", page.body);
    put(&folder.join("site.toml"), b"title = \"Alive\"\nbase_url = \"https://alive.example\"\n");
    preview.until_shown("/", "Alive");
    put(&folder.join("articles/a.md"), b"+++\ntitle = [broken\n+++\n> [!NOTHING] x\n\n<b>raw</b> ![](gone.png)\n");
    put(&folder.join("templates/article.html"), b"{% if %}");
    put(&folder.join("templates/home.html"), b"{{ nothing.there.at.all }}");
    put(&folder.join("data/people/p.md"), b"no front matter");
    preview
        .until("/a", "is shown all the same", |reply| reply.status == 200 && reply.body.contains("<galen-findings>"));
    preview.until("/", "says what stops it", |reply| reply.body.contains("templates/home.html"));
    // The folder goes away for a while: the last good pages stay.
    let aside = folder.path().with_extension("aside");
    fs::rename(folder.path(), &aside).expect("it can be renamed");
    preview.until("/a", "says that the site is gone", |reply| reply.body.contains("the site cannot be read"));
    fs::rename(&aside, folder.path()).expect("it can be renamed back");
    preview.until("/a", "comes back", |reply| !reply.body.contains("the site cannot be read"));
    fs::remove_dir_all(folder.join("templates")).expect("it can be removed");
    fs::remove_dir_all(folder.join("data")).expect("it can be removed");
    put(&folder.join("articles/a.md"), b"+++\ntitle = \"Whole\"\ndescription = \"d\"\nkind = \"page\"\n+++\nText.\n");
    preview.until("/a", "is clean", |reply| reply.body.contains("Whole") && !reply.body.contains("<galen-findings>"));
}

#[test]
fn switches_of_a_branch_end_where_a_build_ends() {
    let folder = Folder::demonstration();
    let article = |name: usize, version: usize| {
        let lead = format!("Version {version} of number {name}.");
        format!(
            "+++\ntitle = \"Number {name} {version}\"\ndescription = \"{lead}\"\nkind = \"page\"\n+++\n{lead}\n\n## One\n\nText.\n"
        )
    };
    let files = number("GALEN_SERVE_FILES", 150);
    let switch = |version: usize| {
        for name in 0..files {
            let path = folder.join(&format!("articles/branch/n{name}.md"));
            match (name + version) % 7 {
                0 => drop(fs::remove_file(path)),
                1 if version > 1 => {}
                _ => put(&path, article(name, version).as_bytes()),
            }
        }
    };
    switch(1);
    let preview = Preview::of(&folder);
    for version in 2..2 + number("GALEN_SERVE_SWITCHES", 8) {
        switch(version);
        // At a moment of its own each time: before, while and after it is linked.
        std::thread::sleep(Duration::from_millis((version as u64 * 37) % 300));
    }
    let out = Folder::new();
    folder.build().args(["--out"]).arg(out.join("public")).run();
    let built = tree(&out.join("public"));
    let began = Instant::now();
    for (path, bytes) in built.iter().filter(|(path, _)| path.ends_with(".html") && *path != "404.html") {
        let address = match path.as_str() {
            "index.html" => "/".to_owned(),
            path => format!("/{}", path.trim_end_matches(".html")),
        };
        let wanted = String::from_utf8_lossy(bytes);
        loop {
            let reply = preview.get(&address);
            if published(&reply.body) == wanted || (reply.status == 301 && wanted.contains("http-equiv=\"refresh\"")) {
                break;
            }
            assert!(began.elapsed() < PATIENCE * 2, "{address} is not what a build makes:\n{}", reply.body);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    for name in (0..files).filter(|name| !built.contains_key(&format!("branch/n{name}.html"))) {
        assert_eq!(preview.get(&format!("/branch/n{name}")).status, 404);
    }
}

#[test]
fn nobody_else_reads_it() {
    let folder = Folder::demonstration();
    let preview = Preview::of(&folder);
    let mut wrong = Vec::new();
    let routes =
        [("/", false), ("/search", false), ("/feed.xml", false), ("/_galen/", true), ("/_galen/client.js", true)];
    let mut cases = 0;
    for line in lines("hosts.txt") {
        let (statuses, headers) = line.split_once('|').expect("statuses and headers");
        let statuses: Vec<u16> = statuses.split_whitespace().map(|status| status.parse().expect("a status")).collect();
        let headers = headers.replace("PORT", &preview.port.to_string());
        let headers: String = headers.split('|').map(|header| format!("{}\r\n", header.trim())).collect();
        cases += 1;
        for (route, private) in routes {
            let reply = preview.ask(route, &headers);
            let wanted = statuses[usize::from(private)];
            // The parser of HTTP itself may have refused a name that is none.
            if reply.status != wanted && !(wanted == 403 && reply.status == 400) {
                wrong.push(format!("{route} {headers:?}: {} instead of {wanted}", reply.status));
            }
            if reply.head.contains("access-control-allow") {
                wrong.push(format!("{route} {headers:?}: opens itself to other sites"));
            }
        }
        let reply = preview.ask("/_galen/as-of?day=2027-01-01&to=/", &headers);
        if (reply.status == 303) != (statuses[1] == 200) {
            wrong.push(format!("as-of {headers:?}: {}", reply.status));
        }
    }
    assert!(cases >= 60, "{cases}");
    let foreign =
        preview.raw(b"GET http://evil.example/ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", false);
    assert!(!String::from_utf8_lossy(&foreign).contains("200 OK"));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
        let request = format!("{method} / HTTP/1.1\r\nhost: localhost:{}\r\nconnection: close\r\n\r\n", preview.port);
        assert!(String::from_utf8_lossy(&preview.raw(request.as_bytes(), false)).contains(" 405 "), "{method}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_spelling_leads_out_of_the_site() {
    const SECRET: &str = "xyzzy-secret";
    let parent = Folder::new();
    put(&parent.join("secret.txt"), SECRET.as_bytes());
    let folder = Folder::demonstration()
        .replace("site.toml", "[review]", &format!("# {SECRET}\n[review]"))
        .file("secret.txt", SECRET)
        .file("drafts/secret.txt", SECRET)
        .file(".git/config", SECRET)
        .file("static/sub/open.txt", "open");
    let preview = Preview::of(&folder);
    assert_eq!(preview.get("/sub/open.txt").body, "open");
    let cases = lines("paths.txt");
    assert!(cases.len() >= 200, "{}", cases.len());
    for path in &cases {
        for prefix in ["", "/symptoms-guide", "/sub", "/_galen"] {
            let reply = preview.get(&format!("{prefix}{path}"));
            assert!(!reply.body.contains(SECRET), "{prefix}{path} gives {}", reply.body);
            assert!(!reply.body.contains("+++\n"), "{prefix}{path} gives a source");
            assert!(
                !reply.head.contains("location: //") && !reply.head.contains("evil"),
                "{prefix}{path}: {}",
                reply.head
            );
        }
    }
    for to in
        ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aset-cookie:a=b", "javascript:alert(1)"]
    {
        let reply = preview.get(&format!("/_galen/as-of?day=2027-01-01&to={to}"));
        assert!(!reply.head.contains("evil") && !reply.head.contains("javascript"), "{}", reply.head);
    }
    // A file that becomes a link to elsewhere after it was found.
    #[cfg(unix)]
    {
        fs::remove_file(folder.join("static/sub/open.txt")).expect("it can be removed");
        std::os::unix::fs::symlink(parent.join("secret.txt"), folder.join("static/sub/open.txt")).expect("a link");
        assert!(!preview.get("/sub/open.txt").body.contains(SECRET));
    }
}

#[test]
fn no_request_ends_it() {
    let folder = Folder::demonstration();
    let preview = Preview::of(&folder);
    let whole =
        format!("GET /symptoms-guide/headache?a=b HTTP/1.1\r\nhost: localhost:{}\r\naccept: */*\r\n\r\n", preview.port);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..number("GALEN_SERVE_REQUESTS", 2_000) {
        let mut request = whole.clone().into_bytes();
        for _ in 0..=next(6) {
            let at = next(request.len().max(1));
            if request.is_empty() {
                break;
            }
            match next(5) {
                0 => request[at] = next(256) as u8,
                1 => drop(request.remove(at)),
                2 => request.insert(at, next(256) as u8),
                3 => request.truncate(at.max(1)),
                _ => {
                    let piece = request[at..].to_vec();
                    request.extend_from_slice(&piece[..piece.len().min(200)]);
                }
            }
        }
        let _ = preview.raw(&request, true);
    }
    let long = preview.raw(
        format!("GET /{} HTTP/1.1\r\nhost: localhost:{}\r\n\r\n", "a".repeat(1 << 20), preview.port).as_bytes(),
        false,
    );
    assert!(!String::from_utf8_lossy(&long).contains("200 OK"));
    assert_eq!(preview.get("/").status, 200, "it still answers");
}

#[test]
fn another_day_is_a_cookie_away() {
    let folder = Folder::demonstration();
    let text = folder.read(HEADACHE).replacen("title = ", "published = 2027-03-01\ntitle = ", 1);
    let mut lines: Vec<&str> = text.lines().collect();
    let mut seen = 0;
    lines.retain(|line| {
        seen += usize::from(line.starts_with("published"));
        !line.starts_with("published") || seen == 1
    });
    put(&folder.join(HEADACHE), lines.join("\n").as_bytes());
    let preview = Preview::of(&folder);
    assert_eq!(preview.get("/symptoms-guide/headache").status, 404);
    let chosen = preview.get("/_galen/as-of?day=2027-03-02&to=/symptoms-guide/headache");
    assert!(chosen.status == 303 && chosen.head.contains("location: /symptoms-guide/headache"), "{}", chosen.head);
    assert!(chosen.head.contains("samesite=strict"));
    let later = |path: &str| {
        preview.ask(path, &format!("host: localhost:{}\r\ncookie: galen-as-of=2027-03-02\r\n", preview.port))
    };
    assert_eq!(later("/symptoms-guide/headache").status, 200);
    assert_eq!(preview.get("/symptoms-guide/headache").status, 404, "only for whoever chose it");
    assert!(later("/_galen/").body.contains("2027-03-02"));
}

#[test]
fn a_port_in_use_is_passed_over() {
    let folder = Folder::demonstration();
    let first = Preview::of(&folder);
    let port = first.port.to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_galen"));
    command.args(["serve", "--port", &port, "--root"]).arg(folder.path());
    let mut process = command.env_clear().stderr(Stdio::piped()).spawn().expect("it starts");
    let told = BufReader::new(process.stderr.take().expect("standard error is piped"));
    let said: Vec<String> = told.lines().map_while(Result::ok).take(3).collect();
    let _ = process.kill();
    let _ = process.wait();
    assert!(said[0].contains(&format!("port {port} is in use")), "{said:?}");
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_asked_to() {
    let folder = Folder::demonstration();
    let mut preview = Preview::of(&folder);
    let mut events: Vec<_> = (0..5).map(|_| preview.events()).collect();
    assert!(events.iter_mut().all(|events| events.next().is_some()));
    let id = preview.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill is there").success());
    let began = Instant::now();
    let status = loop {
        if let Some(status) = preview.process.try_wait().expect("it can be asked") {
            break status;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "it is still there");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
}
