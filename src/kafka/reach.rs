//! Whether a client has a broker to talk to.
//!
//! librdkafka says that all brokers are down once, and never that one is up again; its statistics tell both. A producer
//! that has nothing to send lets its connections go and asks for none: that is no outage.

use rdkafka::statistics::Statistics;

use crate::health::{Health, Side};

/// Takes the statistics of a client of `side`.
pub fn note(health: &Health, side: Side, statistics: &Statistics) {
    let mut brokers = statistics.brokers.values().filter(|broker| broker.source != "internal");
    let is_up = brokers.clone().any(|broker| matches!(broker.state.as_str(), "UP" | "UPDATE"));
    if is_up || side == Side::Output && health.outstanding() == 0 {
        health.reach(side, true);
    } else if side == Side::Input || brokers.any(|broker| broker.state != "INIT") {
        health.reach(side, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdkafka::statistics::Broker;

    fn after(given: bool, side: Side, states: &[(&str, &str)]) -> bool {
        let health = Health::default();
        given.then(|| health.sent());
        let broker = |(source, state): &(&str, &str)| {
            let broker =
                Broker { source: (*source).to_owned(), state: (*state).to_owned(), ..Broker::default() };
            (format!("{source}{state}"), broker)
        };
        note(
            &health,
            side,
            &Statistics { brokers: states.iter().map(broker).collect(), ..Statistics::default() },
        );
        health.unreachable(side).is_none()
    }

    #[test]
    fn one_broker_that_is_up_is_enough_and_the_clients_own_is_none() {
        assert!(after(
            true,
            Side::Input,
            &[("learned", "TRY_CONNECT"), ("learned", "UP"), ("internal", "UP")]
        ));
        assert!(!after(true, Side::Input, &[("configured", "TRY_CONNECT"), ("internal", "UP")]));
        assert!(!after(true, Side::Input, &[("configured", "DOWN"), ("logical", "INIT")]));
        assert!(!after(true, Side::Output, &[("configured", "CONNECT"), ("learned", "INIT")]));
    }

    #[test]
    fn a_producer_with_nothing_to_send_needs_no_broker() {
        assert!(after(false, Side::Output, &[("learned", "INIT"), ("configured", "CONNECT")]));
        assert!(after(true, Side::Output, &[("learned", "INIT")]), "it asks for none yet");
        assert!(!after(true, Side::Input, &[("learned", "INIT")]), "members of a group always have one");
    }
}
