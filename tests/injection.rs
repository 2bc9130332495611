//! Whatever an editor writes, wherever: it is text on the page, and never an element, attribute or script of its own.
//!
//! Every payload stands in every place that content reaches, once with each setting of `markdown.html`. The finished files
//! are read by a real HTML parser and compared with those of a twin site that has a plain word in the payload's place.

mod support;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use support::{Folder, Tree};

/// Texts that mean something in HTML, Markdown, JSON, XML, URLs or templates.
const TEXTS: [&str; 72] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</ScRiPt ><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\">",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=\"data:text/html,x\"></object>",
    "<embed src=\"javascript:alert(1)\">",
    "<base href=\"https://evil.example/\">",
    "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\">",
    "<link rel=stylesheet href=//evil.example>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=\"https://evil.example\"><button>x</button></form>",
    "<button formaction=\"javascript:alert(1)\">x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href='java&#x0A;script:alert(1)'>x</a>",
    "<b onmouseover=alert(1)>x</b>",
    "<b style=\"position:fixed;inset:0\" class=\"skip\" id=\"main\">x</b>",
    "<p><div></p></div></section></main></body></html>",
    "</main></div></section></article></body>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</noscript><script>alert(1)</script>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<plaintext>",
    "<template><script>alert(1)</script></template>",
    "<select><option>x</select>",
    "<table><tr><td>x",
    "<!-- comment -->",
    "<!--",
    "--><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!DOCTYPE html>",
    "<?php echo 1; ?>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "` onmouseover=alert(1) `",
    "x\" style=\"x:expression(alert(1))\" x=\"",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;script&#x3e;alert(1)&#x3c/script&#x3e",
    "&quot; onmouseover=&quot;alert(1)",
    "&amp;lt;script&amp;gt; &notit; &#0; &#x110000;",
    "\u{2028}\u{2029}alert(1)",
    "\u{202e}<script>\u{202c}",
    "\u{ff1c}script\u{ff1e}alert(1)",
    "{{ 7 * 7 }}{% raw %}{{ site }}{% endraw %}{# x #}",
    "{% include \"base.html\" %}{{ \"<script>\" | safe }}",
    "\\\"-alert(1)-\\\"",
    "\",\"@type\":\"Evil\",\"x\":\"",
    "[x](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>",
    "[x](https://a.example \"t\" onclick=alert(1))",
    "[x](<javascript:alert(1)> \"t\"){onclick=alert(1) .a #b}",
    "x {#a\" onclick=\"alert(1) .b\" .c' onclick=x}",
    "```\"><script>alert(1)</script>",
    "| x | <script> |",
    "[^\"><script>alert(1)</script>]",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
];

/// Links that try to be more than links.
const LINKS: [&str; 36] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\rscript:alert(1)",
    "javascript\u{0}:alert(1)",
    "javascript\t:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "javascript%3Aalert(1)",
    "\u{feff}javascript:alert(1)",
    "\u{a0}javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "DATA:image/svg+xml,<svg onload=alert(1)>",
    "blob:https://a.example/x",
    "file:///etc/passwd",
    "filesystem:https://a.example/x",
    "view-source:javascript:alert(1)",
    "feed:javascript:alert(1)",
    "https://a.example/\" onclick=\"alert(1)",
    "https://a.example/'><script>alert(1)</script>",
    "https://a.example/\n/* https://evil.example 301",
    "https://a.example/ 200\n/* https://evil.example 301",
    "/\" onclick=\"alert(1)",
    "/x\n/* https://evil.example 301",
    "#\"><script>alert(1)</script>",
    "?\"><script>alert(1)</script>",
    "mailto:a@b.example?subject=\"><script>alert(1)</script>",
];

/// Names that try to be more than names, or to leave the site.
const NAMES: [&str; 20] = [
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "\" onclick=\"alert(1)",
    "' onclick='alert(1)",
    "../../outside",
    "..",
    "/etc/passwd",
    "//evil.example",
    "a/../../outside",
    "%2e%2e%2foutside",
    "..%5coutside",
    "a\\b",
    "a\u{0}b",
    "a\nb 301",
    "a b",
    "&quot;x&lt;",
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
    "\u{2028}x\u{202e}",
    ".galen",
];

