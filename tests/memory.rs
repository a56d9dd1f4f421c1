//! How much memory a hostile document can take: 64 times its size and 16 MiB, whether it is accepted or refused.
//!
//! A binary of its own with one test, because it counts every allocation of its process.
#![forbid(unsafe_code)]

use std::fmt::Write as _;

use aetia::{Document, Limits};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The size of a hostile document: just within the limit, and a quarter of that where the code is not optimised.
const SIZE: usize = if cfg!(debug_assertions) { 1 << 20 } else { 4 << 20 };
/// How many times its size a document may take, beside what any may.
const TIMES: usize = 64;
const ANY: usize = 16 << 20;

/// A hostile document.
struct Hostile {
    name: &'static str,
    text: String,
    /// How many times its size it may take.
    times: usize,
}

impl Hostile {
    fn new(name: &'static str, text: String) -> Self {
        Self { name, text, times: TIMES }
    }

    /// One of those that still take more, and how much: reading builds a table for every bracket and key.
    fn greedy(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// What comes of it.
    fn outcome(&self) -> String {
        let read = if self.text.starts_with('{') {
            Document::from_json(&self.text)
        } else {
            Document::from_toml(&self.text)
        };
        match read.map(Document::validate) {
            Ok(Ok(kb)) => {
                let warnings = kb.warnings().len();
                //COMPILE
                format!("accepted with {warnings} warnings")
            }
            Ok(Err(invalid)) => {
                let problems = invalid.problems();
                let first: Vec<String> = problems.iter().take(2).map(ToString::to_string).collect();
                format!("{} problems, the first are {}", problems.len(), first.join(" and "))
            }
            Err(error) => error.to_string(),
        }
    }
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
        if text.len() + next.len() + tail.len() >= SIZE {
            break;
        }
        text += &next;
    }
    text + tail
}

/// So many lines.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn causes(count: usize) -> String {
    let value = 0.5 / f64::from(u32::try_from(count).unwrap());
    let prior = format!("prior.s = {{ value = {value:.6}, uncited = \"x\", tag = \"seed\" }}");
    lines(count, |n| format!("causes.c{n} = {{ title = \"C\", {prior} }}\n"))
}

fn booleans(count: usize) -> String {
    lines(count, |n| format!("indicators.i{n} = {{ title = \"I\", kind = \"boolean\" }}\n"))
}

/// Numbers of 63 bins, so that two of them have 4,096 states.
fn numbers(count: usize) -> String {
    let cuts = (1..=62).map(|cut| cut.to_string()).collect::<Vec<_>>().join(",");
    let kind = format!("kind = \"numeric\", unit = \"u\", cut_points = [{cuts}]");
    lines(count, |n| format!("indicators.n{n} = {{ title = \"N\", {kind} }}\n"))
}

fn row(cause: usize, indicator: &str, rest: &str) -> String {
    format!("{{cause=\"c{cause}\",indicator=\"{indicator}\",{rest},uncited=\"x\",tag=\"seed\"}},\n")
}

fn any(count: usize, name: impl Fn(usize) -> String) -> String {
    let atoms: Vec<String> = (0..count).map(|n| format!("present({})", name(n))).collect();
    format!("any({})", atoms.join(","))
}

const BOTH: &str = "likelihood_ratio={present=2,absent=0.5}";
const ONE_BIN: &str = "likelihood_ratios={\"<1\"=2},interval={\"<1\"=[1,4]},unlisted={neutral=\"x\"}";

/// Documents whose text is large for what it says.
fn large_texts() -> Vec<Hostile> {
    let base = format!("{HEAD}{}", causes(1));
    let long_names = lines(8, |n| format!("causes.c{n}{} = {{ title = \"C\" }}\n", "x".repeat(SIZE / 16)));
    vec![
        Hostile::new("comments", filled("", |_| "#\n".to_owned(), "")),
        Hostile::new("a long text", filled(&format!("{base}sources.x.text=\""), |_| "x".repeat(1_000), "\"")),
        Hostile::new(
            "a long condition",
            filled(
                &format!("{base}{}impossible = [{{ reason=\"x\", condition=\"any(present(i0)", booleans(1)),
                |_| ",present(i0)".to_owned(),
                ")\" }]",
            ),
        ),
        Hostile::new(
            "long names in many messages",
            filled(&format!("{HEAD}{long_names}{}evidence = [\n", booleans(1)), |_| row(0, "i0", BOTH), "]"),
        ),
    ]
}

