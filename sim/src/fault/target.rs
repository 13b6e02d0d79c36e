//! What a fault is aimed at: a crossing by its address, a link, or a node.
//!
//! ```text
//! gw1 sync http.artifacts-exists      a crossing
//! gw1->platform                       one direction of a link
//! gw1<->platform                      both
//! gw1<->*                             a node from all others
//! gw1,gw2->platform,user              a group from a group
//! gw1                                 a node
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::address::{BadAddress, Pattern};

/// What a fault is aimed at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    /// A crossing.
    Crossing(Pattern),
    /// What travels between nodes.
    Link(Link),
    /// A node.
    Node(String),
}

/// Links between the nodes of one group and those of another. An empty group is everybody else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Link {
    /// Where it leads from.
    pub from: Vec<String>,
    /// Where it leads to.
    pub to: Vec<String>,
    /// Whether the way back is meant too.
    pub both: bool,
}

impl Link {
    /// Whether what travels from one node to another travels over it.
    pub fn carries(&self, from: &str, to: &str) -> bool {
        self.leads(from, to) || (self.both && self.leads(to, from))
    }

    fn leads(&self, from: &str, to: &str) -> bool {
        let within = |group: &[String], node: &str| group.iter().any(|name| name == node);
        match (self.from.is_empty(), self.to.is_empty()) {
            (false, false) => within(&self.from, from) && within(&self.to, to),
            (true, false) => !within(&self.to, from) && within(&self.to, to),
            (false, true) => within(&self.from, from) && !within(&self.from, to),
            (true, true) => true,
        }
    }

    /// The nodes that it names.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        self.from.iter().chain(&self.to).map(String::as_str)
    }
}

impl Target {
    /// The nodes that it names, without their lives.
    pub fn nodes(&self) -> Vec<&str> {
        match self {
            Target::Crossing(at) => vec![at.node_name()],
            Target::Link(link) => link.nodes().collect(),
            Target::Node(node) => vec![node],
        }
    }
}

impl FromStr for Target {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        if text.contains(char::is_whitespace) {
            return text.parse().map(Target::Crossing);
        }
        let ends = match text.split_once("<->") {
            Some(ends) => Some((ends, true)),
            None => text.split_once("->").map(|ends| (ends, false)),
        };
        let Some(((from, to), both)) = ends else {
            return match text.is_empty() || text.contains([',', '*', '.']) {
                true => text.parse().map(Target::Crossing),
                false => Ok(Target::Node(text.to_owned())),
            };
        };
        let group = |names: &str| -> Result<Vec<String>, BadAddress> {
            let names: Vec<_> = names.split(',').map(str::to_owned).collect();
            match names.as_slice() {
                [all] if all == "*" => Ok(Vec::new()),
                names if names.iter().all(|name| !name.is_empty() && name != "*") => Ok(names.to_vec()),
                _ => Err(BadAddress::new(format!(
                    "'{text}' is no link; expected nodes on both sides, such as gw1->platform, gw1<->* or gw1,gw2<->platform"
                ))),
            }
        };
        Ok(Target::Link(Link { from: group(from)?, to: group(to)?, both }))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let group = |names: &[String]| if names.is_empty() { "*".to_owned() } else { names.join(",") };
        match self {
            Target::Crossing(at) => write!(f, "{at}"),
            Target::Link(Link { from, to, both }) => {
                let arrow = if *both { "<->" } else { "->" };
                write!(f, "{}{arrow}{}", group(from), group(to))
            }
            Target::Node(node) => f.write_str(node),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = BadAddress;

    fn try_from(text: String) -> Result<Self, BadAddress> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> String {
        target.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_as_it_is_written() {
        for text in [
            "gw1 sync http.artifacts-exists",
            "gw1->platform",
            "gw1,gw2<->platform",
            "gw1<->*",
            "*->gw1",
            "gw1",
        ] {
            let target: Target = text.parse().expect("a target");
            assert_eq!(target.to_string(), text);
        }
        for text in ["", "gw1->", "->gw1", "gw1,*->gw2", "gw1.b"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_link_carries_what_it_names() {
        let carries = |text: &str, from: &str, to: &str| match text.parse() {
            Ok(Target::Link(link)) => link.carries(from, to),
            other => panic!("{other:?}"),
        };
        assert!(carries("a->b", "a", "b") && !carries("a->b", "b", "a"));
        assert!(carries("a<->b", "b", "a") && !carries("a<->b", "b", "c"));
        assert!(carries("a->*", "a", "c") && !carries("a->*", "c", "a") && carries("a<->*", "c", "a"));
        assert!(carries("*->a", "b", "a") && !carries("*->a", "a", "b"));
        assert!(carries("a,b->c,d", "b", "c") && !carries("a,b->c,d", "a", "b"));
    }
}