/// What stands in a payload's place on the twin.
const WORD: &str = "word";

/// A TOML string on one line, which JSON's strings are as well.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

const RULES: &str = "missing-title missing-description missing-author missing-reviewer self-review unknown-key unknown-person \
    unknown-tag unknown-category unknown-source unknown-block broken-link broken-fragment missing-alt raw-html \
    faq-question-markup";

/// Words of the theme that stand in places of all kinds: elements, attributes, headings, titles.
const LABELS: &str = "home skip menu breadcrumb search search_hint search_none search_found search_meant written_by published tags contents takeaways faq \
    sources back_to_text source_number note_number history_clinical disclaimer experts related articles_by see promotion \
    emergency_hidden emergency_numbers note ask_field video_outside feed picture_credit gone not_found moved footnotes date";

/// A site with a payload in every place where any text may stand.
fn site_with(text: &str, policy: &str) -> Folder {
    let p = &quoted(text);
    // A text that is a line, which what begins a block of code is not.
    let within = &quoted(text.trim_start_matches("```"));
    // A place within one line of Markdown.
    let line = &text.replace(['\n', '\r'], " ");
    let rules: String = RULES.split_whitespace().map(|rule| format!("{rule} = \"off\"\n")).collect();
    let labels: String = LABELS.split_whitespace().map(|label| format!("{label} = {p}\n")).collect();
    let settings = format!(
        "title = {p}\nbase_url = \"https://site.example\"\ndescription = {p}\ncountry = \"GB\"\n\
         [markdown]\nhtml = \"{policy}\"\n[syndication]\njson = true\n[pagination]\nsize = 1\n[ask]\naction = \"/ask\"\n\
         [rules]\n{rules}[labels]\n{labels}[extra]\nx = {p}\n\
         [redirects]\n\"/old\" = \"/s/a\"\n\
         [navigation]\nheader = [{{ title = {p}, href = \"/\" }}, {{ title = {p}, links = [{{ title = {p}, href = \"/s\" }}] }}]\n\
         footer = [{{ title = {p}, links = [{{ title = {p}, href = \"/s\" }}] }}]\n\
         [organization]\nname = {p}\naddress = {p}\nemail = {p}\ndisclaimer = {p}\n"
    );
    let front = format!(
        "title = {p}\ndescription = {p}\nshort_title = {p}\nseo_title = {p}\nauthor = \"p\"\nreviewer = \"q\"\nkind = \"symptom\"\n\
         category = \"c\"\ntags = [\"t\"]\npublished = 2026-01-01\nreviewed = 2026-01-01\ntakeaways = [{within}]\n\
         about = {{ type = \"Drug\", name = {p}, codes = {{ {p} = {p} }} }}\nextra = {{ x = {p} }}\n\
         [image]\nsrc = \"a.gif\"\nalt = {p}\ncaption = {p}\ncredit = {p}\n\
         [[faq]]\nquestion = {p}\nanswer = {p}\n\
         [[source]]\nid = {p}\ntitle = {p}\npublisher = {p}\nurl = \"https://source.example/\"\n\
         [[history]]\ndate = 2026-01-01\nkind = \"clinical\"\nnote = {p}\n"
    );
    let body = format!(
        "Lead {line} lead.\n\n## {line}\n\n## Heading {{#{line}}}\n\n## Heading {{.{line}}}\n\n### Heading {{#i .c x={line}}}\n\n\
         {line}\n\n[{line}](b.md) [x](b.md \"{line}\") [x](b.md '{line}') [x][ref] ![{line}](a.gif) ![x](a.gif \"{line}\")\n\n\
         ![{line}](a.gif \"{line}\")\n\n[ref]: b.md \"{line}\"\n\n*{line}* **{line}** ~~{line}~~ `{line}` ~{line}~ ^{line}^\n\n\
         - {line}\n  - {line}\n\n1. {line}\n\n- [ ] {line}\n\n> {line}\n\n| {line} | x |\n|---|---|\n| {line} | {line} |\n\n\
         {line}\n: {line}\n\nA note[^n] and a source[^{line}].\n\n[^n]: {line}\n\n```{line}\n{line}\n```\n\n    {line}\n\n\
         > [!NOTE] {line}\n> {line}\n\n> [!EMERGENCY] {line}\n> - {line}\n\n> [!{line}] {line}\n> {line}\n\n> [!ASK] {line}\n> {line}\n\n\
         > [!EXPERTS] {line}\n> {line}\n\n> [!PROMO] o\n\n> [!VIDEO] {line}\n\n> [!VIDEO] {line}\n> [{line}](https://video.example/)\n\n\
         {line}<b>{line}</b> <i>\n\n<div>\n{line}\n</div>\n\n{line}\n"
    );
    let person = |given: &str| {
        format!(
            "+++\ngiven = {given}\nfamily = {p}\nhonorific = {p}\ncredentials = [{p}, {p}]\nrole = {p}\ncountry = {p}\nconflicts = {p}\n\
             specialties = [\"t\"]\nreviews = true\nexpert = true\nphoto = \"/a.gif\"\n+++\n{text}\n\n## {line}\n"
        )
    };
    let label = format!("title = {p}\ndescription = {p}\nsynonyms = [{p}]\n");
    Folder::new()
        .file("site.toml", settings)
        .file("articles/_section.md", format!("+++\ntitle = {p}\ndescription = {p}\n+++\n{text}\n"))
        .file("articles/s/_section.md", format!("+++\ntitle = {p}\ndescription = {p}\n+++\n{text}\n\n## {line}\n"))
        .file("articles/s/a.md", format!("+++\n{front}+++\n{body}"))
        .file("articles/s/b.md", format!("+++\n{front}+++\n{text}\n"))
        .file(
            "articles/s/gone.md",
            format!("+++\ntitle = {p}\ndescription = {p}\nwithdrawn = {{ date = 2026-01-01, reason = {p} }}\n+++\n"),
        )
        .file("articles/s/a.gif", GIF)
        .file("static/a.gif", GIF)
        .file("data/people/p.md", person(p))
        .file("data/people/q.md", person("\"Q\""))
        .file(
            "data/glossary/g/t.md",
            format!("+++\ntitle = {p}\nsynonyms = [{p}]\nabbreviation = {p}\ndescription = {p}\n+++\n{text}\n"),
        )
        .file("data/tags.toml", format!("[t]\n{label}"))
        .file("data/categories.toml", format!("[c]\n{label}"))
        .file("data/sources.toml", format!("[{p}]\ntitle = {p}\npublisher = {p}\n"))
        .file(
            "data/promos.toml",
            format!("[o]\ntitle = {p}\ntext = {within}\naction = {p}\nlabel = {p}\nhref = \"/s\"\n"),
        )
        .file("data/emergency.toml", format!("[GB]\nnumbers = [{{ label = {p}, number = \"999\" }}]\n"))
}

