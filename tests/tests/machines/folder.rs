//! The command run in the project, and folders that go away with whoever made them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use driftless_tests::{program, root};
use serde_json::Value;

/// Runs the command, with nobody's CI around it.
pub fn driftless(args: &[&str]) -> Output {
    hosted(args, None)
}

/// Runs it where `GITHUB_ACTIONS` is set.
pub fn hosted(args: &[&str], actions: Option<&str>) -> Output {
    let mut command = Command::new(program());
    command.args(args).current_dir(root()).env_remove("GITHUB_ACTIONS");
    command.envs(actions.map(|actions| ("GITHUB_ACTIONS", actions)));
    command.output().expect("the command runs")
}

/// What it printed.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it told beside that.
pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What it printed, as JSON.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", told(output)))
}

/// A folder that is empty at first.
pub struct Folder(PathBuf);

impl Folder {
    /// One of that name.
    pub fn new(name: &str) -> Self {
        let path = program().parent().expect("it lies in a folder").join(format!("machines-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder of the build is writable");
        Folder(path)
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// Writes a file in it.
    pub fn write(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
        fs::write(&path, content).expect("it is writable");
        path.display().to_string()
    }

    /// Reads one.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
