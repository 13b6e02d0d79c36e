//! What is wrong with a script, where, and what was expected.

use crate::script::Script;

/// The mistakes of a text, each as `line:column: message`.
fn mistakes(text: &str) -> Vec<String> {
    let errors = Script::parse("x", text).expect_err("there are mistakes");
    let first = |error: String| error.lines().next().unwrap_or_default().trim_start_matches("x:").to_owned();
    errors.iter().map(|error| first(error.to_string())).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(mistakes(text), expected, "\n{text}");
}

/// A line below five that set up a platform, `gw1`, and `petstore` deployed there.
#[track_caller]
fn check_line(line: &str, expected: &str) {
    let above = "format 1\nplatform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\n";
    check(&format!("{above}{line}\n---\n"), &[expected]);
}

/// A line of the header, above the same.
#[track_caller]
fn check_header(line: &str, expected: &str) {
    check(&format!("format 1\n{line}\nplatform\ngateway gw1\n---\n"), &[expected]);
}

#[test]
fn the_grammar() {
    let end = "expected a line '---' after the commands; what they show follows it";
    check("format 1\n", &[&format!("2:1: {end}")]);
    for (line, expected) in [
        ("  heal", "6:1: expected a command at the beginning of the line, without indentation"),
        ("=", "6:1: expected a command: a word that begins with a letter, a digit or '_'"),
        ("crash gw1:80", "6:10: expected a blank or the end of the line; a word with ':' needs quotes"),
        ("crash -x", "6:7: expected the end of the line; a word that begins with '-' needs quotes"),
        ("crash a = b", "6:9: expected a key right before '=', without a blank"),
        ("crash \"gw1", "6:7: expected a closing \" for this quote"),
        (
            "crash \"\\q\"",
            "6:8: expected one of \\' \\\" \\\\ \\0 \\n \\r \\t, \\xHH or \\u{HHHHHH} (H is a hexadecimal digit)",
        ),
        ("(crash gw1", "6:11: expected ')' at the end of the command, for the '(' at its beginning"),
        ("crash gw1)", "6:10: expected '(' at the beginning of a line that ends in ')'"),
        ("[with, 12s] heal", "6:7: expected a word between '[' and ']'"),
        ("[with heal", "6:11: expected ']', or one ',' or one blank and another word"),
        ("--- ", "6:1: expected nothing else in the line of '---'"),
    ] {
        check_line(line, expected);
    }
    check("---\n", &["1:1: expected a command before '---'"]);
    let quotes = "format 1\nset \"world pace=1s\nplatform\nfault \"gw1 sync\" lose\n---\n";
    check(quotes, &["2:5: expected the quote to end in this line; it goes on to line 4"]);
}

#[test]
fn all_of_a_kind_are_told_in_one_go() {
    check(
        "format 1\n= a\nplatform\n  heal\n---\n",
        &[
            "2:1: expected a command: a word that begins with a letter, a digit or '_'",
            "4:1: expected a command at the beginning of the line, without indentation",
        ],
    );
    check(
        "format 1\nplatfrom\ngatway gw1\nwait soon\n---\n",
        &[
            "2:1: there is no command 'platfrom'; did you mean 'platform'?",
            "3:1: there is no command 'gatway'; did you mean 'gateway'?",
            "4:6: 'soon' is no time; expected a duration such as 500ms, 3s or 5min",
        ],
    );
}

#[test]
fn the_format_comes_first() {
    check("", &["1:1: expected 'format 1' as the first command"]);
    check("# Nothing.\n", &["1:1: expected 'format 1' as the first command"]);
    check("platform\n---\n", &["1:1: expected 'format 1' as the first command"]);
    check("format 2\n---\n", &["1:8: format '2' can't be read here; expected 1"]);
    check("formt 1\n---\n", &["1:1: there is no command 'formt'; did you mean 'format'?"]);
    check_header("format 1", "2:1: expected 'format' only as the first command");
}

