//! How much memory a hostile document can take: whatever is read, at most 64 times its size and 16 MiB.
//!
//! One binary with one test, because it counts every allocation of its process.
#![forbid(unsafe_code)]

use std::fmt::Write as _;

use aetia::{Document, Limits};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The size of a hostile document: just within the limit.
const SIZE: usize = (4 << 20) - 1;

/// A hostile document, and what it is about.
struct Hostile {
    name: &'static str,
    text: String,
    json: bool,
}

const HEAD: &str = "format_version = 1
knowledge_base = { id = \"kb\", version = \"1\", title = \"T\", notice = \"N\", default_setting = \"s\" }
comparator = { id = \"other\", title = \"O\" }
settings.s.title = \"S\"
";

/// A head, then as many of the lines as fit, then a tail.
fn filled(head: &str, line: impl Fn(usize) -> String, tail: &str) -> String {
    let mut text = head.to_owned();
    for n in 0.. {
        let next = line(n);
        if text.len() + next.len() + tail.len() > SIZE {
            break;
        }
        text += &next;
    }
    text + tail
}

/// `count` causes with small priors.
fn causes(count: usize) -> String {
    let value = 0.5 / f64::from(u32::try_from(count).unwrap());
    (0..count).fold(String::new(), |mut text, n| {
        writeln!(
            text,
            "causes.c{n} = {{ title = \"C\", prior.s = {{ value = {value:.6}, uncited = \"x\", tag = \"seed\" }} }}"
        )
        .unwrap();
        text
    })
}

fn booleans(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        writeln!(text, "indicators.i{n} = {{ title = \"I\", kind = \"boolean\" }}").unwrap();
        text
    })
}

fn wide(count: usize) -> String {
    let cuts: Vec<String> = (1..64).map(|cut| cut.to_string()).collect();
    let cuts = cuts.join(",");
    (0..count).fold(String::new(), |mut text, n| {
        writeln!(text, "indicators.n{n} = {{ title = \"I\", kind = \"numeric\", unit = \"u\", cut_points = [{cuts}] }}")
            .unwrap();
        text
    })
}

fn toml(name: &'static str, text: String) -> Hostile {
    Hostile { name, text, json: false }
}

fn json(name: &'static str, text: String) -> Hostile {
    Hostile { name, text, json: true }
}

const FIGURES: &str = "likelihood_ratio={present=2,absent=0.5},interval={present=[1,4],absent=[0.2,1]}";