/// The smallest picture: 1 by 1.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// What a page of the twin sites holds: everything a page with a payload may hold.
struct Allowed {
    /// Element and attribute; an element alone has an empty attribute.
    markup: BTreeSet<(String, String)>,
    /// Elements that do something, with all that they do.
    machines: BTreeSet<String>,
}

/// What ammonia lets through where the site asks for it, as `docs/authoring.md` tells.
const HARMLESS: &str = "abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em hr i ins kbd li mark ol p \
    pre q s samp small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr";
const HARMLESS_ATTRIBUTES: &str = "lang dir title start colspan rowspan scope datetime";

fn harmless() -> impl Iterator<Item = (String, String)> {
    let pair = |element: &str, attribute: &str| (element.to_owned(), attribute.to_owned());
    let attributes = || std::iter::once("").chain(HARMLESS_ATTRIBUTES.split_whitespace());
    HARMLESS.split_whitespace().flat_map(move |element| attributes().map(move |attribute| pair(element, attribute)))
}

fn is_machine(element: &str) -> bool {
    matches!(
        element,
        "script"
            | "style"
            | "link"
            | "meta"
            | "base"
            | "form"
            | "input"
            | "button"
            | "textarea"
            | "iframe"
            | "video"
            | "html"
            | "head"
            | "body"
    )
}