#[test]
fn arguments() {
    for (line, expected) in [
        ("deploy petstore", "6:17: GATEWAY is missing; expected `deploy ARTIFACT GATEWAY [base=DEPLOYMENT]`"),
        ("heal gw1", "6:6: 'gw1' is one argument too many; expected `heal`"),
        ("delete petstore when=now", "6:17: 'delete' takes no 'when='; expected `delete ARTIFACT`"),
        ("deploy petstore gw1 bse=d1", "6:21: 'deploy' takes no 'bse='; did you mean 'base'?"),
        ("deploy petstore gw1 base=d1 base=d1", "6:29: 'base=' is given twice; expected it once"),
        (
            "deploy petstore gw1 base=2",
            "6:26: '2' names no deployment; expected d1 for the artifact's first, d2, ...",
        ),
        (
            "create rest-apis users",
            "6:8: there is no kind 'rest-apis'; did you mean 'rest-api'? Expected one of rest-api, llm-provider, llm-proxy, mcp-proxy",
        ),
        (
            "create rest-api Users",
            "6:17: 'Users' can't be a name; expected small letters, digits and '-', no '-' first",
        ),
        ("gateway world", "6:9: 'world' is taken; expected a name other than platform, user, world"),
        ("create-key petstore d1", "6:21: 'd1' is the name of a deployment; expected another"),
        ("subscribe petstore d1", "6:20: 'd1' is the name of a deployment; expected another"),
        (
            "replica gw1/a",
            "6:9: 'gw1/a' can't be a replica; expected its node and a letter from b on, such as gw1/b",
        ),
        (
            "restart gw1 design=befor-fix",
            "6:20: there is no design 'befor-fix'; did you mean 'before-fix'? Expected one of before-fix, first-draft, as-merged, hardened",
        ),
        ("update-plan gold", "6:18: status=STATUS is missing; expected `update-plan PLAN status=STATUS`"),
        (
            "update-plan gold status=revoked",
            "6:25: there is no status 'revoked'; expected one of active, inactive",
        ),
        ("partition gw1 gw1", "6:15: no link leads from 'gw1' to itself; expected another node"),
        (
            "partition gw1 platform direction=from",
            "6:34: there is no direction 'from'; expected one of both, to",
        ),
        (
            "[soon] heal",
            "6:2: a step can't begin at 'soon'; expected [with], or a time since the run began such as [500ms] or [12s]",
        ),
        (
            "[with 12s] settle",
            "6:7: a step begins only once; expected [with], or a time since the run began such as [500ms] or [12s]",
        ),
        (
            "x: settle",
            "6:1: a prefix before a command has no meaning here: a script is a plan that is run as a whole",
        ),
        (
            "! settle",
            "6:1: '!' before a command has no meaning here: a script is a plan that is run as a whole",
        ),
        (
            "(settle)",
            "6:1: silencing a command with ( ) has no meaning here: a script is a plan that is run as a whole",
        ),
    ] {
        check_line(line, expected);
    }
}

