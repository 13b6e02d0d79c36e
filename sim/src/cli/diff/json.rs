//! What was found, for programs.

use serde_json::{Value, json};

use super::operand::Operand;
use super::{Compared, said};
use crate::causes;
use crate::history::Crossing;

/// What was found.
pub fn of(compared: &Compared) -> Value {
    let Compared { a, b, parting, bite } = compared;
    let parting = parting.map(|parting| {
        let in_a = parting.a.and_then(|id| a.side().history.get(id));
        let in_b = parting.b.and_then(|id| b.side().history.get(id));
        let (lacks, has) = if in_a.is_some() { (b, a) } else { (a, b) };
        let instead = parting.instead.and_then(|id| lacks.side().history.get(id));
        let chain = in_a.or(in_b).map(|at| causes::chain_of(has.side().history, at.id)).unwrap_or_default();
        let chain = chain.into_iter().filter_map(|id| has.side().history.get(id));
        let chain: Vec<Value> = chain.map(|at| crossing(has, at)).collect();
        json!({
            "difference": parting.difference,
            "agreed": parting.agreed,
            "a": in_a.map(|at| crossing(a, at)),
            "b": in_b.map(|at| crossing(b, at)),
            "instead": instead.map(|at| crossing(lacks, at)),
            "chain": chain,
        })
    });
    let things = said::things(a, b).into_iter().map(
        |(thing, a, b)| json!({ "node": thing.node, "place": thing.place, "key": thing.key, "a": a, "b": b }),
    );
    let things: Vec<Value> = things.collect();
    json!({ "a": run(a), "b": run(b), "bite": bite, "parting": parting, "state": things })
}

fn run(of: &Operand) -> Value {
    let end = of.ending();
    json!({
        "name": of.name,
        "crossings": of.side().history.crossings().len(),
        "digest": of.digest(),
        "verdicts": end.verdicts,
        "stall": end.stall,
        "panics": end.panics,
    })
}

fn crossing(of: &Operand, at: &Crossing) -> Value {
    json!({ "n": at.id.0, "time_us": at.at_us, "address": at.address.to_string(), "told": of.telling()(at) })
}
