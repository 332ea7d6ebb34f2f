//! What goes wrong and when: the seed decides all of it.

use std::time::Duration;

use clap::ValueEnum;

use crate::random::Random;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Kind {
    /// An instance is killed, and started again
    Sigkill,
    /// An instance is asked to end, and started again
    Sigterm,
    /// An instance is frozen, sometimes for longer than its session and than a transaction may take
    Freeze,
    /// A broker is killed, and started again
    BrokerKill,
    /// The active controller is killed, and started again
    ControllerKill,
    /// A broker is frozen
    BrokerFreeze,
    /// Connections to one broker or to all are reset, or go silent
    LinkCut,
    /// Connections to one broker or to all become slow
    LinkSlow,
    /// An instance with a tiny producer queue and slow connections
    FullQueue,
    /// Instances come and go
    RebalanceStorm,
    /// The timestamps of records jump by years
    ClockJump,
    /// The input topic grows
    AddPartitions,
    /// The output topic is made only after records have come
    OutputMissing,
    /// The brokers refuse to write to the output topic for a while (three nodes)
    OutputReadOnly,
    /// Retention removes records that were not read yet
    Expired,
}

impl Kind {
    /// As `--only` takes it and reports show it.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether it can happen on so many nodes. The brokers never ask for more in-sync replicas than a
    /// partition has, so that one node alone cannot refuse.
    pub fn possible(self, nodes: u16) -> bool {
        self != Kind::OutputReadOnly || nodes >= 3
    }

    /// Whether commits may have to recover from it; until they have, nobody can say from which of two.
    pub fn disturbs(self) -> bool {
        !matches!(self, Kind::ClockJump | Kind::AddPartitions)
    }

    /// How often it may happen in a run.
    fn most(self) -> usize {
        match self {
            Kind::OutputMissing => 1,
            Kind::AddPartitions => 4,
            _ => usize::MAX,
        }
    }

    /// How long it lasts, in milliseconds.
    fn hold(self, random: &mut Random) -> u64 {
        match self {
            Kind::Sigkill => random.between(200, 8_000),
            Kind::Sigterm | Kind::Expired => random.between(0, 4_000),
            // Below the session's six seconds, beyond them, beyond a transaction's ten.
            Kind::Freeze => match random.between(0, 9) {
                0..=2 => random.between(1_000, 4_000),
                3..=6 => random.between(7_000, 9_000),
                _ => random.between(12_000, 16_000),
            },
            Kind::BrokerKill | Kind::ControllerKill => random.between(300, 5_000),
            Kind::BrokerFreeze | Kind::LinkCut => random.between(1_000, 12_000),
            Kind::LinkSlow | Kind::FullQueue | Kind::OutputReadOnly => random.between(4_000, 10_000),
            Kind::RebalanceStorm => random.between(8_000, 18_000),
            Kind::ClockJump | Kind::OutputMissing => random.between(2_000, 6_000),
            Kind::AddPartitions => 500,
        }
    }

    /// What else it takes, as an estimate: processes that start and end.
    fn around(self) -> u64 {
        match self {
            Kind::BrokerKill | Kind::ControllerKill => 6_000,
            Kind::FullQueue | Kind::Expired => 5_000,
            Kind::Sigterm | Kind::OutputReadOnly | Kind::OutputMissing => 2_000,
            _ => 500,
        }
    }
}

/// A fault to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What.
    pub kind: Kind,
    /// Decides which instance, broker or partition, and how exactly.
    pub target: u64,
    /// How long it lasts.
    pub hold: Duration,
    /// Quiet before it.
    pub gap: Duration,
    /// Whether it waits for the recovery from the one before; else it may meet that one's effects.
    pub patient: bool,
}

impl Planned {
    /// How long it takes with the quiet before it, as an estimate.
    pub fn length(&self) -> Duration {
        self.gap + self.hold + Duration::from_millis(self.kind.around())
    }
}

/// `count` faults: all kinds in turn, in an order of the seed's. Fewer when `kinds` cannot happen that often.
pub fn plan(seed: u64, count: usize, kinds: &[Kind]) -> Vec<Planned> {
    let mut random = Random::new(seed);
    let mut plan = Vec::new();
    while plan.len() < count {
        let mut round: Vec<Kind> = kinds.to_vec();
        round.retain(|kind| plan.iter().filter(|p: &&Planned| p.kind == *kind).count() < kind.most());
        if round.is_empty() {
            break;
        }
        random.shuffle(&mut round);
        // An output topic can only be missing before it was there.
        round.sort_by_key(|kind| *kind != Kind::OutputMissing);
        round.truncate(count - plan.len());
        for kind in round {
            let (target, hold) = (random.number(), Duration::from_millis(kind.hold(&mut random)));
            let patient = random.chance(60);
            let gap = random.between(500, if patient { 9_000 } else { 4_000 });
            plan.push(Planned { kind, target, hold, gap: Duration::from_millis(gap), patient });
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_seed_decides(seed: u64, count in 0_usize..60) {
            let plan_a = plan(seed, count, Kind::value_variants());
            prop_assert_eq!(&plan_a, &plan(seed, count, Kind::value_variants()));
            prop_assert_eq!(plan_a.len(), count);
            let missing = plan_a.iter().position(|p| p.kind == Kind::OutputMissing);
            prop_assert!(missing.is_none_or(|at| at == 0));
        }
    }

    #[test]
    fn seeds_differ() {
        assert_ne!(plan(1, 20, Kind::value_variants()), plan(2, 20, Kind::value_variants()));
    }

    #[test]
    fn every_kind_has_its_turn() {
        let count = Kind::value_variants().len();
        let plan = plan(7, count, Kind::value_variants());
        assert!(Kind::value_variants().iter().all(|kind| plan.iter().any(|p| p.kind == *kind)));
    }

    #[test]
    fn a_kind_that_cannot_happen_that_often_ends_the_plan() {
        assert_eq!(plan(7, 20, &[Kind::OutputMissing]).len(), 1);
    }
}
