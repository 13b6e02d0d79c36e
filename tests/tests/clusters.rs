//! What lies in `docs/clusters`: manifests that Kubernetes' own types read, and an array that a real Slurm carries out.

use std::path::{Path, PathBuf};
use std::process::Command;

use driftless_tests::{program, root};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{Container, PersistentVolumeClaim};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn folder() -> PathBuf {
    root().join("docs/clusters")
}

/// A manifest, read into the type that the API has for it. What that type doesn't know would be lost.
fn manifest<T: Serialize + DeserializeOwned>(name: &str) -> T {
    let path = folder().join("kubernetes").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    let written: Value = serde_yaml_ng::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let read: T = serde_json::from_value(written.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(serde_json::to_value(&read).expect("it can be written"), written, "{name}");
    read
}

/// The only container of a job.
fn container(job: &Job) -> &Container {
    let pod = job.spec.as_ref().and_then(|spec| spec.template.spec.as_ref()).expect("it has a pod");
    assert_eq!(pod.containers.len(), 1);
    &pod.containers[0]
}

/// That the command takes these arguments: nothing is run, and what it says is not of them.
fn is_understood(args: &[String]) {
    let output = Command::new(program()).args(args).arg("--help").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn manifests_are_what_kubernetes_reads() {
    let volume: PersistentVolumeClaim = manifest("volume.yaml");
    let claim = volume.metadata.name.expect("it has a name");
    let campaign: Job = manifest("campaign.yaml");
    let spec = campaign.spec.as_ref().expect("it has a spec");
    assert_eq!(spec.completion_mode.as_deref(), Some("Indexed"));
    let part = container(&campaign);
    let said = part.env.iter().flatten().find(|variable| variable.name == "JOB_COMPLETIONS");
    let said =
        said.and_then(|variable| variable.value.as_deref()).expect("the part is told how many there are");
    assert_eq!(said.parse().ok(), spec.completions, "the part is told how many there are");
    is_understood(part.args.as_deref().expect("it has arguments"));
    let merge: Job = manifest("merge.yaml");
    is_understood(container(&merge).args.as_deref().expect("it has arguments"));
    for job in [&campaign, &merge] {
        let pod = job.spec.as_ref().and_then(|spec| spec.template.spec.as_ref()).expect("it has a pod");
        let volumes = pod.volumes.as_deref().expect("it has a volume");
        let claimed = volumes[0].persistent_volume_claim.as_ref().expect("it is claimed");
        assert_eq!(claimed.claim_name, claim);
    }
    let canary: Job = manifest("canary.yaml");
    let command = &container(&canary).args.as_deref().expect("it has arguments")[0];
    assert!(command.ends_with("; test $? -eq 1"), "it must find something: {command}");
}

/// Runs a script while a Slurm of this machine is up; none where there is no Slurm.
fn with_slurm(name: &str, script: &str) -> Option<String> {
    let place = program().parent().expect("it lies in a folder").join(format!("slurm-{name}"));
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&place).expect("the folder of the build is writable");
    let slurm = folder().join("slurm");
    let output = Command::new(slurm.join("one-machine"))
        .args([place.join("slurm").as_path(), Path::new("bash"), Path::new("-euc"), Path::new(script)])
        .env("DRIFTLESS", program())
        .env("OUT", place.join("campaign"))
        .env("SUBMIT", slurm.join("submit"))
        .output()
        .expect("there is a shell");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.code() {
        Some(0) => Some(said),
        Some(77) => {
            eprintln!("skipped, since there is no Slurm here: {}", said.trim());
            None
        }
        _ => panic!("{said}\n{}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// An array of which the first task that is seen is killed.
const KILLED: &str = r#"
"$SUBMIT" 3 --design before-fix --profile plain --runs 90
for _ in $(seq 6000); do
  if pkill -KILL -o -f "explore --design before-fix --profile plain --runs 90 --jobs 1 --out $OUT/parts"; then
    echo killed
    break
  fi
  sleep 0.02
done
for _ in $(seq 600); do
  if [ -z "$(squeue --noheader)" ]; then break; fi
  sleep 0.5
done
cat "$OUT"/logs/merge-*.log
scontrol show job | grep -o 'Restarts=[1-9]' && echo requeued
"#;

#[test]
fn an_array_of_slurm_survives_a_kill() {
    let Some(said) = with_slurm("killed", KILLED) else { return };
    for what in ["killed", "requeued", "3 parts, 90 runs in "] {
        assert!(said.contains(what), "'{what}' isn't in\n{said}");
    }
    assert!(!said.contains("missing:"), "{said}");
}