fn hostile() -> Vec<Hostile> {
    let row = |cause: usize, indicator: String, rest: &str| {
        format!("{{cause=\"c{cause}\",indicator=\"{indicator}\",{rest},uncited=\"x\",tag=\"seed\"}},\n")
    };
    let base = format!("{HEAD}{}{}", causes(256), booleans(2_000));
    let many_names: String = format!("{HEAD}{}", causes(1));
    vec![
        toml("only comments", filled("", |_| "#\n".to_owned(), "")),
        toml("rows", filled(&format!("{base}evidence = [\n"), |n| row(n % 256, format!("i{}", n / 256), FIGURES), "]")),
        toml(
            "rows without intervals",
            filled(
                &format!("{base}evidence = [\n"),
                |n| row(n % 256, format!("i{}", n / 256), "likelihood_ratio={present=2,absent=0.5}"),
                "]",
            ),
        ),
        toml("rows without anything", filled(&format!("{base}evidence = ["), |_| "{},".to_owned(), "]")),
        toml("rows of headers", filled(&base, |_| "[[evidence]]\n".to_owned(), "")),
        json("rows of nothing", filled("{\"evidence\":[{}", |_| ",{}".to_owned(), "]}")),
        toml(
            "wide rows",
            filled(
                &format!("{HEAD}{}{}evidence = [\n", causes(64), wide(200)),
                |n| {
                    let rest = "likelihood_ratios={\"<1\"=2},interval={\"<1\"=[1,4]},unlisted={neutral=\"x\"}";
                    row(n % 64, format!("n{}", n / 64), rest)
                },
                "]",
            ),
        ),
        toml(
            "wide rows with conditions",
            filled(
                &format!(
                    "{HEAD}{}{}{}groups.g = {{ title = \"G\", members = [\"n0\",\"i0\"], gamma = 1 }}\nevidence = [\n",
                    causes(2),
                    wide(1),
                    booleans(1)
                ),
                |n| {
                    let mut when = "present(i0)".to_owned();
                    let mut rest = n;
                    while rest > 0 {
                        when = if rest % 2 == 0 { format!("not({when})") } else { format!("any({when})") };
                        rest /= 2;
                    }
                    let rest = format!(
                        "when=\"{when}\",likelihood_ratios={{\"<1\"=2}},unlisted={{neutral=\"{}\"}}",
                        if n % 8 == 0 { "x".repeat(500) } else { "x".to_owned() }
                    );
                    row(n % 2, "n0".to_owned(), &rest)
                },
                "]",
            ),
        ),
        toml(
            "rows without absence",
            filled(
                &format!("{base}evidence = [\n"),
                |n| row(n % 256, format!("i{}", n / 256), "likelihood_ratio={present=2}"),
                "]",
            ),
        ),
        toml("numbers", filled(&format!("{many_names}indicators.i = {{ title=\"I\", kind=\"numeric\", unit=\"u\", cut_points=["), |_| "1,".to_owned(), "] }")),
        json("numbers in JSON", filled("{\"evidence\":[1", |_| ",1".to_owned(), "]}")),
        toml("lists", filled(&format!("{many_names}x = ["), |_| "[],".to_owned(), "]")),
        toml("members", filled(&format!("{many_names}groups.g = {{ title=\"G\", members=["), |_| "\"\",".to_owned(), "] }")),
        toml("answers", filled(&format!("{many_names}indicators.i = {{ title=\"I\", kind=\"ordinal\", answers=["), |_| "{},".to_owned(), "] }")),
        toml("citations", filled(&format!("{many_names}sources.a = {{ text=\"T\" }}\nimpossible = [{{ condition=\"present(x)\", reason=\"x\" }}]\nknowledge_base.notes = [{{ text=\"T\", source=["), |_| "\"b\",".to_owned(), "] }]")),
        toml("unknown fields", filled(HEAD, |n| format!("a{n:x}=1\n"), "")),
        toml("unknown tables", filled(HEAD, |n| format!("[a{n:x}]\n"), "")),
        toml("dotted keys", filled(HEAD, |n| format!("a{n:x}.a.a.a.a.a.a.a=1\n"), "")),
        toml("gates", filled(&base, |n| format!("[gates.g{n:x}]\n"), "")),
        toml("sources", filled(&base, |n| format!("[sources.s{n:x}]\ntext=\"\"\n"), "")),
        toml("invariants", filled(&base, |_| "[[invariants]]\nid=\"\"\nclaim=\"\"\nreason=\"\"\n".to_owned(), "")),
        toml("implications", filled(&format!("{base}groups.g = {{ title=\"G\", members=[\"i0\",\"i1\"], gamma=1 }}\nimplies = ["), |_| "{if=\"present(i0)\",then={i1=true},reason=\"x\"},\n".to_owned(), "]")),
        toml("implications of everything", {
            let all: Vec<String> = (0..2_000).map(|n| format!("i{n}=true")).collect();
            let then = all.join(",");
            filled(&format!("{base}implies = [\n"), |_| format!("{{if=\"present(i0)\",then={{{then}}},reason=\"x\"}},\n"), "]")
        }),
        toml("derived", {
            let all: Vec<String> = (0..60).map(|n| format!("present(i{n})")).collect();
            let all = all.join(",");
            filled(&base, |n| if n < 2_000 { format!("derived.d{n} = {{title=\"D\",condition=\"any({all})\"}}\n") } else { "#\n".repeat(1_000) }, "")
        }),
        toml("derived of derived", {
            let refer = |n: usize| (0..200).map(|_| format!("present(d{n})")).collect::<Vec<_>>().join(",");
            filled(&base, |n| {
                let condition = if n == 0 { "present(i0)".to_owned() } else { format!("any({})", refer(n / 2)) };
                if n < 2_000 { format!("derived.d{n} = {{title=\"D\",condition=\"{condition}\"}}\n") } else { "#\n".repeat(1_000) }
            }, "")
        }),
        toml("conditions that read everything", {
            let all: Vec<String> = (0..300).map(|n| format!("present(i{n})")).collect();
            let all = all.join(",");
            filled(&format!("{base}evidence = [\n"), |n| row(n % 256, format!("i{}", n / 256), &format!("when=\"any({all})\",{FIGURES}")), "]")
        }),
        toml("one long condition", filled(&format!("{base}impossible = [{{ reason=\"x\", condition=\"any(present(i0)"), |_| ",present(i0)".to_owned(), ")\" }]")),
        toml("one long text", filled(&format!("{HEAD}{}sources.x.text=\"", causes(1)), |_| "x".repeat(1_000), "\"")),
        toml("long names", {
            let names: String = (0..12).map(|n| format!("causes.c{n}{} = {{ title=\"C\" }}\n", "x".repeat(150_000))).collect();
            filled(&format!("{HEAD}{names}indicators.i.kind=\"boolean\"\nevidence = [\n"), |_| row(0, "i".to_owned(), FIGURES), "]")
        }),
        toml("wide groups", {
            // 40 groups of 2 x 64 answers or so, 4,095 states each, for one cause.
            let mut text = format!("{HEAD}{}{}", causes(4), wide(120));
            for n in 0..60 {
                writeln!(text, "groups.g{n} = {{ title=\"G\", members=[\"n{}\",\"n{}\"], gamma=0.5 }}", 2 * n, 2 * n + 1).unwrap();
            }
            text += "evidence = [\n";
            filled(&text, |n| {
                let rest = "likelihood_ratios={\"<1\"=2},interval={\"<1\"=[1,4]},unlisted={neutral=\"x\"}";
                if n < 480 { row(n % 4, format!("n{}", n / 4), rest) } else { "#\n".repeat(1_000) }
            }, "]")
        }),
    ]
}

