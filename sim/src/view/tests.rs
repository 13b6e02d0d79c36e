//! Pictures of small plans: what is lost, what goes wrong, who differs and until when.

use super::{Fate, Layer, Picture, Sort, Span, Stands, Watched, What};
use crate::run::{run, run_watched};
use crate::script::Script;

fn plan(steps: &str) -> crate::Plan {
    let text = format!("format 1\n{steps}\n---\n");
    Script::parse("steps", &text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan
}

fn picture(steps: &str) -> Picture {
    let (plan, mut watched) = (plan(steps), Watched::default());
    let outcome = run_watched(&plan, &mut |world| watched.look(world)).expect("it runs");
    Picture::of("steps", "driftless run steps", &plan, &outcome, &watched)
}

const DEPLOYED: &str = "platform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\nsettle";

/// The spans of a band: what was held, and how it stood. What lasted less than a second is left out.
fn spans(picture: &Picture, lane: &str, artifact: &str, layer: Layer) -> Vec<(String, Stands)> {
    let band = picture.bands.iter().find(|band| {
        (&*picture.lanes[band.lane].name, &*picture.artifacts[band.artifact], band.layer)
            == (lane, artifact, layer)
    });
    let long = |span: &&Span| span.to_us - span.from_us >= 1_000_000;
    let spans = band.map(|band| band.spans.as_slice()).unwrap_or_default().iter().filter(long);
    let mut spans: Vec<_> = spans.map(|span| (span.holds.clone(), span.stands)).collect();
    spans.dedup();
    spans
}

fn held(holds: &str, stands: Stands) -> (String, Stands) {
    (holds.to_owned(), stands)
}

#[test]
fn watching_changes_nothing() {
    for steps in [DEPLOYED.to_owned(), format!("{DEPLOYED}\ncrash gw1\ndelete petstore\nrestart gw1\nsettle")]
    {
        let plan = plan(&steps);
        let mut looks = 0;
        let watched = run_watched(&plan, &mut |world| {
            looks += 1;
            Watched::default().look(world);
        });
        assert_eq!(watched.expect("it runs").digest, run(&plan).expect("it runs").digest);
        assert!(looks > 100, "{looks}");
    }
}

#[test]
fn what_agrees_in_the_end_has_differed_on_the_way() {
    let picture = picture(&format!("{DEPLOYED}\nwait 5s\ndelete petstore\nsettle"));
    for layer in [Layer::Database, Layer::Memory, Layer::Routes] {
        let band = picture.bands.iter().find(|band| band.layer == layer).expect("it was held");
        let stands: Vec<Stands> = band.spans.iter().map(|span| span.stands).collect();
        assert!(stands.contains(&Stands::Differs), "{layer:?}: nobody hears of anything at once");
        assert_eq!(band.spans.last().map(|span| (&*span.holds, span.stands)), Some(("", Stands::Agrees)));
        // Spans lie one behind the other and reach to the end.
        assert!(band.spans.windows(2).all(|two| two[0].to_us == two[1].from_us));
        assert_eq!(band.spans.last().map(|span| span.to_us), Some(picture.lasted_us));
    }
    assert!(picture.chains.is_empty());
    assert!(picture.messages.iter().all(|message| message.fate != Fate::Lost));
}

#[test]
fn a_frame_that_is_lost_leaves_what_was_deleted_to_the_end() {
    let lose = "fault \"platform request delete petstore 1 ws.send ->gw1 petstore\" lose";
    let picture = picture(&format!("{lose}\n{DEPLOYED}\ndelete petstore\nsettle"));
    let lost: Vec<_> = picture.messages.iter().filter(|message| message.fate == Fate::Lost).collect();
    let [lost] = lost.as_slice() else { panic!("{lost:?}") };
    assert_eq!(
        (lost.what, &*picture.lanes[lost.from].name, &*picture.lanes[lost.to].name),
        (What::Frame, "platform", "gw1")
    );
    assert_eq!((lost.received, lost.to_us), (None, None));
    assert_eq!(lost.says, "api.deleted petstore");
    let [region] = picture.regions.as_slice() else { panic!("{:?}", picture.regions) };
    assert_eq!((region.sort, region.struck.first().copied()), (Sort::Fault, Some(lost.sent)));
    assert_eq!(region.spans, [(lost.from_us, Some(lost.from_us))]);
    let database = spans(&picture, "gw1", "petstore", Layer::Database);
    let still = held("petstore.d1", Stands::Differs);
    assert_eq!(database, [held("", Stands::Agrees), held("petstore.d1", Stands::Agrees), still.clone()]);
    assert_eq!(spans(&picture, "gw1", "petstore", Layer::Routes).last(), Some(&still));
    // The chain is that of the violation, and each link leads from a cause to a later effect.
    let chain = picture.chains.first().expect("it is violated");
    assert_eq!((chain.property, &*chain.node), ("deletes-reach-every-gateway", "gw1"));
    assert!(chain.crossings.contains(&lost.sent));
    assert!(!chain.links.is_empty());
    assert!(chain.links.iter().all(|(cause, effect)| cause < effect));
    assert!(
        chain
            .links
            .iter()
            .all(|(cause, effect)| chain.crossings.contains(cause) && chain.crossings.contains(effect))
    );
}

/// Of the first call of that kind, each message with what became of it.
fn fates(picture: &Picture, call: &str) -> Vec<(What, Fate)> {
    let of = |n: u64| picture.crossing(n).map(|seen| (&*seen.line.at.site, seen.line.at.nth));
    let mine = picture.messages.iter().filter(|message| of(message.sent) == Some((call, 1)));
    mine.map(|message| (message.what, message.fate)).collect()
}

#[test]
fn a_call_is_lost_on_its_way_or_its_answer_is() {
    let with = |effect: &str| {
        let fault = format!("fault \"gw1 sync http.deployments\" {effect}");
        fates(&picture(&format!("{fault}\n{DEPLOYED}")), "http.deployments")
    };
    let (arrived, lost) = (Fate::Arrived, Fate::Lost);
    assert_eq!(with("answer status=503"), [(What::Call, arrived), (What::Answer, arrived)]);
    assert_eq!(with("fail"), [(What::Call, lost)]);
    assert_eq!(with("lose"), [(What::Call, arrived), (What::Answer, lost)]);
    let twice = [(What::Call, arrived), (What::Call, arrived), (What::Answer, arrived), (What::Answer, lost)];
    assert_eq!(with("twice"), twice);
}

#[test]
fn a_process_that_is_down_holds_nothing_and_its_database_does() {
    let picture = picture(&format!("{DEPLOYED}\ncrash gw1\nwait 30s\nrestart gw1\nsettle"));
    let gw1 = picture.lanes.iter().find(|lane| lane.name == "gw1").expect("it is there");
    let [first, second] = gw1.lives.as_slice() else { panic!("{:?}", gw1.lives) };
    assert_eq!((&*first.name, first.end, &*second.name, second.end), ("gw1", Some("crash"), "gw1@2", None));
    assert!(second.from_us - first.to_us.expect("it ended") >= 30_000_000);
    let (up, down) = (held("petstore.d1", Stands::Agrees), held("", Stands::Down));
    let memory = spans(&picture, "gw1", "petstore", Layer::Memory);
    assert_eq!(memory[memory.len() - 3..], [up.clone(), down, up.clone()]);
    assert_eq!(spans(&picture, "gw1", "petstore", Layer::Database).last(), Some(&up));
}

#[test]
fn a_cut_is_a_region_until_it_is_healed() {
    let picture = picture(&format!("{DEPLOYED}\npartition gw1 platform\nwait 30s\nheal\nsettle"));
    let cuts: Vec<_> = picture.regions.iter().filter(|region| region.sort == Sort::Cut).collect();
    assert!(!cuts.is_empty());
    for cut in cuts {
        let [(from_us, Some(to_us))] = cut.spans.as_slice() else { panic!("{cut:?}") };
        assert!(to_us - from_us >= 30_000_000, "{cut:?}");
        assert_eq!(cut.lanes.len(), 2);
    }
}

#[test]
fn a_window_is_a_region_and_a_fault_that_never_struck_has_no_time() {
    let faults =
        "fault \"gw1->platform\" slow by=50ms from=5s for=20s\nfault \"gw1@2 sync http.deployments\" fail";
    let picture = picture(&format!("{faults}\n{DEPLOYED}\nwait 30s"));
    let [window, never] = picture.regions.as_slice() else { panic!("{:?}", picture.regions) };
    assert_eq!(window.spans, [(5_000_000, Some(25_000_000))]);
    assert_eq!(window.lanes.len(), 2);
    assert_eq!((never.spans.len(), never.struck.len()), (0, 0));
}

#[test]
fn keys_that_open_what_is_served_are_shown_and_follow() {
    let steps = "create-key petstore alice\nsettle\nrevoke-key petstore alice\nsettle";
    let access = spans(&picture(&format!("{DEPLOYED}\n{steps}")), "gw1", "petstore", Layer::Access);
    assert!(access.contains(&held("petstore.alice", Stands::Agrees)), "{access:?}");
    assert_eq!(access.last(), Some(&held("", Stands::Agrees)));
}

#[test]
fn keys_that_are_left_of_what_is_gone_differ() {
    let text = include_str!("../../../scenarios/findings/a-key-outlives-its-api");
    let plan = Script::parse("script", text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan;
    let mut watched = Watched::default();
    let outcome = run_watched(&plan, &mut |world| watched.look(world)).expect("it runs");
    let picture = Picture::of("script", "", &plan, &outcome, &watched);
    let database = spans(&picture, "gw1", "petstore", Layer::Database);
    assert_eq!(database.last(), Some(&held("1 key", Stands::Differs)), "{database:?}");
}

#[test]
fn every_crossing_is_in_a_lane_and_in_a_work_of_that_lane() {
    let picture = picture(DEPLOYED);
    for (at, seen) in picture.crossings.iter().enumerate() {
        assert_eq!(seen.line.n, at as u64 + 1);
        let work = &picture.works[seen.work];
        assert_eq!(work.lane, seen.lane, "{}", seen.line.address);
        assert!((work.from_us..=work.to_us).contains(&seen.line.time_us));
    }
    // What arrives at the platform belongs to the work that it causes there.
    let fetch = |phase: &str| {
        let is_it = |seen: &&super::Seen| {
            seen.line.at.site == "http.fetch-api" && seen.line.at.phase.as_deref() == Some(phase)
        };
        let seen = picture.crossings.iter().find(is_it).expect("it is fetched");
        (&*picture.lanes[seen.lane].name, &*picture.works[seen.work].name)
    };
    assert_eq!(fetch("sent"), ("gw1", "event api.deployed petstore 1"));
    let (lane, work) = fetch("received");
    assert_eq!(lane, "platform");
    assert!(work.starts_with("request gw1 event api.deployed petstore"), "{work}");
    assert_eq!(fetch("answered"), (lane, work));
}

#[test]
fn a_hostile_name_stays_within_its_data() {
    let hostile = "pet</script><script>alert(1)</script><!--<script>";
    let mut picture = picture(DEPLOYED);
    picture.artifacts[0] = hostile.to_owned();
    picture.header.plan = hostile.to_owned();
    let page = super::page::of_run(&picture).expect("it is written");
    let data = page.split_once("type=\"application/json\">").expect("there is data").1;
    let (data, _) = data.split_once("</script>").expect("it ends");
    let data: serde_json::Value = serde_json::from_str(data).expect("it is JSON");
    assert_eq!((&data["artifacts"][0], &data["header"]["plan"]), (&hostile.into(), &hostile.into()));
    assert_eq!(page.matches("</script>").count(), 2);
}