/// A machine's element with its attributes; those that hold words are named only.
fn described(element: ElementRef<'_>) -> String {
    let mut attributes: Vec<String> = element
        .value()
        .attrs()
        .map(|(name, value)| {
            let holds_words = matches!(name, "content" | "title" | "value" | "placeholder" | "aria-label" | "action")
                || name.starts_with("data-")
                || (name == "href" && element.value().name() == "link")
                || (name == "src" && element.value().name() == "video");
            if holds_words { name.to_owned() } else { format!("{name}={value}") }
        })
        .collect();
    attributes.sort();
    format!("<{} {}>", element.value().name(), attributes.join(" "))
}

impl Allowed {
    fn of<'a>(outputs: impl IntoIterator<Item = &'a Tree>) -> Self {
        let (mut markup, mut machines) = (BTreeSet::new(), BTreeSet::new());
        for (_, bytes) in outputs.into_iter().flatten().filter(|(path, _)| path.ends_with(".html")) {
            let html = Html::parse_document(&String::from_utf8_lossy(bytes));
            for element in html.select(&ALL) {
                let name = element.value().name().to_owned();
                markup.extend(element.value().attrs().map(|(attribute, _)| (name.clone(), attribute.to_owned())));
                if is_machine(&name) {
                    machines.insert(described(element));
                }
                markup.insert((name, String::new()));
            }
        }
        // What plain Markdown makes of a payload is Markdown's business: emphasis, a list, code, a link.
        let markdown = [
            "a",
            "em",
            "strong",
            "code",
            "pre",
            "ul",
            "ol",
            "li",
            "hr",
            "br",
            "del",
            "sub",
            "sup",
            "blockquote",
            "h2",
            "h3",
        ];
        markup.extend(markdown.map(|element| (element.to_owned(), String::new())));
        markup.extend(
            [("a", "href"), ("a", "title"), ("code", "class"), ("ol", "start")]
                .map(|(e, a)| (e.to_owned(), a.to_owned())),
        );
        Self { markup, machines }
    }
}

static ALL: LazyLock<Selector> = LazyLock::new(|| Selector::parse("*").expect("a selector"));

/// Whether a browser would only go somewhere, or fetch something, over the web, by mail or by telephone.
fn is_harmless_address(value: &str) -> bool {
    static PAGE: LazyLock<url::Url> =
        LazyLock::new(|| url::Url::parse("https://site.example/s/a").expect("an address"));
    // What is no address leads nowhere.
    PAGE.join(value).map_or(true, |url| matches!(url.scheme(), "https" | "http" | "mailto" | "tel" | "sms"))
}

