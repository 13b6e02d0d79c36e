//! Every command that the documents tell a reader to type is run, and ends as the README says that it may.
//!
//! A command is a line in a fenced block that begins with a program, after `$` where the block also shows what is
//! printed, or inline code that is one in full. Those of a document run one after the other in a folder that has the
//! scenarios and what the document has the reader write: its last script, as `my-script` and in `my-scenarios`. `ID`
//! is the first finding there is. A form such as `driftless run SCRIPT...`, with a word in capitals, says what can be
//! typed and is no command.
//!
//! What would take long is scaled down: more than 20 `--runs` are 20, or 2 where what they find is shrunk; `--explore`
//! is 2 plans from one of the `--seeds`, for one mutant; `--for` is 3 seconds, and so is a sweep without it; `bench`
//! takes a second; and what takes all scenarios takes those of issue 3, or one of them with `--back`. A campaign so
//! small has seen too little and a part of one is not the whole, so `explore` and `merge` may then end with 2. What
//! needs something that isn't here is in [`OUTSIDE`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use driftless_tests::{program, root};

/// What is not run, by how it begins, and why.
const OUTSIDE: &[(&str, &str)] = &[
    ("cargo test", "it is what runs this test"),
    (".ci/run", "it runs this test, among others"),
    ("cargo build", "the command under test is built already"),
    ("cargo install", "it builds everything once more; clap's own name and version are tried in command.rs"),
    ("cargo bench", "it builds everything once more, without the simulator"),
    ("cargo mutants", "it needs cargo-mutants, and takes hours"),
    ("cargo insta", "it needs cargo-insta, and asks"),
    ("docs/clusters/slurm/submit", "it needs Slurm; clusters.rs runs it where there is one"),
    ("squeue", "it needs Slurm; clusters.rs asks for itself"),
    ("pkill", "it kills a task of an array; clusters.rs does so by its number"),
    ("grep task", "it reads a log of an array; clusters.rs reads it"),
    ("head -2", "it reads a log of an array; clusters.rs reads it"),
    ("kubectl", "it needs Kubernetes; clusters.rs reads the manifests and runs what they run"),
    ("duckdb", "it needs DuckDB"),
    ("docker", "it needs Docker"),
    ("sbatch", "it needs Slurm; clusters.rs runs it where there is one"),
];

/// Inline code that is a part of a command, or a sentence's subject rather than something to type.
const PARTS: &[&str] = &["driftless run --explain-faults"];

/// What stands for all scenarios, and what for those where each is run many times.
const FEW: &str = "scenarios/issue-3";
const ONE: &str = "scenarios/issue-3/sync-rest-api";

/// What a command begins with.
const PROGRAMS: &[&str] =
    &["driftless", "cargo", "kubectl", "sbatch", "squeue", "pkill", "docker", "duckdb", ".ci/", "docs/"];

/// What blocks are in that have no commands.
const LANGUAGES: &[&str] = &["toml", "rust", "json", "yaml", "xml", "sql", "mermaid"];

/// A document's commands as they are written, with what stands in its blocks beside them.
struct Document {
    name: String,
    commands: Vec<String>,
    /// The last script that it shows.
    script: Option<String>,
}

impl Document {
    fn read(name: &str) -> Self {
        let text = fs::read_to_string(root().join(name)).expect("it is there");
        let (mut commands, mut script) = (Vec::new(), None);
        for (index, part) in text.split("\n```").enumerate() {
            // The first line of a block says what it is in.
            if index % 2 == 1 {
                let (language, block) = part.split_once('\n').unwrap_or_default();
                if LANGUAGES.contains(&language) {
                    continue;
                }
                if block.lines().any(|line| line == "format 1") {
                    script = Some(format!("{}\n", block.trim_end()));
                } else {
                    commands.extend(in_block(block));
                }
            } else {
                commands.extend(in_words(part));
            }
        }
        Document { name: name.to_owned(), commands, script }
    }

    /// Every document that has commands.
    fn all() -> Vec<Document> {
        let mut names: BTreeSet<String> =
            ["README.md", "CONTRIBUTING.md", "FIDELITY.md", "FINDINGS.md"].map(str::to_owned).into();
        for entry in fs::read_dir(root().join("docs")).expect("it is there") {
            let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") {
                names.insert(format!("docs/{name}"));
            }
        }
        names.iter().map(|name| Document::read(name)).collect()
    }
}

/// What follows settings of the environment, such as `OUT=parts`.
fn without_environment(line: &str) -> &str {
    let mut rest = line;
    while let Some((first, then)) = rest.split_once(' ')
        && first
            .split_once('=')
            .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    {
        rest = then;
    }
    rest
}

