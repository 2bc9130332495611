//! What is run without Tera is what Tera makes, and what it cannot make is left to Tera.

use proptest::prelude::*;
use tera::Context;

use super::*;
use crate::project::write_escaped;
use crate::render::templates::{fill, register_files};

const PART: &str = "<i>{{ page.title }}{% set inner = 2 %}{{ inner }}{% if x %}{{ x }}{% endif %}</i>";
const COMPONENTS: &str = "{% component t.list(items: array, level: integer = 3, @labels) -%}
{%- if page or site or y -%}a component sees nothing else{%- endif -%}
{%- for x in items -%}<h{{ level }}>{{ x }}{% if labels %}{{ labels.home }}{% endif %}</h{{ level }}>{%- endfor -%}
{%- endcomponent t.list %}
{% component t.outer(items, @page) %}{{ <t.list items={items} level={page.number} /> }}{% endcomponent t.outer %}";
const BASE: &str =
    "<{% block a %}A{% block b %}B{% endblock b %}{% endblock a %}|{% block c %}{{ page.number }}{% endblock c %}>";

fn map(pairs: &[(&'static str, Value)]) -> Value {
    Value::from(pairs.iter().cloned().collect::<BTreeMap<_, _>>())
}

fn page() -> Value {
    map(&[
        ("title", "A & \"B\"".into()),
        ("html", Value::safe_string("<b>&amp;</b>")),
        ("empty", "".into()),
        ("none", Value::none()),
        ("zero", 0.into()),
        ("number", 7.into()),
        ("fraction", 1.5.into()),
        ("yes", true.into()),
        ("no", false.into()),
        ("nobody", Value::from(Vec::<Value>::new())),
        ("list", Value::from(vec![Value::from("x"), Value::safe_string("<y>"), 3.into()])),
        ("names", Value::from(vec![Value::from("a"), "<b".into()])),
        ("views", Value::from(vec![map(&[("name", "n1".into())]), map(&[("name", Value::none())])])),
        ("view", map(&[("name", "inner/".into()), ("view", map(&[("name", "innermost".into())]))])),
        ("void", map(&[])),
    ])
}

/// What this module and Tera make of a template; none where either cannot.
fn both(text: &str) -> (Option<String>, Option<String>) {
    let mut tera = Tera::default();
    tera.autoescape_on([".html"]);
    tera.set_escape_fn(|text, out| write_escaped(text, out));
    tera.register_filter("fill", fill);
    let file = |path: &str| (path == "a.css").then(|| StaticFile { href: "/a.1.css".into(), integrity: None });
    register_files(&mut tera, file);
    let globals = [("site", page()), ("labels", map(&[("home", "Home".into())]))];
    for (name, value) in &globals {
        tera.global_context().insert_value(*name, value.clone());
    }
    let texts = [("t.html", text), ("part.html", PART), ("components.html", COMPONENTS), ("base.html", BASE)];
    let texts: BTreeMap<String, String> =
        texts.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    if tera.add_raw_templates(&texts).is_err() {
        return (None, None);
    }
    let page = page();
    let mut out = Vec::new();
    let direct = Direct::new(&texts, &tera, globals, Box::new(file)).render("t.html", &[("page", &page)], &mut out);
    let mut context = Context::new();
    context.insert_value("page", page);
    (direct.then(|| String::from_utf8(out).expect("text")), tera.render("t.html", &context).ok())
}

#[test]
fn what_is_plain_needs_no_tera() {
    for (text, wanted) in [
        (
            "a {{ page.title }} {{ page.html }} {{ page.number }}{{ page.none }}{{ page.yes }}",
            "a A &amp; &quot;B&quot; <b>&amp;</b> 7true",
        ),
        ("{{ site.view.view.name }}{{ labels.home }}{{ 'q' }}{{ 3 }}", "innermostHomeq3"),
        ("{% if page.missing %}a{% elif page.list and not page.nobody %}b{% else %}c{% endif %}", "b"),
        ("{% if page.none or page.zero or page.empty or page.void or page.no or x %}a{% else %}b{% endif %}", "b"),
        (
            "{% for x in page.list -%} {{ loop.index }}{{ x }}{% if not loop.last %},{% endif %} {%- endfor %}",
            "1x,2<y>,33",
        ),
        ("{% for x in page.nobody %}a{% else %}b{% endfor %}", "b"),
        ("{% for x in page.list %}{% set y = x %}{% include \"part.html\" %}{% endfor %}", ""),
        ("{% set y = page.number + 1 %}{{ y }}{% if y >= 8 and y == 8 and 8 != page.number %}!{% endif %}", "8!"),
        ("{{ page.none or page.empty or page.title }}{{ page.view.name ~ 1 }}", "A &amp; &quot;B&quot;inner/1"),
        ("{{ page.view.name | trim_end(pat='/') }}{{ \"{a} of {b}\" | fill(b=page.number, a='x') }}", "innerx of 7"),
        ("{{ page.title | replace(from='A', to='<') }}", "&lt; &amp; &quot;B&quot;"),
        (
            "{% if page.view.name is starting_with(pat='inn') and page.title is not containing(pat='C') %}y{% endif %}",
            "y",
        ),
        ("{% if page.no %}a{% elif(page.yes) %}b{% else %}c{% endif %}", "b"),
        ("{{ <t.outer items={page.list} /> }}", "<h7>xHome</h7><h7><y>Home</h7><h7>3Home</h7>"),
        ("{{ <t.list items={page.list} level={2} /> }}{{ <t.list items={page.nobody} /> }}", ""),
        ("{{ page.names | join(sep=', ') }}{{ page.nobody | join(sep='<') }}", "a, &lt;b"),
        ("{% extends 'base.html' %}", ""),
        ("{% extends \"base.html\" %}{% block b %}{{ page.number }}{% endblock b %}", "<A7|7>"),
        ("{% extends \"base.html\" %}{% block a %}x{% block b %}y{% endblock b %}{% endblock a %}", "<xy|7>"),
        ("{% extends \"base.html\" %}{% block a %}x{{ super() }}y{% endblock a %}", "<xABy|7>"),
        ("{{ asset(path='a.css') }} {{ integrity(path='a.css') }}", "/a.1.css "),
        ("a {#- no -#} b {% if page.yes -%} {# no #} c {%- endif %}", "ab  c"),
        ("{% if page.yes -%}{# no #} a{% endif %}{#- no -#} {# no #} b", "a b"),
    ] {
        let (direct, tera) = both(text);
        assert!(tera.is_some(), "{text}");
        // A name in single quotes is Tera's.
        assert_eq!(direct.is_some(), !text.contains("extends '"), "{text}");
        if let Some(direct) = direct {
            assert_eq!(Some(&direct), tera.as_ref(), "{text}");
            assert!(wanted.is_empty() || direct == wanted, "{text}: {direct}");
        }
    }
}

#[test]
fn what_is_not_known_is_left_to_tera() {
    for text in [
        "{{ page.title | upper }}",
        "{{ page.list | length }}",
        "{{ page.list[0] }}",
        "{{ page?.title }}",
        "{{ 1.5 }}{{ page.fraction }}",
        "{{ page.number - 1 }}",
        "{{ page.list }}",
        "{{ page.html | replace(from='b', to='i') }}",
        "{{ 'a' if page.yes else 'b' }}",
        "{% if 3 in page.list %}a{% endif %}",
        "{% if page.missing is defined %}a{% else %}b{% endif %}",
        "{% for k, v in page.view %}{{ k }}{% endfor %}",
        "{% for x in page.list %}{% break %}{% endfor %}",
        "{% set x %}a{% endset %}{{ x }}",
        "{% set_global x = 1 %}{{ x }}",
        "{% raw %}{{ a }}{% endraw %}",
        "{%--raw%}{{ a }}{% endraw %}",
        "{% filter upper %}a{% endfilter %}",
        "{{ 'a\\n' }}",
        "{% extends \"base.html\" %}{% block a %}{{ super() | upper }}{% endblock a %}",
    ] {
        let (direct, tera) = both(text);
        assert!(tera.is_some(), "{text}");
        assert_eq!(direct, None, "{text}");
    }
    // What fails, fails with Tera's words.
    for text in [
        "{% component t(loop) %}{% for x in loop.length %}{{ x }}{% endfor %}{% endcomponent t %}{{ <t loop={page.list} /> }}",
        "{{ page.missing }}",
        "{{ nothing }}",
        "{{ <t.list items={page.title} /> }}",
        "{% for x in page.title.a %}{% endfor %}",
    ] {
        assert_eq!(both(text), (None, None), "{text}");
    }
}

#[test]
fn as_many_components_may_be_open_as_in_tera() {
    for (most, works) in [(20, true), (21, false)] {
        let components: String = (1..most)
            .map(|at| format!("{{% component c{at}() %}}{{{{ <c{} /> }}}}{{% endcomponent c{at} %}}", at + 1))
            .collect();
        let last = format!("{{% component c{most}() %}}end{{% endcomponent c{most} %}}");
        let wanted = works.then(|| "end".to_owned());
        assert_eq!(both(&format!("{components}{last}{{{{ <c1 /> }}}}")), (wanted.clone(), wanted));
    }
}

#[test]
fn deep_templates_are_left_to_tera() {
    let nested = "{% if page.yes %}".repeat(35) + "a" + &"{% endif %}".repeat(35);
    assert_eq!(both(&nested), (None, Some("a".to_owned())));
    let sum = "{{ 1".to_owned() + &" + 1".repeat(30) + " }}";
    assert_eq!(both(&sum), (None, Some("31".to_owned())));
}

fn one_of(words: &'static str) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(words.split(' ').collect::<Vec<_>>()).prop_map(str::to_owned)
}

/// Any expression; most of them fail.
fn expressions() -> impl Strategy<Value = String> + Clone {
    let leaves = one_of(
        "page.title page.html page.empty page.none page.zero page.number page.fraction page.yes page.no page.nobody \
         page.list page.names page.views page.view.name page.view.view.name page.void page.missing site.title site.view \
         labels.home missing x y x.name loop.first loop.last loop.index loop.length 'a/' \"<\" 3 0 true none",
    );
    leaves.prop_recursive(3, 12, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let operators = one_of("and or == != < <= > >= + ~");
        prop_oneof![
            (two.clone(), operators).prop_map(|((a, b), sign)| format!("{a} {sign} {b}")),
            inner.clone().prop_map(|a| format!("not {a}")),
            inner.clone().prop_map(|a| format!("({a})")),
            two.clone().prop_map(|(a, b)| format!("{a} | trim_end(pat={b})")),
            two.clone().prop_map(|(a, b)| format!("{a} | join(sep={b})")),
            two.clone().prop_map(|(a, b)| format!("'{{a}}{{b}}' | fill(b={a}, a={b})")),
            two.clone().prop_map(|(a, b)| format!("{a} | replace(from='a', to={b})")),
            two.clone().prop_map(|(a, b)| format!("{a} is starting_with(pat={b})")),
            two.prop_map(|(a, b)| format!("{a} is not containing(pat={b})")),
        ]
    })
}

/// Expressions that can be shown, most of them.
fn shown() -> impl Strategy<Value = String> + Clone {
    let leaves =
        one_of("page.title page.html page.empty page.number page.view.name site.title labels.home 'a/' \"<\" 3");
    let texts = leaves.prop_recursive(2, 6, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            two.clone().prop_map(|(a, b)| format!("{a} or {b}")),
            two.clone().prop_map(|(a, b)| format!("{a} ~ {b}")),
            two.clone().prop_map(|(a, b)| format!("'{{a}}{{b}}' | fill(b={a}, a={b})")),
            inner.clone().prop_map(|a| format!("{a} | trim_end(pat='/')")),
            inner.prop_map(|a| format!("{a} | replace(from='a', to='<')")),
            Just("page.names | join(sep=', ')".to_owned()),
        ]
    });
    prop_oneof![9 => texts, 1 => expressions()]
}