#[test]
fn the_header() {
    for (line, expected) in [
        ("seed x", "2:6: 'x' is no seed; expected a whole number below 2^64"),
        ("expect before-fix", "2:19: PROPERTY is missing; expected `expect DESIGN PROPERTY...`"),
        (
            "expect befor-fix deletes-reach-every-gateway",
            "2:8: there is no design 'befor-fix'; did you mean 'before-fix'? Expected one of before-fix, first-draft, as-merged, hardened",
        ),
        ("set world pace", "2:11: 'pace' is one argument too many; expected `set NODE NAME=VALUE`"),
        ("set gw1 poll=1s a=b", "2:17: one '=' too many; expected `set NODE NAME=VALUE`"),
        (
            "set gw1 event_hub.poll_intervall=1s",
            "2:9: 'gw1' has no setting 'event_hub.poll_intervall'; did you mean 'event_hub.poll_interval'?",
        ),
        (
            "set gw1 event_hub.poll_interval=soon",
            "2:33: setting 'event_hub.poll_interval' can't be 'soon'; expected a duration such as 500ms, 3s or 5min",
        ),
        (
            "set gw2 event_hub.poll_interval=1s",
            "2:5: there is no node 'gw2'; expected one of platform, gw1, world",
        ),
        (
            "design gw1 orphan-without-exist-check",
            "2:12: there is no design 'orphan-without-exist-check'; did you mean 'orphan-without-exists-check'?",
        ),
        (
            "design gw1 hardned",
            "2:12: there is no design 'hardned'; did you mean 'hardened'? Expected one of before-fix, first-draft, as-merged, hardened",
        ),
        (
            "decision gw1 orphans=keep",
            "2:22: decision 'orphans' has no variant 'keep'; expected one of delete, ask",
        ),
        (
            "fault \"gw1 sync\" lose",
            "2:7: 'gw1 sync' is not an address: it names no site; expected one of http.*, ws.*, store.*, hub.*, boot.*, memory.*, life.*, link.*, step.*, fault.* after the task",
        ),
        (
            "fault \"gw2 sync store.find-artifact\" lose",
            "2:7: there is no node 'gw2'; expected one of platform, gw1, user",
        ),
        (
            "fault gw1 store.find-artifact lose",
            "2:31: 'lose' is one argument too many; expected `fault \"TARGET\" EFFECT [NAME=VALUE...]`; a target stands in quotes",
        ),
        (
            "fault \"gw1 store.find-artefact\" lose",
            "2:7: there is no site 'store.find-artefact'; did you mean 'store.find-artifact'?",
        ),
        (
            "fault \"gw1 store.find-artifact\" answer status=503",
            "2:33: 'answer' doesn't fit a crossing at store.find-artifact; expected one of fail, lose, delay, omit, crash-before, crash-after, power-loss-before, power-loss-after, abort, part",
        ),
        ("fault \"gw1->platform\" cutt", "2:23: there is no effect 'cutt'; did you mean 'cut'?"),
        (
            "fault \"gw1->platform\" fail",
            "2:23: 'fail' doesn't fit a link; expected one of cut, slow, lossy, hold, narrow, refuse, ignore-dials, reset, half-open",
        ),
        (
            "fault \"gw1->\" cut",
            "2:7: 'gw1->' is no link; expected nodes on both sides, such as gw1->platform, gw1<->* or gw1,gw2<->platform",
        ),
        ("fault \"gw1->gw3\" cut", "2:7: there is no node 'gw3'; expected one of platform, gw1, user"),
        (
            "fault \"user\" pause from=5s",
            "2:7: 'pause' would end the plan with its user; expected a platform or a gateway",
        ),
        (
            "fault \"user delete petstore 1 http.delete-artifact\" crash-before",
            "2:7: 'crash-before' would end the plan with its user; expected a platform or a gateway",
        ),
        (
            "fault \"life.start\" fail",
            "2:7: 'life.start' is not an address: it begins with a site; expected the node first, such as 'gw1 life.start'",
        ),
        (
            "fault \"gw1 life.start\" fail",
            "2:24: nothing can go wrong at a crossing at life.start; it can only open or close a window",
        ),
        (
            "fault \"gw1 http.artifacts-exists\" answer",
            "2:42: 'status=' is missing; expected `answer status=STATUS`: the status of an answer, a number from 200 to 599",
        ),
        (
            "fault \"gw1 store.find-artifact\" lose status=503",
            "2:38: 'lose' takes no 'status='; expected one of from, until, for, dwell",
        ),
        (
            "fault \"gw1 http.artifacts-exists\" answer status=99",
            "2:49: 'status' can't be '99'; expected the status of an answer, a number from 200 to 599",
        ),
        (
            "fault \"gw1->platform\" cut from=20s until=10s",
            "2:36: the window ends at 10s and begins at 20s; expected an end after the beginning",
        ),
        (
            "fault \"gw1->platform\" cut from=20s until=30s for=1s",
            "2:46: a window closes once; expected either 'until=' or 'for='",
        ),
        (
            "fault \"gw1->platform\" cut from=soon",
            "2:32: 'soon' is no moment; expected a time such as 12s, or an address in quotes",
        ),
        (
            "fault \"gw1->platform\" reset from=20s for=1s",
            "2:38: 'reset' happens at a point; expected only 'from='",
        ),
        ("fault gw1 down for=1s", "2:23: 'from=' is missing; 'down' has to begin at a time or an address"),
        ("[with] seed 7", "2:2: 'seed' is no step; expected no '[with]' before it"),
        ("when \"gw1 http.artifacts-exists\" seed 7", "2:6: 'seed' is no step; expected no 'when' before it"),
        (
            "when",
            "2:6: the address is missing; expected `when \"ADDRESS\" COMMAND...`, such as: when \"gw1 sync http.fetch-batch\" delete petstore",
        ),
        (
            "when \"gw1 http.artifact-exists\" heal",
            "2:6: there is no site 'http.artifact-exists'; did you mean 'http.artifacts-exists'?",
        ),
        (
            "when \"gw3 http.artifacts-exists\" wait 1s",
            "2:6: there is no node 'gw3'; expected one of platform, gw1, user",
        ),
    ] {
        check_header(line, expected);
    }
}

#[test]
fn the_place_of_the_header() {
    for (line, expected) in [
        ("seed 7", "6:1: 'seed' comes too late; expected it before 'platform' in line 2"),
        ("set world pace=2s", "6:1: 'set' comes too late; expected it before 'platform' in line 2"),
        ("design gw1 before-fix", "6:1: 'design' comes too late; expected it before 'gateway' in line 3"),
    ] {
        check_line(line, expected);
    }
    check("format 1\nseed 1\nseed 2\n---\n", &["3:1: the seed is given in line 2; expected it once"]);
}

