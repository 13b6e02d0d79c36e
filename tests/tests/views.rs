//! Views of runs and campaigns: what is written, and what a browser makes of it.
//!
//! Where there is no Chromium the tests that need it say so and do nothing else. `DRIFTLESS_SCREENSHOTS=DIR` keeps
//! pictures of the pages, for somebody to look at.

#[path = "views/browser.rs"]
mod browser;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use browser::{Browser, Page, Window};
use driftless_tests::{program, root, scenarios, script};
use serde_json::Value;

const LAPTOP: Window = Window(1440, 900, 1);
const PHONE: Window = Window(390, 844, 2);

const ISSUE_1: &[&str] = &["run", "scenarios/issue-1/live-rest-api", "--design", "before-fix"];

/// A folder of its own that goes away with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = program().parent().expect("it lies in a folder").join(format!("views-{name}"));
        std::fs::create_dir_all(&folder).expect("the folder of the build is writable");
        Scratch(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn driftless(args: &[&str], option: &str, file: &Path) -> Output {
    let mut command = Command::new(program());
    command.args(args).arg(option).arg(file).current_dir(root());
    command.output().expect("the command runs")
}

/// What the command writes into a file.
fn written(args: &[&str], option: &str, file: &Path) -> String {
    let output = driftless(args, option, file);
    assert!(matches!(output.status.code(), Some(0..=2)), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read_to_string(file).unwrap_or_else(|e| {
        panic!("{}: {e}\n{}", file.display(), String::from_utf8_lossy(&output.stderr));
    })
}

/// A browser, or word that there is none.
fn browser(scratch: &Scratch) -> Option<Browser> {
    let browser = Browser::start(&scratch.file("profile"));
    if browser.is_none() {
        eprintln!("skipped: there is no Chromium here to open the pages with");
    }
    browser
}

/// Keeps a picture of a page, where somebody wants one.
fn keep(page: &mut Page<'_>, name: &str, tall: bool) {
    if let Some(folder) = std::env::var_os("DRIFTLESS_SCREENSHOTS") {
        let file = Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(file, page.screenshot(tall)).expect("the folder is writable");
    }
}

#[test]
fn issue_1_as_a_sequence_diagram() {
    let scratch = Scratch::new("mermaid");
    insta::assert_snapshot!(written(ISSUE_1, "--mermaid", &scratch.file("issue.mmd")));
}

#[test]
fn a_clean_run_as_a_sequence_diagram() {
    let scratch = Scratch::new("mermaid-clean");
    let diagram =
        written(&["run", "scenarios/issue-1/live-rest-api"], "--mermaid", &scratch.file("clean.mmd"));
    let arrows = diagram.lines().filter(|line| line.contains("->>") || line.contains("-)")).count();
    assert_eq!(arrows, 40, "{diagram}");
    assert!(diagram.trim_end().ends_with("more messages"), "{diagram}");
}

/// What happens around the chain, as a viewer of traces would list it.
#[test]
fn issue_1_as_a_trace() {
    let scratch = Scratch::new("perfetto");
    let trace: Value =
        serde_json::from_str(&written(ISSUE_1, "--perfetto", &scratch.file("trace.json"))).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("a list");
    let name_of = |event: &Value, meta: &str, by: &[&str]| {
        let same = |other: &&Value| other["name"] == meta && by.iter().all(|part| other[part] == event[part]);
        let named = events
            .iter()
            .find(same)
            .map(|named| named["args"]["name"].as_str().unwrap_or_default().to_owned());
        named.unwrap_or_default()
    };
    let mut lines = Vec::new();
    for event in events.iter().filter(|event| event["ph"] != "M") {
        let ts = event["ts"].as_u64().expect("a time");
        if (32_000_000..33_600_000).contains(&ts) {
            let process = name_of(event, "process_name", &["pid"]);
            let thread = name_of(event, "thread_name", &["pid", "tid"]);
            let (ph, name) =
                (event["ph"].as_str().unwrap_or_default(), event["name"].as_str().unwrap_or_default());
            let more = match ph {
                "X" => format!(" for {} us", event["dur"]),
                "s" | "f" => format!(" flow {}", event["id"]),
                "C" => format!(" {}", event["args"]),
                _ => String::new(),
            };
            lines.push(format!("{ts} {ph} {process} / {thread}: {name}{more}"));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// A flow begins and ends on slices that are there at that time, or no viewer draws it.
#[test]
fn flows_are_tied_to_slices() {
    let scratch = Scratch::new("flows");
    let args = ["run", "scenarios/issue-3/sync-rest-api", "--design", "before-fix"];
    let trace: Value =
        serde_json::from_str(&written(&args, "--perfetto", &scratch.file("trace.json"))).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("a list");
    let of = |ph: &str| events.iter().filter(|event| event["ph"] == ph).collect::<Vec<_>>();
    let slices = of("X");
    let (begun, ended) = (of("s"), of("f"));
    assert!(begun.len() > 50, "{}", begun.len());
    assert_eq!(begun.len(), ended.len());
    for end in begun.iter().chain(&ended) {
        let ts = end["ts"].as_u64().expect("a time");
        let around = slices.iter().any(|slice| {
            let from = slice["ts"].as_u64().expect("a time");
            let to = from + slice["dur"].as_u64().expect("a duration");
            slice["pid"] == end["pid"] && slice["tid"] == end["tid"] && (from..=to).contains(&ts)
        });
        assert!(around, "{end} is on no slice");
    }
    for flow in &begun {
        let other = ended.iter().find(|end| end["id"] == flow["id"]).expect("it ends");
        assert!(other["pid"] != flow["pid"] && other["ts"].as_u64() > flow["ts"].as_u64(), "{flow} {other}");
    }
}

/// What bands say of the end is what properties say of it: the two look at the same things by different ways.
#[test]
fn bands_end_as_properties_judge() {
    use driftless::Verdict;
    use driftless::run::run_watched;
    use driftless::view::{Layer, Picture, Stands, Watched};
    let served = ["deployed-is-served", "undeployed-is-not-served", "deletes-reach-every-gateway"];
    let (mut violated, mut agreed) = (0, 0);
    for path in scenarios() {
        let designs: &[&str] =
            if path.contains("/issue-") { &["before-fix", "as-merged"] } else { &["as-merged"] };
        for design in designs {
            let plan = script(&path).plan.under(design);
            let mut watched = Watched::default();
            let outcome = run_watched(&plan, &mut |world| watched.look(world)).expect("it runs");
            let picture = Picture::of(&path, "", &plan, &outcome, &watched);
            let differs = |node: &str, subject: &str| {
                picture.bands.iter().any(|band| {
                    picture.lanes[band.lane].name == node
                        && picture.artifacts[band.artifact] == subject
                        && band.spans.last().is_some_and(|span| span.stands == Stands::Differs)
                })
            };
            for property in served {
                for violation in outcome
                    .judgements
                    .iter()
                    .filter(|one| one.property == property)
                    .flat_map(|one| &one.violations)
                {
                    violated += 1;
                    assert!(differs(&violation.node, &violation.subject), "{path} {design}: {violation:?}");
                }
            }
            if served.iter().any(|property| {
                outcome.verdict(property) != Verdict::Held && outcome.verdict(property) != Verdict::Vacuous
            }) {
                continue;
            }
            // Where none of them is violated, no process that is judged routes anything it shouldn't.
            for band in picture.bands.iter().filter(|band| band.layer == Layer::Routes) {
                let node = &outcome.evidence.nodes[&*picture.lanes[band.lane].name];
                if node.alive && node.healed {
                    agreed += 1;
                    let last = band.spans.last().expect("it has spans");
                    assert_ne!(last.stands, Stands::Differs, "{path} {design}: {band:?}");
                }
            }
        }
    }
    assert!(violated > 20 && agreed > 100, "{violated} {agreed}");
}

#[test]
fn a_file_that_can_not_be_written_is_named_with_its_option() {
    for option in ["--html", "--mermaid", "--perfetto"] {
        let output =
            driftless(&["run", "scenarios/issue-1/live-rest-api"], option, Path::new("/nowhere/file"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("{option} /nowhere/file: ")), "{said}");
        let output = driftless(&["run", "scenarios/issue-1"], option, Path::new("/nowhere/file"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(&format!("{option} /nowhere/file: a file holds one run")), "{said}");
    }
    for many in [&["explore", "--runs", "1"][..], &["compare", "scenarios/issue-1/live-rest-api"]] {
        let output = driftless(many, "--html", Path::new("/nowhere/file"));
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("--html /nowhere/file: "));
    }
}

#[test]
fn a_violation_is_followed_by_clicking() {
    let scratch = Scratch::new("violation");
    let Some(mut browser) = browser(&scratch) else { return };
    let file = scratch.file("violation.html");
    written(ISSUE_1, "--html", &file);
    let mut page = browser.open(&file, LAPTOP, false);
    keep(&mut page, "violation-laptop-light", false);
    assert!(page.text("#chains h2").contains("deletes-reach-every-gateway violated on gw1: petstore"));
    // The chain is drawn: each of its crossings is somewhere in the window, and a click on one chooses it.
    let chain = "driftless.shown()";
    assert_eq!(page.value(chain)["chain"], 0);
    let steps: Vec<u64> = page
        .value("[...document.querySelectorAll('.steps button')].map((one) => Number(one.dataset.n))")
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_u64)
        .collect();
    assert!(steps.len() >= 8, "{steps:?}");
    for n in &steps {
        page.click_at(&format!("driftless.place({n})"));
        assert_eq!(page.value("driftless.shown().chosen"), *n);
        let told: Value = serde_json::from_str(&page.text("#chosen pre")).expect("its JSON is shown");
        assert_eq!(told["n"], *n);
    }
    // One step of the list leads to its crossing, `n` to the next, and Escape to none.
    page.click(".steps li:nth-child(2) button");
    assert_eq!(page.value("driftless.shown().chosen"), steps[1]);
    page.press("n");
    assert_eq!(page.value("driftless.shown().chosen"), steps[2]);
    keep(&mut page, "violation-laptop-chosen", false);
    page.press("Escape");
    assert_eq!(page.value("driftless.shown().chosen"), Value::Null);
    // What is pointed at says what it is.
    page.point_at(&format!("driftless.place({})", steps[0]));
    assert!(page.text("#tip").contains(" s"), "{}", page.text("#tip"));
    // The wheel goes nearer, `0` shows everything, and timers come when they are asked for.
    let before = page.value("driftless.shown().k").as_f64();
    page.wheel_at(&format!("driftless.place({})", steps[0]), -300.0);
    assert!(page.value("driftless.shown().k").as_f64() > before);
    page.press("0");
    let few = page.value("driftless.shown().marks").as_u64();
    page.click("#timers");
    assert!(page.value("driftless.shown().marks").as_u64() > few);
    page.click("#timers");
    // Filters take away, and give back.
    let all = page.value("driftless.shown().crossings").as_u64();
    page.choose("#artifact", "petstore@2");
    let one = page.value("driftless.shown().crossings").as_u64();
    assert!(one < all && one > Some(20), "{one:?} of {all:?}");
    page.choose("#artifact", "all");
    page.choose("#node", "gw1");
    let mine = page.value("driftless.shown().crossings").as_u64();
    assert!(mine < all && mine > Some(50), "{mine:?} of {all:?}");
    page.choose("#node", "all");
    assert_eq!(page.value("driftless.shown().crossings").as_u64(), all);
    page.choose("#property", "a-free-handle-is-usable");
    assert_eq!(page.value("driftless.shown().chain"), 1);
    assert!(page.text("#chains").contains("petstore@2"));
    assert!(!page.text("#chains").contains("deletes-reach"));
    page.choose("#property", "all");
    page.press("r");
    keep(&mut page, "violation-laptop-real", false);
    page.check();
    let mut page = browser.open(&file, LAPTOP, true);
    keep(&mut page, "violation-laptop-dark", false);
    page.check();
    for (dark, name) in [(false, "violation-phone-light"), (true, "violation-phone-dark")] {
        let mut page = browser.open(&file, PHONE, dark);
        assert!(
            page.value("document.documentElement.scrollWidth <= innerWidth") == true,
            "nothing is cut off"
        );
        keep(&mut page, name, false);
        keep(&mut page, &format!("{name}-tall"), true);
        page.check();
    }
}

#[test]
fn another_violation_with_faults_opens() {
    let scratch = Scratch::new("faults");
    let Some(mut browser) = browser(&scratch) else { return };
    let pages: [(&str, &[&str]); 3] = [
        ("sync", &["run", "scenarios/issue-3/sync-rest-api", "--design", "before-fix"]),
        ("lost", &["run", "scenarios/faults/lost-delete-event"]),
        ("several", &["run", "scenarios/platform/two-instances"]),
    ];
    for (name, args) in pages {
        let file = scratch.file(&format!("{name}.html"));
        written(args, "--html", &file);
        for (window, dark, of) in
            [(LAPTOP, false, "laptop-light"), (LAPTOP, true, "laptop-dark"), (PHONE, false, "phone-light")]
        {
            let mut page = browser.open(&file, window, dark);
            assert!(page.value("driftless.shown().marks").as_u64() > Some(10));
            keep(&mut page, &format!("{name}-{of}"), false);
            page.check();
        }
    }
}

#[test]
fn a_clean_run_opens_whole() {
    let scratch = Scratch::new("clean");
    let Some(mut browser) = browser(&scratch) else { return };
    let file = scratch.file("clean.html");
    written(&["run", "scenarios/issue-1/live-rest-api"], "--html", &file);
    for (window, dark, name) in [(LAPTOP, false, "clean-laptop-light"), (PHONE, true, "clean-phone-dark")] {
        let mut page = browser.open(&file, window, dark);
        assert_eq!(page.value("driftless.shown().chain"), Value::Null);
        assert_eq!(page.text("#chains"), "");
        assert_eq!(page.value("document.getElementById('why').hidden"), true);
        keep(&mut page, name, false);
        page.press("n");
        assert!(page.value("driftless.shown().chosen").is_u64());
        page.check();
    }
}

#[test]
fn five_thousand_crossings_open_in_a_second() {
    let scratch = Scratch::new("many");
    let Some(mut browser) = browser(&scratch) else { return };
    let mut steps = String::from("format 1\nplatform\ngateway gw1\ngateway gw2\n");
    for n in 0..17 {
        steps.push_str(&format!("create rest-api api{n}\n"));
        for gateway in ["gw1", "gw2"] {
            steps.push_str(&format!("deploy api{n} {gateway}\ndeploy api{n} {gateway}\n"));
        }
        steps.push_str(&format!("wait 10s\nundeploy api{n} gw1\ndelete api{n}\nwait 10s\n"));
    }
    let (long, file) = (scratch.file("long"), scratch.file("long.html"));
    std::fs::write(&long, steps + "settle\n---\n").expect("it is writable");
    written(&["run", &long.display().to_string()], "--html", &file);
    let mut page = browser.open(&file, LAPTOP, false);
    let opened = page.worked_ms();
    assert!(opened > 1.0 && opened < 1_000.0, "it took {opened} ms");
    page.press("t");
    page.press("0");
    let shown = page.value("driftless.shown()");
    assert!(shown["crossings"].as_u64() >= Some(5_000), "{shown}");
    assert!(shown["marks"].as_u64() >= shown["crossings"].as_u64(), "{shown}");
    // Frames of all of it, and then of what is left in view.
    let frame = |page: &mut Page<'_>| {
        let before = page.worked_ms();
        page.value(
            "new Promise((done) => { let n = 0; const next = () => { document.getElementById(n % 2 ? 'in' : 'out').click(); \
             if (++n < 20) requestAnimationFrame(next); else done(n); }; next(); })",
        );
        (page.worked_ms() - before) / 20.0
    };
    let whole = frame(&mut page);
    (0..8).for_each(|_| page.press("+"));
    let part = frame(&mut page);
    eprintln!(
        "{} crossings opened in {opened:.0} ms; a frame of all {whole:.1} ms, of a part {part:.1} ms",
        shown["crossings"]
    );
    assert!(whole < 200.0 && part < whole, "{whole} and {part} ms a frame");
    keep(&mut page, "many-laptop-light", false);
    page.check();
}

#[test]
fn what_is_hostile_is_only_text() {
    let scratch = Scratch::new("hostile");
    let Some(mut browser) = browser(&scratch) else { return };
    let file = scratch.file("hostile.html");
    let page = written(ISSUE_1, "--html", &file);
    // Not even a handle may look like this, but a crate of one's own may tell anything.
    let hostile = "\\u003c/script>\\u003cimg src=x onerror='console.error(1)'>\\u003c!--\\u003cscript>";
    std::fs::write(&file, page.replace("petstore", hostile)).expect("it is writable");
    let mut page = browser.open(&file, LAPTOP, false);
    assert!(page.text("#chains h2").contains("</script><img src=x onerror='console.error(1)'>"));
    page.press("n");
    assert!(page.text("#chosen").contains("<img src=x"));
    page.point_at("driftless.place(driftless.shown().chosen)");
    assert!(page.text("#tip").contains("<img src=x"));
    assert_eq!(page.value("document.images.length"), 0);
    page.check();
}

#[test]
fn a_campaign_opens_and_its_findings_unfold() {
    let scratch = Scratch::new("campaign");
    let Some(mut browser) = browser(&scratch) else { return };
    let file = scratch.file("campaign.html");
    written(&["explore", "--design", "before-fix", "--runs", "60", "--jobs", "2"], "--html", &file);
    let mut page = browser.open(&file, LAPTOP, false);
    let all = page.value("driftless.shown().findings").as_u64();
    assert!(all > Some(2), "{all:?}");
    keep(&mut page, "campaign-laptop-light", true);
    page.click(".finding:nth-child(2) > button");
    assert!(page.text(".finding:nth-child(2) pre").contains("violated on"));
    assert!(page.text(".finding:nth-child(2) pre:last-child").contains("format 1"));
    page.click("#detection .dot");
    assert_eq!(page.value("document.querySelectorAll('.finding pre').length"), 2);
    let property = page.text(".finding .words b");
    page.choose("#property", &property);
    let some = page.value("driftless.shown().findings").as_u64();
    assert!(some < all && some > Some(0), "{some:?} of {all:?}");
    assert!(page.text("#visibility").contains("deletions"));
    assert!(page.text("#charts").contains("runs that had a situation"));
    page.check();
    for (window, dark, name) in
        [(LAPTOP, true, "campaign-laptop-dark"), (PHONE, false, "campaign-phone-light")]
    {
        let mut page = browser.open(&file, window, dark);
        assert!(
            page.value("document.documentElement.scrollWidth <= innerWidth") == true,
            "nothing is cut off"
        );
        keep(&mut page, name, true);
        page.check();
    }
}

#[test]
fn a_sweep_opens() {
    let scratch = Scratch::new("sweep");
    let Some(mut browser) = browser(&scratch) else { return };
    let file = scratch.file("sweep.html");
    let args =
        ["sweep", "scenarios/issue-1/live-rest-api", "--kinds", "fail,lose", "--site", "ws.*", "--jobs", "2"];
    written(&args, "--html", &file);
    let mut page = browser.open(&file, LAPTOP, false);
    assert!(
        page.text("#about").contains("driftless sweep scenarios/issue-1/live-rest-api --kinds 'fail,lose'")
    );
    assert!(page.text("#charts").contains("plans by what was put in"));
    keep(&mut page, "sweep-laptop-light", true);
    page.check();
}

/// The cell of a script under a design, of a page of scripts beside designs.
fn cell(script: &str, design: &str) -> String {
    format!("[aria-label^='{script} under {design}:']")
}

#[test]
fn scripts_beside_designs_are_filtered_and_told() {
    let scratch = Scratch::new("matrix");
    let Some(mut browser) = browser(&scratch) else { return };
    // Two folders, a mutant's script, and one whose header states what isn't the case.
    let (lies, file) = (scratch.file("lies"), scratch.file("matrix.html"));
    let text = std::fs::read_to_string(root().join("scenarios/issue-1/live-rest-api")).expect("it is there");
    let (header, transcript) = text.split_once("expect before-fix ").expect("it states something");
    let (_, transcript) = transcript.split_once('\n').expect("the statement is a line");
    std::fs::write(&lies, format!("{header}{transcript}")).expect("it is writable");
    let lies = lies.display().to_string();
    let args =
        ["compare", "scenarios/issue-1", "scenarios/issue-3", "scenarios/defects/no-delete-handler", &lies];
    written(&args, "--html", &file);
    let mut page = browser.open(&file, LAPTOP, false);
    let shown = "driftless.shown()";
    let all = page.value(shown)["rows"].as_u64();
    assert!(all > Some(15), "{all:?}");
    assert!(page.text("#facts").contains("1 of "), "{}", page.text("#facts"));
    keep(&mut page, "matrix-laptop-light", false);
    // Pointed at, a cell says it in a sentence; clicked, it says how it came about and how to see more.
    let bad = cell("scenarios/issue-1/live-rest-api", "before-fix");
    page.point_at(&format!(
        "(() => {{ const box = document.querySelector({bad:?}).getBoundingClientRect(); \
         return {{ x: box.left + 8, y: box.top + 8 }}; }})()"
    ));
    assert!(
        page.text("#tip").contains("deletes-reach-every-gateway: petstore on gw1: "),
        "{}",
        page.text("#tip")
    );
    page.click(&bad);
    assert_eq!(page.value(shown)["chosen"]["design"], "before-fix");
    let told = page.text("#side");
    for words in ["as its header states: violates ", "because", "--design before-fix --html run.html"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    keep(&mut page, "matrix-laptop-chosen", false);
    // Arrows lead to the cell beside, `n` to the next that violates something, and Escape to none.
    page.press("ArrowRight");
    assert_eq!(page.value(shown)["chosen"]["design"], "first-draft");
    assert!(page.text("#side").contains("Nothing is violated."));
    page.press("ArrowDown");
    assert_eq!(page.value(shown)["chosen"]["script"], "scenarios/issue-1/sync-llm-provider");
    page.press("n");
    assert_eq!(page.value(shown)["chosen"]["script"], "scenarios/issue-1/two-gateways");
    assert_eq!(page.value(shown)["chosen"]["design"], "before-fix");
    page.press("Escape");
    assert_eq!(page.value(shown)["chosen"], Value::Null);
    // Filters take away, alone and together, and `0` gives back.
    page.choose("#property", "failed-checks-never-delete");
    let failed = page.value(shown)["rows"].as_u64();
    assert!(failed >= Some(1) && failed < all, "{failed:?} of {all:?}");
    page.choose("#design", "before-fix");
    assert_eq!(page.value(shown)["rows"], 0);
    assert!(page.text("#none").contains("take a filter away"));
    page.press("0");
    assert_eq!(page.value(shown)["rows"].as_u64(), all);
    page.choose("#design", "no-delete-handler");
    assert_eq!(page.value(shown)["rows"], 1);
    page.click(&cell("scenarios/defects/no-delete-handler", "no-delete-handler"));
    assert!(page.text("#side").contains("deletes-reach-every-gateway"));
    page.press("0");
    page.press("u");
    assert_eq!(page.value(shown)["rows"], 1);
    page.click(&cell(&lies, "before-fix"));
    assert!(page.text("#side").contains("not as its header states: holds"), "{}", page.text("#side"));
    page.press("0");
    page.value("document.querySelector('#counts').open = true");
    page.click("#counts td button");
    assert!(page.value(shown)["rows"].as_u64() < all);
    page.press("0");
    page.press("/");
    for key in ["t", "w", "o", "-"] {
        page.press(key);
    }
    assert_eq!(page.value(shown)["rows"], 1, "two-gateways");
    page.check();
    for (window, dark, name) in [
        (LAPTOP, true, "matrix-laptop-dark"),
        (PHONE, false, "matrix-phone-light"),
        (PHONE, true, "matrix-phone-dark"),
    ] {
        let mut page = browser.open(&file, window, dark);
        keep(&mut page, name, false);
        page.click(&cell("scenarios/issue-3/failed-exists", "first-draft"));
        assert!(page.text("#side h3").contains("existing-artifacts-survive"));
        assert!(
            page.value("document.documentElement.scrollWidth <= innerWidth") == true,
            "nothing is cut off"
        );
        keep(&mut page, &format!("{name}-chosen"), false);
        page.check();
    }
}

#[test]
fn decisions_taken_back_open_as_a_matrix() {
    let scratch = Scratch::new("back");
    let Some(mut browser) = browser(&scratch) else { return };
    let file = scratch.file("back.html");
    let script = "scenarios/findings/reconnect-loses-keys";
    written(&["compare", "--back", script], "--html", &file);
    let mut page = browser.open(&file, LAPTOP, false);
    assert!(page.value("driftless.shown().rows").as_u64() >= Some(1));
    page.click(&cell(script, "taken back"));
    let told = page.text("#side");
    assert!(told.contains("under hardened with listed-keys="), "{told}");
    assert!(told.contains("--design hardened --decision "), "{told}");
    assert!(told.contains("existing-artifacts-survive violated on"), "{told}");
    keep(&mut page, "back-laptop-light", false);
    page.check();
}