/// The commands of a block, each without what is said of it and with the lines that it goes on in.
fn in_block(block: &str) -> Vec<String> {
    let block = block.replace("\\\n", " ");
    let shows_more = block.lines().any(|line| line.starts_with("$ "));
    let lines = block.lines().filter_map(|line| {
        let typed = line.strip_prefix("$ ");
        let typed = if shows_more { typed? } else { line };
        let typed = typed.split("  #").next().unwrap_or_default().trim_end();
        let begins = |program: &&str| without_environment(typed).starts_with(*program);
        (shows_more || PROGRAMS.iter().any(begins)).then(|| typed.to_owned())
    });
    lines.collect()
}

/// The commands within sentences and tables: more than a name, and without a word that stands for another.
fn in_words(text: &str) -> Vec<String> {
    let code = text.split('`').skip(1).step_by(2);
    let commands = code.filter(|code| {
        let args = code.strip_prefix("cargo run --release -- ").or_else(|| code.strip_prefix("driftless "));
        args.is_some_and(|args| args.contains(' '))
            && !code.contains('\n')
            && !PARTS.contains(code)
            && !code.split([' ', '/', '=', '.', '[', ']']).any(stands_for_another)
    });
    commands.map(str::to_owned).collect()
}

/// Whether a word is one of those in capitals.
fn stands_for_another(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase())
}

/// The arguments of a command of ours; none if it isn't one.
fn arguments(command: &str) -> Option<Vec<String>> {
    let rest = match command.strip_prefix("cargo run --release") {
        Some(rest) => rest.strip_prefix(" --").unwrap_or(rest),
        None => command.strip_prefix("driftless")?,
    };
    Some(rest.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect())
}

/// The same, so that it takes seconds.
fn scaled_down(mut args: Vec<String>) -> Vec<String> {
    let Some(name) = args.first().cloned() else { return args };
    let at = |args: &[String], option: &str| args.iter().position(|arg| arg == option);
    let runs = if args.iter().any(|arg| arg == "--shrink") { 2 } else { 20 };
    let limits = [("--runs", runs), ("--explore", 2), ("--seeds", 1)];
    for (option, most) in limits {
        if let Some(value) = at(&args, option).and_then(|at| args.get_mut(at + 1))
            && value.parse::<u64>().is_ok_and(|n| n > most)
        {
            *value = most.to_string();
        }
    }
    if let Some(value) = at(&args, "--for").and_then(|at| args.get_mut(at + 1)) {
        *value = "3s".to_owned();
    }
    for arg in args.iter_mut().filter(|arg| *arg == "scenarios") {
        *arg = FEW.to_owned();
    }
    let positional = args.iter().skip(1).any(|arg| arg.starts_with("scenarios") || arg.starts_with("my-"));
    let more: &[&str] = match name.as_str() {
        "explore" if !["--runs", "--for", "--plan"].iter().any(|option| at(&args, option).is_some()) => {
            if runs == 2 {
                &["--runs", "2"]
            } else {
                &["--runs", "20"]
            }
        }
        "sweep" if at(&args, "--for").is_none() && at(&args, "--audit").is_none() => &["--for", "3s"],
        "shrink" => &["--runs", "200", "--seeds", "3"],
        "bench" => &["--seconds", "1"],
        "doctor" if !positional => &["--plans", "2", FEW],
        "compare" if !positional && at(&args, "--back").is_some() => &[ONE],
        "compare" if !positional => &[FEW],
        "mutants" => &["no-delete-handler"],
        _ => &[],
    };
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    args
}

/// The exit codes that the README has for each command.
fn exit_codes() -> BTreeMap<String, BTreeSet<i32>> {
    let readme = fs::read_to_string(root().join("README.md")).expect("it is there");
    let mut codes = BTreeMap::new();
    for row in readme.lines().filter(|line| line.starts_with("| `driftless")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [names, _, ends] = cells[..] else { panic!("not three cells: {row}") };
        let ends: BTreeSet<i32> =
            ends.split(", ").filter_map(|end| end.split(' ').next()?.parse().ok()).collect();
        assert!(!ends.is_empty(), "no exit code: {row}");
        for name in names.split('`').skip(1).step_by(2) {
            let name = name.split(' ').nth(1).unwrap_or_default();
            codes.insert(name.to_owned(), ends.clone());
        }
    }
    codes
}

/// A folder of its own for what a document has the reader do.
fn folder(of: &Document) -> PathBuf {
    let name = of.name.replace(['/', '.'], "-");
    let folder = program().parent().expect("it lies in a folder").join(format!("documents-{name}"));
    let _ = fs::remove_dir_all(&folder);
    copy(&root().join("scenarios"), &folder.join("scenarios"));
    fs::create_dir_all(folder.join("my-scenarios")).expect("the folder of the build is writable");
    if let Some(script) = &of.script {
        for place in ["my-script", "my-scenarios/mine"] {
            fs::write(folder.join(place), script).expect("it is writable");
        }
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder of the build is writable");
    for entry in fs::read_dir(from).expect("it is there") {
        let path = entry.expect("readable").path();
        let place = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, &place).expect("it is writable");
        }
    }
}