#[test]
fn names() {
    for (line, expected) in [
        ("deploy petstore gw2", "6:17: there is no gateway 'gw2'; expected one of gw1"),
        ("deploy petstore platform", "6:17: 'platform' is not a gateway; expected one of gw1"),
        ("delete petstor", "6:8: there is no artifact 'petstor'; did you mean 'petstore'?"),
        ("probe gw1 petstore key=key1", "6:24: 'petstore' has no key 'key1'; there are none in this script"),
        ("revoke-key petstore key1", "6:21: 'petstore' has no key 'key1'; there are none in this script"),
        ("crash gw3", "6:7: there is no node 'gw3'; expected one of platform, gw1"),
        ("replica gw3/b", "6:9: there is no node 'gw3'; expected one of platform, gw1"),
        (
            "probe gw1 globex/petstore",
            "6:11: there is no organisation 'globex'; there are none in this script",
        ),
        ("deploy petstore gw1/b", "6:17: there is no gateway 'gw1/b'; expected one of gw1"),
        ("probe platform petstore", "6:7: 'platform' is not a gateway; expected one of gw1"),
        (
            "create rest-api globex/users",
            "6:17: there is no organisation 'globex'; there are none in this script",
        ),
        (
            "gateway gw2 organisation=globex",
            "6:26: there is no organisation 'globex'; there are none in this script",
        ),
        ("subscribe petstore bob plan=gold", "6:29: there is no plan 'gold'; there are none in this script"),
        (
            "unsubscribe petstore bob",
            "6:22: 'petstore' has no subscriber 'bob'; there are none in this script",
        ),
        (
            "create-key petstore k\nmap-key shop petstore k",
            "7:9: there is no application 'shop'; there are none in this script",
        ),
        ("partition gw1 gw3", "6:15: there is no node 'gw3'; expected one of platform, gw1"),
    ] {
        check_line(line, expected);
    }
}

#[test]
fn order() {
    for (line, expected) in [
        ("gateway gw1", "6:1: 'gw1' is set up in line 3; expected 'restart gw1' here"),
        ("crash gw2\ngateway gw2", "6:7: 'gw2' is set up only in line 7"),
        ("deploy users gw1\ncreate rest-api users", "6:8: 'users' is created only in line 7"),
        (
            "create rest-api petstore",
            "6:17: 'petstore' is created in line 4; expected 'delete petstore' in between",
        ),
        (
            "revoke-key petstore k\ncreate-key petstore k",
            "6:21: key 'k' of 'petstore' is created only in line 7",
        ),
        ("undeploy petstore gw1 deployment=d2", "6:34: 'petstore' has no deployment 'd2' here; expected d1"),
        ("deploy petstore gw1 base=d3", "6:26: 'petstore' has no deployment 'd3' here; expected d1"),
        ("revoke-token gw1 token=token2", "6:24: 'gw1' has no token 'token2' here; expected token1"),
        (
            "gateway gw2\nundeploy petstore gw2",
            "7:1: 'petstore' has no deployment on 'gw2' yet; expected 'deploy petstore gw2' above",
        ),
        ("replica gw2/b\ngateway gw2", "6:9: 'gw2' is set up only in line 7"),
        ("create rest-api globex/users\norganisation globex", "6:17: 'globex' is created only in line 7"),
        (
            "unsubscribe petstore bob\nsubscribe petstore bob",
            "6:22: 'bob' is subscribed to 'petstore' only in line 7",
        ),
        ("delete-plan gold\ncreate-plan gold", "6:13: 'gold' is created only in line 7"),
        ("heal", "6:1: nothing is cut yet; expected 'partition' in a line above"),
        ("heal\npartition gw1 platform", "6:1: nothing is cut yet; expected 'partition' in a line above"),
    ] {
        check_line(line, expected);
    }
    check(
        "format 1\n[with] platform\n---\n",
        &["2:8: the first step has no other to begin with; expected no '[with]'"],
    );
    check(
        "format 1\ngateway gw1\n---\n",
        &["2:1: there is no platform yet; expected 'platform' in a line above"],
    );
}

#[test]
fn a_mistake_shows_its_line() {
    let text = "format 1\nplatform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw2\n---\n";
    let errors = Script::parse("scenarios/x", text).expect_err("there is no gw2");
    assert_eq!(
        errors[0].to_string(),
        "scenarios/x:5:17: there is no gateway 'gw2'; expected one of gw1\n  5 | deploy petstore gw2\n    |                 ^"
    );
}