fn judge_page(html: &str, allowed: &Allowed, sanitizes: bool) -> Vec<String> {
    static SANITIZED: LazyLock<BTreeSet<(String, String)>> = LazyLock::new(|| harmless().collect());
    let page = Html::parse_document(html);
    let mut faults = Vec::new();
    for element in page.select(&ALL) {
        let name = element.value().name();
        let pairs =
            std::iter::once(String::new()).chain(element.value().attrs().map(|(attribute, _)| attribute.to_owned()));
        for attribute in pairs {
            let pair = (name.to_owned(), attribute);
            let is_allowed = allowed.markup.contains(&pair) || (sanitizes && SANITIZED.contains(&pair));
            if !is_allowed {
                faults.push(format!("<{} {}>", pair.0, pair.1));
            }
        }
        if is_machine(name) && !allowed.machines.contains(&described(element)) {
            faults.push(format!("another machine: {}", described(element)));
        }
        for (attribute, value) in element.value().attrs() {
            if matches!(attribute, "href" | "src" | "action" | "poster" | "cite" | "data-index" | "data-script")
                && !is_harmless_address(value)
            {
                faults.push(format!("{attribute}={value:?}"));
            }
            if attribute == "srcset" || attribute == "style" || attribute.starts_with("on") {
                faults.push(format!("{attribute}={value:?}"));
            }
        }
        if element.attr("http-equiv").is_some() {
            let to = element.attr("content").and_then(|content| content.strip_prefix("0; url="));
            if !to.is_some_and(|to| is_harmless_address(to.trim_matches(['"', '\'', ' ']))) {
                faults.push(format!("a refresh to {to:?}"));
            }
        }
    }
    for node in page.tree.nodes() {
        if node.value().is_comment() {
            faults.push("a comment".to_owned());
        }
    }
    let count = |selector: &str| page.select(&Selector::parse(selector).expect("a selector")).count();
    // A redirect has the bare frame of a page.
    let frame = if count("head > meta[http-equiv=refresh]") == 1 {
        vec!["body > main > h1"]
    } else {
        vec!["body > header.site-header", "body > main h1", "body > footer.site-footer"]
    };
    for part in frame {
        if count(part) != 1 {
            faults.push(format!("{} of {part}", count(part)));
        }
    }
    for script in page.select(&Selector::parse("script[type='application/ld+json']").expect("a selector")) {
        match serde_json::from_str::<Value>(&script.inner_html()) {
            Ok(graph) => {
                let kinds = graph["@graph"].as_array().into_iter().flatten().map(|node| node["@type"].to_string());
                faults.extend(kinds.filter(|kind| kind.contains("Evil")));
            }
            Err(error) => faults.push(format!("JSON-LD: {error}")),
        }
    }
    // What is printed again is read as the same page.
    let printed = page.html();
    // The printer escapes what stands in a noscript element, and the parser does not.
    if count("noscript") == 0 && Html::parse_document(&printed).html() != printed {
        faults.push("printed and read again, it is another page".to_owned());
    }
    faults
}

fn judge_xml(bytes: &[u8]) -> Option<String> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    reader.config_mut().check_comments = true;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(
                quick_xml::events::Event::Comment(_)
                | quick_xml::events::Event::CData(_)
                | quick_xml::events::Event::DocType(_),
            ) => {
                return Some("a comment, a section of text or a document type".to_owned());
            }
            Ok(_) => buffer.clear(),
            Err(error) => return Some(error.to_string()),
        }
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let is_illegal =
        |c: &char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().find(is_illegal).map(|c| format!("the character {c:?}"))
}

/// Everything that a payload must not have done to a finished site.
fn judge(output: &Tree, twin: &Tree, allowed: &Allowed, sanitizes: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, bytes) in output {
        let found = match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => judge_page(&String::from_utf8_lossy(bytes), allowed, sanitizes),
            Some("xml") => judge_xml(bytes).into_iter().collect(),
            Some("json" | "webmanifest") => {
                serde_json::from_slice::<Value>(bytes).err().map(|error| error.to_string()).into_iter().collect()
            }
            _ if path == "_headers" => {
                judge_headers(&String::from_utf8_lossy(bytes), &String::from_utf8_lossy(&twin[path]))
            }
            _ if path == "robots.txt" => (*bytes != twin[path]).then(|| "it differs".to_owned()).into_iter().collect(),
            _ if path == "_redirects" => judge_redirects(&String::from_utf8_lossy(bytes)),
            _ => Vec::new(),
        };
        faults.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    faults
}