#[test]
fn no_document_takes_more_memory_than_its_size_allows() {
    let mut greedy = String::new();
    for Hostile { name, text, json } in hostile() {
        assert!(text.len() <= Limits::default().document_bytes, "{name} has {} bytes", text.len());
        assert!(text.len() > SIZE * 9 / 10, "{name} has only {} bytes", text.len());
        let before = PeakAlloc.current_usage();
        MEMORY.reset_peak_usage();
        let started = std::time::Instant::now();
        let document = if json { Document::from_json(&text) } else { Document::from_toml(&text) };
        let read = MEMORY.peak_usage() - before;
        let said = match document.map(Document::validate) {
            Ok(Ok(kb)) => format!("accepted with {} warnings", kb.warnings().len()),
            Ok(Err(invalid)) => format!("{} problems, the first {}", invalid.problems().len(), invalid.problems()[0].to_string().chars().take(150).collect::<String>()),
            Err(error) => error.to_string(),
        };
        let peak = MEMORY.peak_usage() - before;
        eprintln!("{name:32} {:6.1} MiB read, {:6.1} MiB, {:5.1} x, {:?}: {said}", read as f64 / 1048576.0, peak as f64 / 1048576.0, (peak as f64 - 16.0 * 1048576.0)/ text.len() as f64, started.elapsed());
        if peak > 64 * text.len() + (16 << 20) {
            writeln!(greedy, "{name}: {} MiB for {} MiB: {said}", peak >> 20, text.len() >> 20).unwrap();
        }
    }
    assert!(greedy.is_empty(), "\n{greedy}");
}