/// Expressions that can be asked whether they hold, most of them.
fn conditions() -> impl Strategy<Value = String> + Clone {
    let leaves = one_of(
        "page.title page.html page.empty page.none page.zero page.number page.yes page.no page.nobody page.list page.void \
         page.missing missing x loop.first loop.last",
    );
    let conditions = leaves.prop_recursive(2, 6, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (two, one_of("and or")).prop_map(|((a, b), sign)| format!("{a} {sign} {b}")),
            inner.clone().prop_map(|a| format!("not {a}")),
            inner.prop_map(|a| format!("({a})")),
            one_of("== != < >=").prop_map(|sign| format!("page.number + 1 {sign} 8")),
            one_of("== !=").prop_map(|sign| format!("page.title {sign} site.title")),
            one_of("A in /").prop_map(|text| format!("page.view.name is starting_with(pat='{text}')")),
            one_of("A & /").prop_map(|text| format!("page.title is not containing(pat=\"{text}\")")),
        ]
    });
    prop_oneof![9 => conditions, 1 => expressions()]
}

fn lists() -> impl Strategy<Value = String> + Clone {
    prop_oneof![9 => one_of("page.list page.names page.nobody"), 1 => expressions()]
}

fn templates() -> impl Strategy<Value = String> {
    let tag = |open: &'static str, close: &'static str| {
        (any::<bool>(), any::<bool>()).prop_map(move |(left, right)| {
            (format!("{open}{}", if left { "-" } else { "" }), format!("{}{close}", if right { "-" } else { "" }))
        })
    };
    let space = prop::sample::select(vec!["", " ", "\n"]);
    let output = (tag("{{", "}}"), shown(), space)
        .prop_map(|((open, close), shown, space)| format!("{open}{space}{shown}{space}{close}"));
    let text = prop::sample::select(vec![" a ", "\n", "<p>", "{# no #}", "{#- no -#}", ""]);
    let leaves = prop_oneof![
        2 => text.prop_map(str::to_owned),
        3 => output,
        1 => shown().prop_map(|value| format!("{{% set y = {value} %}}")),
        1 => Just("{% include \"part.html\" %}".to_owned()),
        1 => lists().prop_map(|items| format!("{{{{ <t.list items={{{items}}} /> }}}}")),
        1 => lists().prop_map(|items| format!("{{{{ <t.outer items={{{items}}}/>}}}}")),
    ];
    leaves.prop_recursive(3, 24, 3, move |inner| {
        let tags = (tag("{%", "%}"), tag("{%", "%}"));
        let conditions = (conditions(), conditions());
        let parts = (inner.clone(), inner.clone(), inner.clone());
        let within = prop::sample::select(vec![
            "",
            "{{ x }}",
            "{{ loop.index }}",
            "{{- loop.length }} ",
            "{% set y = x %}{{ y }}",
        ]);
        prop_oneof![
            (tags.clone(), conditions, parts).prop_map(|(((a, b), (c, d)), (first, second), (x, y, z))| {
                format!("{a} if {first} {b}{x}{{% elif({second}) %}}{y}{c} else {d}{z}{{% endif %}}")
            }),
            (tags, lists(), inner.clone(), within, inner.clone()).prop_map(
                |(((a, b), (c, d)), list, body, within, other)| {
                    format!("{a} for x in {list} {b}{body}{within}{{% else %}}{other}{c} endfor {d}")
                }
            ),
            (inner.clone(), inner).prop_map(|(a, b)| a + &b),
        ]
    })
}

/// Templates that stand alone, and templates that fill a block of another.
fn pages() -> impl Strategy<Value = String> {
    let block = prop::sample::select(vec!["a", "b", "c"]);
    let filled = (block, templates(), prop::sample::select(vec!["", "{{ super() }}", "{{super()}}"]), templates());
    let filled = filled.prop_map(|(block, before, between, after)| {
        format!("{{% extends \"base.html\" %}}{{% block {block} %}}{before}{between}{after}{{% endblock {block} %}}")
    });
    prop_oneof![2 => templates(), 1 => filled]
}

#[test]
fn tera_would_have_written_the_same() {
    const CASES: u32 = 2000;
    let ran = std::cell::Cell::new(0);
    let same = |text: String| {
        let (direct, tera) = both(&text);
        if direct.is_some() {
            ran.set(ran.get() + 1);
            prop_assert_eq!(direct, tera);
        }
        Ok(())
    };
    proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(CASES))
        .run(&pages(), same)
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(ran.get() > CASES / 4, "only {} of {CASES} templates ran without Tera", ran.get());
}