/// Nothing but the origins in the policy may differ, and those are origins.
fn judge_headers(text: &str, twin: &str) -> Vec<String> {
    let is_policy = |line: &str| {
        let policy = line.strip_prefix("  Content-Security-Policy: ");
        policy.is_some_and(|policy| policy.chars().all(|c| c.is_ascii_alphanumeric() || " '.:/;-[]".contains(c)))
    };
    let lines = text.lines().zip(twin.lines());
    let mut faults: Vec<String> = lines
        .filter(|(line, other)| line != other && !(is_policy(line) && is_policy(other)))
        .map(|(line, _)| format!("the line {line:?}"))
        .collect();
    if text.lines().count() != twin.lines().count() {
        faults.push("it has more or fewer lines".to_owned());
    }
    faults
}

/// One rule a line, of three words, that begins on this site and is no wild card.
fn judge_redirects(text: &str) -> Vec<String> {
    let is_rule = |line: &str| {
        let [from, to, code] = line.split(' ').collect::<Vec<_>>()[..] else { return false };
        from.starts_with('/') && !from.contains(['*', ':']) && code == "301" && is_harmless_address(to)
    };
    text.lines().filter(|line| !is_rule(line)).map(|line| format!("the rule {line:?}")).collect()
}

/// Works on a list with two threads, and collects what each item gives.
fn on_each<T: Sync>(items: &[T], work: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut found = Vec::new();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.extend(work(item));
        }
        found
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(worker);
        let mut found = worker();
        found.extend(other.join().expect("no panic"));
        found
    })
}

/// The first faults of each kind, so that one mistake does not fill the screen.
fn assert_none(faults: Vec<String>) {
    let shown: Vec<&str> = faults.iter().take(40).map(String::as_str).collect();
    assert!(faults.is_empty(), "{}\n{} faults", shown.join("\n"), faults.len());
}

#[test]
fn no_text_becomes_markup() {
    let policies = ["deny", "escape", "sanitize"];
    let twins = policies.map(|policy| {
        let twin = site_with(WORD, policy);
        twin.build().run();
        (policy, twin.output())
    });
    // A payload with a slash in it names a video's file.
    let video = site_with("word/word", "deny");
    video.build().run();
    let video = video.output();
    let allowed = Allowed::of(twins.iter().map(|(_, output)| output).chain([&video]));
    let cases: Vec<(&str, &str, &Tree)> =
        twins.iter().flat_map(|(policy, twin)| TEXTS.iter().map(move |text| (*policy, *text, twin))).collect();
    let faults = on_each(&cases, |(policy, text, twin)| {
        let site = site_with(text, policy);
        // A link with a bad scheme is an error that no site can lower: then nothing at all may be written.
        let ran = site.build().may_refuse().run();
        let output = site.output();
        let mut faults = judge(&output, twin, &allowed, *policy == "sanitize");
        if output.is_empty() && !ran.stderr.contains("[unsafe-url]") {
            faults.push(format!("nothing was made: {}", ran.stderr));
        }
        for (path, page) in output.iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = Html::parse_document(&String::from_utf8_lossy(page));
            let others = page
                .select(&ALL)
                .filter(|form| form.attr("action").is_some())
                .filter(|form| !matches!(form.attr("action"), Some("/ask" | "/search")));
            faults.extend(others.map(|form| format!("{path}: a form to {:?}", form.attr("action"))));
        }
        if let Some(page) = output.get("s/b.html").filter(|_| !text.contains(|c: char| c.is_control())) {
            let page = Html::parse_document(&String::from_utf8_lossy(page));
            let shown: String =
                page.select(&Selector::parse("h1").expect("a selector")).flat_map(|title| title.text()).collect();
            if shown.split_whitespace().ne(text.split_whitespace()) {
                faults.push(format!("the title is shown as {shown:?}"));
            }
        }
        faults.into_iter().map(|fault| format!("{text:?} under {policy}: {fault}")).collect()
    });
    assert_none(faults);
}

