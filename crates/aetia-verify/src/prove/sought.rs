//! What a query looks for, as a formula over conditions and inequalities.

use aetia::Link;

use crate::flag_pair::FlagPair;
use crate::formula::{Code, Formula, Truths};
use crate::prove::Query;
use crate::query::{Asker, Node};
use crate::share;

/// What a query looks for.
#[derive(Clone, Debug)]
pub(crate) enum Sought {
    First {
        cause: usize,
        unless: Option<Formula>,
    },
    Leads {
        cause: usize,
        unless: Option<Formula>,
    },
    NotBelow {
        cause: usize,
        other: usize,
        when: Option<Formula>,
    },
    Passed {
        indicator: usize,
        from: Code,
        to: Code,
        cause: usize,
        rival: usize,
    },
    Lowered {
        indicator: usize,
        from: Code,
        to: Code,
        cause: usize,
    },
    Exceeds {
        cause: usize,
        bound: f64,
        when: Option<Formula>,
    },
    Quiet {
        flag: Formula,
        whenever: Formula,
    },
    BothFirst {
        cause: usize,
        other: usize,
    },
    NoneOpen,
    /// A condition has one of these truths.
    Is {
        formula: Formula,
        truths: Truths,
    },
    /// The gate, by its position, takes at least so much from its cause.
    Fights {
        gate: usize,
        least: i64,
    },
    /// A flag is raised by one of two knowledge bases and not by the other, or at another level.
    RaisedApart(FlagPair),
    /// The second knowledge base refuses what the first takes: something contradicts itself or is impossible there.
    Refused,
}

impl Sought {
    /// The indicator whose answer changes, and from which answer to which; none where the query is about no change.
    pub(crate) fn change(&self) -> Option<(usize, Code, Code)> {
        match self {
            Self::Passed { indicator, from, to, .. } | Self::Lowered { indicator, from, to, .. } => {
                Some((*indicator, *from, *to))
            }
            Self::First { .. }
            | Self::Leads { .. }
            | Self::NotBelow { .. }
            | Self::Exceeds { .. }
            | Self::Quiet { .. }
            | Self::BothFirst { .. }
            | Self::NoneOpen
            | Self::Is { .. }
            | Self::Fights { .. }
            | Self::RaisedApart(_)
            | Self::Refused => None,
        }
    }
}

/// The formula of a query.
pub(super) fn node(asker: &mut Asker<'_, '_, '_>, query: &Query, link: Link) -> Node {
    // What is possible comes last: questions are asked in this order.
    let mut parts = Vec::new();
    let mut when = |asker: &mut Asker<'_, '_, '_>, formula: &Option<Formula>, truths: Truths| {
        let node = formula.as_ref().map(|formula| asker.is(0, formula, truths));
        parts.extend(node);
    };
    let sought = match &query.sought {
        Sought::First { cause, unless } => {
            when(asker, unless, Truths::NOT_TRUE);
            asker.first(0, *cause)
        }
        Sought::Leads { cause, unless } => {
            when(asker, unless, Truths::NOT_TRUE);
            asker.leads(0, *cause)
        }
        Sought::NotBelow { cause, other, when: condition } => {
            when(asker, condition, Truths::TRUE);
            if cause == other { asker.excluded(0, *cause).no } else { asker.not_below(0, *cause, *other) }
        }
        Sought::Passed { cause, rival, .. } => {
            let above = asker.not_below(0, *cause, *rival);
            Node::all([above, asker.not_below(1, *rival, *cause)])
        }
        Sought::Lowered { cause, .. } => asker.lowered(*cause),
        Sought::Exceeds { cause, bound, when: condition } => {
            when(asker, condition, Truths::TRUE);
            match link {
                Link::Independent => asker.reaches(0, *cause, share::least_above(*bound)),
                Link::Exclusive => asker.excluded(0, *cause).no,
            }
        }
        Sought::Quiet { flag, whenever } => {
            when(asker, &Some(whenever.clone()), Truths::TRUE);
            asker.is(0, flag, Truths::NOT_TRUE)
        }
        Sought::BothFirst { cause, other } => {
            let first = asker.first(0, *cause);
            Node::all([first, asker.first(1, *other)])
        }
        Sought::Is { formula, truths } => asker.is(0, formula, *truths),
        Sought::Fights { gate, least } => {
            let gates = asker.sides.first().map(|side| side.frame.gates.as_slice()).unwrap_or_default();
            gates.get(*gate).map_or(Node::Known(false), |gate| asker.fights(0, gate, *least))
        }
        Sought::RaisedApart(pair) => {
            let [one, other] = &pair.raised;
            let raised = [asker.is(0, one, Truths::TRUE), asker.is(1, other, Truths::TRUE)];
            if pair.is_moved() {
                Node::any(raised)
            } else {
                let quiet = [asker.is(1, other, Truths::NOT_TRUE), asker.is(0, one, Truths::NOT_TRUE)];
                Node::any(raised.into_iter().zip(quiet).map(|(raised, quiet)| Node::all([raised, quiet])))
            }
        }
        Sought::Refused => asker.refused(1),
        Sought::NoneOpen => {
            let causes = asker.sides.first().map_or(0, |side| side.priors.len());
            let closed: Vec<Node> = (0..causes).map(|cause| asker.open(0, cause).no).collect();
            Node::all(closed)
        }
    };
    parts.push(sought);
    asker.pool.late = asker.pool.conditions.len();
    let taken = if matches!(query.sought, Sought::Refused) { 1 } else { asker.sides.len() };
    parts.extend((0..taken).map(|side| asker.possible(side)).collect::<Vec<_>>());
    Node::all(parts)
}
