//! What the tests share: where the scenarios are, and how a plan is run.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;

use driftless::script::Script;

/// A plan of two gateways, one of which is given an artifact that is then undeployed and deleted.
pub const TWO_GATEWAYS: &str = "format 1
platform
gateway gw1
gateway gw2
create rest-api petstore
deploy petstore gw1
[40s] undeploy petstore gw1
[50s] delete petstore
wait 60s
settle
---
";

/// The root of the workspace.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The command under test, built as these tests were. A test is named to cargo so that what they share is compiled
/// with the features that tests ask for, as it was: otherwise all of it would be compiled once more.
pub fn program() -> PathBuf {
    static BUILT: Once = Once::new();
    let mut folder = std::env::current_exe().expect("a test has a program");
    while folder.file_name().is_some_and(|name| name != "deps") {
        folder.pop();
    }
    folder.pop();
    BUILT.call_once(|| {
        let release = folder.ends_with("release").then_some("--release");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--workspace", "--bins", "--test", "rest"])
            .args(release)
            .current_dir(root())
            .status();
        assert!(built.is_ok_and(|status| status.success()), "the command builds");
    });
    folder.join("driftless")
}

/// Every scenario's path below the root, in order.
pub fn scenarios() -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root().join("scenarios")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder of scenarios is readable") {
            let path = entry.expect("its entries are readable").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(root()).expect("it is below the root");
                found.push(below.display().to_string());
            }
        }
    }
    found.sort();
    found
}

/// The script at a path below the root.
pub fn script(path: &str) -> Script {
    let text = std::fs::read_to_string(root().join(path)).expect("a scenario is readable text");
    parse(path, &text)
}

/// The script of that text.
pub fn parse(name: &str, text: &str) -> Script {
    Script::parse(name, text).unwrap_or_else(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    })
}

/// A page of the project is what the code makes of it, and is written anew where `variable` asks for that.
pub fn keeps_up(path: &str, variable: &str, made: impl Fn(&str) -> String) {
    let file = root().join(path);
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let made = made(&written);
    if std::env::var_os(variable).is_some() {
        std::fs::write(&file, &made).expect("the page can be written");
    } else {
        assert!(written == made, "{path} is stale: {variable}=1 cargo test writes it anew");
    }
}