/// A small site with one thing in one place that takes an address or a name.
fn site_where(place: &str, value: &str) -> Option<Folder> {
    let v = &quoted(value);
    let line = value.replace(['\n', '\r'], " ");
    let rules: String = RULES.split_whitespace().map(|rule| format!("{rule} = \"off\"\n")).collect();
    let is = |wanted: &str, text: String| if place == wanted { text } else { String::new() };
    let settings = format!(
        "title = \"T\"\nbase_url = \"https://site.example\"\ncountry = \"GB\"\n[search]\nindex = false\n[rules]\n{rules}{}{}{}{}{}{}{}",
        is("navigation", format!("[navigation]\nheader = [{{ title = \"x\", href = {v} }}]\n")),
        is("logo", format!("[organization]\nlogo = {v}\n")),
        is("privacy", format!("[organization]\nprivacy = {v}\nprinciples = {v}\nemail = {v}\n")),
        is("organization profile", format!("[organization]\nname = \"O\"\nprofiles = [{v}]\n")),
        is("ask action", format!("[ask]\naction = {v}\n")),
        is("redirect from", format!("[redirects]\n{v} = \"/s/b\"\n")),
        is("redirect to", format!("[redirects]\n\"/old\" = {v}\n")),
    );
    let front = [
        is("source url", format!("[[source]]\nid = \"s\"\ntitle = \"S\"\nurl = {v}\n")),
        is("hero", format!("[image]\nsrc = {v}\nalt = \"x\"\n")),
        is("alias", format!("aliases = [{v}]\n")),
        is("slug", format!("slug = {v}\n")),
        is("tag id", format!("tags = [{v}]\n")),
        is("category id", format!("category = {v}\n")),
    ]
    .concat();
    let body = [
        is("link", format!("[x]({line})\n")),
        is("link in brackets", format!("[x](<{line}>)\n")),
        is("autolink", format!("<{line}>\n")),
        is("reference", format!("[x][y]\n\n[y]: <{line}>\n")),
        is("picture", format!("![x](<{line}>)\n\na ![x](<{line}>) b\n")),
        is("video", format!("> [!VIDEO] {line}\n")),
        is("video link", format!("> [!VIDEO] x\n> [x](<{line}>)\n")),
        is("promo", "> [!PROMO] o\n".to_owned()),
        is("ask action", "> [!ASK]\n".to_owned()),
        is("emergency number", "> [!EMERGENCY] x\n> - x\n".to_owned()),
    ]
    .concat();
    let mut folder = Folder::new()
        .file("site.toml", settings)
        .file(
            "articles/s/a.md",
            format!("+++\ntitle = \"A\"\ndescription = \"A.\"\nauthor = \"p\"\n{front}+++\n{body}"),
        )
        .file("articles/s/b.md", "+++\ntitle = \"B\"\ndescription = \"B.\"\n+++\nB\n")
        .file(
            "data/people/p.md",
            format!(
                "+++\ngiven = \"P\"\n{}{}+++\n",
                is("profile", format!("profiles = [{v}]\n")),
                is("photo", format!("photo = {v}\n")),
            ),
        )
        .file(
            "data/promos.toml",
            format!("[o]\ntitle = \"O\"\ntext = \"O\"\nhref = {}\n", if place == "promo" { v } else { "\"/s\"" }),
        )
        .file(
            "data/emergency.toml",
            format!(
                "[GB]\nnumbers = [{{ label = \"x\", number = {} }}]\n",
                if place == "emergency number" { v } else { "\"999\"" }
            ),
        );
    for (wanted, file) in [("tag id", "tags"), ("category id", "categories")] {
        if place == wanted {
            folder = folder.file(&format!("data/{file}.toml"), format!("[{v}]\ntitle = \"x\"\n"));
        }
    }
    let texts = [
        ("article file", "articles/s/", "+++\ntitle = \"N\"\ndescription = \"N.\"\n+++\nN\n"),
        ("section folder", "articles/", ""),
        ("person file", "data/people/", "+++\ngiven = \"N\"\n+++\n"),
        ("term file", "data/glossary/g/", "+++\ntitle = \"N\"\n+++\n"),
        ("picture file", "articles/s/", ""),
    ];
    if let Some((_, below, text)) = texts.iter().find(|(wanted, ..)| *wanted == place) {
        // Not every name can be a file's.
        if value.contains(['/', '\0']) || value.starts_with('.') {
            return None;
        }
        folder = match place {
            "section folder" => folder.file(&format!("{below}{value}/n.md"), texts[0].2),
            "picture file" => folder.file(&format!("{below}{value}.gif"), GIF),
            _ => folder.file(&format!("{below}{value}.md"), text),
        };
    }
    Some(folder)
}