/// With what is there in place of the words that stand for it.
fn filled_in(args: Vec<String>, folder: &Path) -> Vec<String> {
    let first = || {
        let mut ids: Vec<_> = fs::read_dir(folder.join("found/findings"))
            .map(|entries| entries.flatten().map(|entry| entry.file_name()).collect())
            .unwrap_or_default();
        ids.sort();
        ids.first().map(|id| id.to_string_lossy().into_owned()).unwrap_or_default()
    };
    args.into_iter().map(|arg| if arg.contains("/ID/") { arg.replace("ID", &first()) } else { arg }).collect()
}

/// What is wrong with a command, if anything is.
fn trouble(command: &str, folder: &Path, codes: &BTreeMap<String, BTreeSet<i32>>) -> Option<String> {
    let Some(args) = arguments(without_environment(command)) else {
        let known = OUTSIDE.iter().any(|(begins, _)| without_environment(command).starts_with(begins));
        return (!known).then(|| "is no command of ours: run it here, or say in OUTSIDE why not".to_owned());
    };
    if args.is_empty() {
        // All scenarios: readme.rs runs it, and compares what is printed.
        return None;
    }
    let name = args[0].clone();
    let args = filled_in(scaled_down(args), folder);
    let output = Command::new(program()).args(&args).current_dir(folder).output().expect("the command runs");
    let (code, stderr) = (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned());
    let small = code == Some(2) && ["explore", "merge"].contains(&&*name) && !stderr.contains("Usage:");
    let documented = codes.get(&name).is_some_and(|codes| code.is_some_and(|code| codes.contains(&code)));
    // What can't be run at all ends with 2 as well, and says so.
    let ran = code != Some(2) || small || !output.stdout.is_empty();
    let fine = small || (documented && ran);
    (!fine).then(|| format!("ends with {code:?} as {args:?}:\n{stderr}"))
}

fn run_those_of(documents: &[Document]) {
    let codes = exit_codes();
    let (mut wrong, mut run) = (Vec::new(), 0);
    for document in documents.iter().filter(|document| !document.commands.is_empty()) {
        let folder = folder(document);
        for command in &document.commands {
            run += 1;
            if let Some(trouble) = trouble(command, &folder, &codes) {
                wrong.push(format!("{}: `{command}` {trouble}", document.name));
            }
        }
        let _ = fs::remove_dir_all(&folder);
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(run >= 3, "there are commands");
}

#[test]
fn those_of_the_readme() {
    run_those_of(&[Document::read("README.md")]);
}

#[test]
fn those_of_the_guides() {
    run_those_of(&[Document::read("docs/guides.md")]);
}

#[test]
fn those_of_all_other_documents() {
    let mut documents = Document::all();
    documents.retain(|document| !["README.md", "docs/guides.md"].contains(&&*document.name));
    run_those_of(&documents);
}

#[test]
fn commands_are_told_from_what_is_beside_them() {
    let block = "$ driftless run a\nheld\n$ ls\n";
    assert_eq!(in_block(block), ["driftless run a", "ls"]);
    let block = "OUT=x driftless run a \\\n  --json   # and this\nagain: driftless run a\n";
    assert_eq!(in_block(block), ["OUT=x driftless run a    --json"]);
    let words = "`driftless run a` and `driftless run FILE`, `driftless bench`, `held a`";
    assert_eq!(in_words(words), ["driftless run a"]);
    let codes = exit_codes();
    assert_eq!(codes["run"], [0, 1].into());
    assert_eq!(codes["replay"], [0, 1, 2].into());
}

/// A command that can't be run, an exit code that isn't documented and a program that nobody knows are all told.
#[test]
fn a_wrong_command_is_told() {
    let document = Document { name: "wrong".to_owned(), commands: Vec::new(), script: None };
    let (folder, codes) = (folder(&document), exit_codes());
    for wrong in ["driftless run nowhere", "driftless explore --rnus 3", "driftless nothing", "make all"] {
        assert!(trouble(wrong, &folder, &codes).is_some(), "{wrong}");
    }
    assert_eq!(trouble("driftless list designs", &folder, &codes), None);
    let _ = fs::remove_dir_all(&folder);
}

/// The test in Rust that the guides begin with is this one.
#[test]
fn the_guides_show_a_test_that_runs() {
    let guides = fs::read_to_string(root().join("docs/guides.md")).expect("it is there");
    let (_, shown) = guides.split_once("```rust\n").expect("it shows some Rust");
    let (shown, _) = shown.split_once("```").expect("the block ends");
    assert!(include_str!("documents.rs").contains(shown), "{shown}");
}

#[test]
fn a_deleted_api_is_gone_after_a_restart() {
    let text = "format 1\nplatform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\nsettle\n\
                stop gw1\ndelete petstore\nrestart gw1\nsettle\n---\n";
    let script = driftless::script::Script::parse("mine", text).expect("it can be read");
    let outcome = driftless::run(&script.plan.under("as-merged")).expect("it runs");
    assert_eq!(outcome.violated().count(), 0, "{:?}", outcome.judgements);
}