/// Documents that say as much as can be said.
fn full_documents() -> Vec<Hostile> {
    let base = format!("{HEAD}{}{}", causes(256), booleans(1_000));
    // A condition of its own for every row: how often `not` stands in it says which.
    let when = |n: usize| {
        let word = |bit: usize| if n >> bit & 1 == 1 { "not(" } else { "any(" };
        let words: String = (0..15).map(word).collect();
        format!("{words}present(i0){}", ")".repeat(15))
    };
    let group = format!(
        "{HEAD}{}{}{}groups.g = {{ title=\"G\", members=[\"n0\",\"i0\"], gamma=1 }}\nevidence = [\n",
        causes(2),
        numbers(1),
        booleans(1)
    );
    let pairs = lines(60, |n| {
        format!("groups.g{n} = {{ title=\"G\", members=[\"n{}\",\"n{}\"], gamma=0.5 }}\n", 2 * n, 2 * n + 1)
    });
    let together = "groups.g = { title=\"G\", members=[\"i0\",\"i1\"], gamma=1 }\nimplies = [\n";
    vec![
        Hostile::new(
            "rows of evidence",
            filled(&format!("{base}evidence = [\n"), |n| row(n % 256, &format!("i{}", n / 256), BOTH), "]"),
        ),
        Hostile::new(
            "rows about 63 bins",
            filled(
                &format!("{HEAD}{}{}evidence = [\n", causes(256), numbers(60)),
                |n| {
                    if n < 256 * 60 {
                        row(n % 256, &format!("n{}", n / 256), ONE_BIN)
                    } else {
                        "#\n".repeat(99)
                    }
                },
                "]",
            ),
        ),
        Hostile::new(
            "rows about 63 bins that differ in their conditions",
            filled(&group, |n| row(n % 2, "n0", &format!("when=\"{}\",{ONE_BIN}", when(n / 2))), "]"),
        ),
        Hostile::new(
            "groups of 4,096 states",
            filled(
                &format!("{HEAD}{}{}{pairs}evidence = [\n", causes(4), numbers(120)),
                |n| if n < 480 { row(n % 4, &format!("n{}", n / 4), ONE_BIN) } else { "#\n".repeat(99) },
                "]",
            ),
        ),
        Hostile::new(
            "derived indicators",
            filled(
                &base,
                |n| match n {
                    0..2_000 => {
                        let condition = any(60, |i| format!("i{i}"));
                        format!("derived.d{n} = {{title=\"D\",condition=\"{condition}\"}}\n")
                    }
                    _ => "#\n".repeat(99),
                },
                "",
            ),
        ),
        Hostile::new(
            "derived indicators of derived indicators",
            filled(
                &format!("{base}derived.d0 = {{title=\"D\",condition=\"present(i0)\"}}\n"),
                |n| {
                    let condition = any(200, |_| format!("d{}", n.div_ceil(2)));
                    format!("derived.d{} = {{title=\"D\",condition=\"{condition}\"}}\n", n + 1)
                },
                "",
            ),
        ),
        Hostile::new(
            "implications",
            filled(
                &format!("{base}{together}"),
                |_| "{if=\"present(i0)\",then={i1=true},reason=\"x\"},\n".to_owned(),
                "]",
            ),
        )
        .greedy(128),
        Hostile::new(
            "implications of everything",
            filled(
                &format!("{base}implies = [\n"),
                |_| {
                    let then = lines(1_000, |n| format!("i{n}=true,"));
                    format!("{{if=\"present(i0)\",then={{{then}}},reason=\"x\"}},\n")
                },
                "]",
            ),
        ),
    ]
}

/// Documents that are wrong from beginning to end.
fn wrong_documents() -> Vec<Hostile> {
    let base = format!("{HEAD}{}", causes(1));
    vec![
        Hostile::new("rows of nothing", filled(&format!("{base}evidence = ["), |_| "{},".to_owned(), "]"))
            .greedy(256),
        Hostile::new("rows of headers", filled(&base, |_| "[[evidence]]\n".to_owned(), "")).greedy(80),
        Hostile::new(
            "numbers for cut-points",
            filled(
                &format!("{base}indicators.i = {{ title=\"I\", kind=\"numeric\", unit=\"u\", cut_points=["),
                |_| "1,".to_owned(),
                "] }",
            ),
        )
        .greedy(112),
        Hostile::new("numbers for rows", filled("{\"evidence\":[1", |_| ",1".to_owned(), "]}")).greedy(288),
        Hostile::new("dotted keys", filled(HEAD, |n| format!("a{n:x}.a.a.a.a.a.a.a=1\n"), "")).greedy(640),
        Hostile::new("sources", filled(&base, |n| format!("[sources.s{n:x}]\ntext=\"\"\n"), "")).greedy(112),
        Hostile::new("gates", filled(&base, |n| format!("[gates.Gate{n:x}]\n"), "")),
    ]
}

#[test]
fn no_document_takes_more_memory_than_its_size_allows() {
    let mut greedy = String::new();
    let documents = [large_texts(), full_documents(), wrong_documents()].into_iter().flatten();
    for hostile in documents {
        let (name, size) = (hostile.name, hostile.text.len());
        assert!(
            (SIZE * 9 / 10..=SIZE.min(Limits::default().document_bytes)).contains(&size),
            "{name}: {size}"
        );
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let outcome = hostile.outcome();
        let taken = MEMORY.peak_usage() - before;
        if taken > hostile.times * size + ANY {
            let times = taken.saturating_sub(ANY) / size;
            writeln!(greedy, "{name}: {times} times its size, expected {}: {outcome}", hostile.times)
                .unwrap();
        }
        eprintln!(
            "{name:50} {:6.1} {:5.1}: {}",
            taken as f64 / 1048576.0,
            (taken as f64 - ANY as f64) / size as f64,
            outcome.chars().take(250).collect::<String>()
        );
        if hostile.times > TIMES && taken <= TIMES * size + ANY && !cfg!(debug_assertions) {
            writeln!(greedy, "{name}: no longer greedy, expect {TIMES}").unwrap();
        }
    }
    assert!(greedy.is_empty(), "\n{greedy}");
}