fn check_places(places: &[&str], values: &[&str]) {
    let mut twins: Vec<Tree> = Vec::new();
    for place in places {
        for word in ["https://a.example/", "/s/b", WORD] {
            let Some(twin) = site_where(place, word) else { continue };
            twin.build().may_refuse().run();
            twins.push(twin.output());
        }
    }
    let allowed = Allowed::of(&twins);
    let twin = twins.iter().find(|twin| !twin.is_empty()).expect("some twin is made");
    let cases: Vec<(&str, &str)> =
        places.iter().flat_map(|place| values.iter().map(move |value| (*place, *value))).collect();
    let faults = on_each(&cases, |(place, value)| {
        let Some(site) = site_where(place, value) else { return Vec::new() };
        let before = site.names();
        let ran = site.build().may_refuse().run();
        let mut faults = judge(&site.output(), twin, &allowed, false);
        let mut after = site.names();
        after.retain(|name| name != "public");
        if before != after {
            faults.push(format!("beside the output: {after:?}"));
        }
        if site.output().is_empty() && !ran.stderr.contains("error[") {
            faults.push(format!("nothing was made, and nobody says why: {}", ran.stderr));
        }
        if site.join("../outside.html").exists() || site.join("../../outside.html").exists() {
            faults.push("a file outside the site".to_owned());
        }
        faults.into_iter().map(|fault| format!("{place} {value:?}: {fault}")).collect()
    });
    assert_none(faults);
}

#[test]
fn no_address_runs_or_breaks_out() {
    let places = [
        "link",
        "link in brackets",
        "autolink",
        "reference",
        "picture",
        "video",
        "video link",
        "promo",
        "navigation",
        "logo",
        "privacy",
        "organization profile",
        "ask action",
        "redirect from",
        "redirect to",
        "source url",
        "hero",
        "alias",
        "profile",
        "photo",
        "emergency number",
    ];
    check_places(&places, &LINKS);
}

#[test]
fn no_name_leaves_the_site_or_breaks_out() {
    let places = [
        "slug",
        "alias",
        "tag id",
        "category id",
        "article file",
        "section folder",
        "person file",
        "term file",
        "picture file",
        "redirect from",
        "redirect to",
    ];
    check_places(&places, &NAMES);
}

#[test]
fn a_term_named_like_an_escape_is_not_found_in_one() {
    let mut folder = Folder::new()
        .file(
            "site.toml",
            format!(
                "title = \"T\"\nbase_url = \"https://site.example\"\n[rules]\n{}",
                "missing-author = \"off\"\nmissing-reviewer = \"off\"\n"
            ),
        )
        .file(
            "articles/a.md",
            "+++\ntitle = \"A\"\ndescription = \"A.\"\n+++\nSmith & Jones < Miller > \"Baker\" 'Cook' 39 x27.\n",
        );
    for term in ["amp", "lt", "gt", "quot", "39", "x27", "#39"] {
        folder = folder.file(
            &format!("data/glossary/g/t{}.md", term.trim_matches('#')),
            format!("+++\ntitle = \"{term}\"\n+++\n"),
        );
    }
    folder.build().run();
    let page = Html::parse_document(&String::from_utf8_lossy(&folder.output()["a.html"]));
    let text: String =
        page.select(&Selector::parse(".prose p").expect("a selector")).flat_map(|text| text.text()).collect();
    assert_eq!(text, "Smith & Jones < Miller > “Baker” ‘Cook’ 39 x27.");
}
