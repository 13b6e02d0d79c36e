//! What became of each artifact on each gateway, as far as the moves of a plan tell.

use super::moves::LAST;
use crate::plan::OfDeployment;

/// What became last of an artifact on a gateway.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    Deployed,
    Undeployed,
}

/// Everything that is deployed or was; the newest change is the last.
#[derive(Default)]
pub(super) struct Deployed(Vec<(OfDeployment, Became)>);

impl Deployed {
    /// A deployment that has become that, if there is one; one time in six any, which the platform may refuse.
    pub(super) fn choose(&self, first: usize, second: usize, became: Option<Became>) -> Option<OfDeployment> {
        let fits = |is: &Became| second == 5 || became.is_none_or(|became| *is == became);
        let fitting: Vec<_> = self.0.iter().filter(|(_, is)| fits(is)).map(|(of, _)| of).collect();
        pick(&fitting, first).map(|of| (*of).clone())
    }

    /// It becomes that, or its deployment is gone.
    pub(super) fn becomes(&mut self, of: &OfDeployment, became: Option<Became>) {
        self.0.retain(|(known, _)| known != of);
        self.0.extend(became.map(|became| (of.clone(), became)));
    }

    /// An artifact is gone from everywhere.
    pub(super) fn forget(&mut self, artifact: &str) {
        self.0.retain(|(of, _)| of.artifact != artifact);
    }
}

/// One of what there is: the last, if that is the choice.
pub(super) fn pick<T>(of: &[T], choice: usize) -> Option<&T> {
    if choice == LAST { of.last() } else { of.get(choice % of.len().max(1)) }
}
