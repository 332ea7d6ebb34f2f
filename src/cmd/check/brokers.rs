//! Whether the brokers can do what is asked of them: transactions, and assigning partitions.

use std::time::Duration;

use super::facts::InputFacts;
use super::report::Report;
use crate::config::Config;
use crate::config::units::show_duration;
use crate::kafka::settings::{GroupProtocol, Transactions};

/// Judges one broker's settings; what the user may not see cannot be judged, and that is said.
pub fn judge(config: &Config, input: &InputFacts, report: &mut Report) {
    if let Some(transactions) = &config.output.transactions {
        exactly_once(transactions, input, report);
    }
    if config.input.group_protocol == GroupProtocol::Consumer {
        group_protocol(input, report);
    }
}

fn exactly_once(transactions: &Transactions, input: &InputFacts, report: &mut Report) {
    let subject = "exactly once";
    if input.settings.is_empty() {
        report.warning(
            subject,
            "the brokers' settings may not be seen, so whether they take transactions is not known",
            "give the user DESCRIBE_CONFIGS on the cluster, or try it",
        );
        return;
    }
    let number = |name: &str| input.settings.get(name).and_then(|value| value.parse::<u64>().ok());
    let mut good = true;
    if let Some(most) = number("transaction.max.timeout.ms").map(Duration::from_millis)
        && most < transactions.transaction_timeout
    {
        good = false;
        report.problem(
            subject,
            format!(
                "exactly_once.transaction_timeout is {}, the brokers allow {} (transaction.max.timeout.ms): no \
                 transaction can begin",
                show_duration(transactions.transaction_timeout),
                show_duration(most)
            ),
            "lower exactly_once.transaction_timeout, or raise transaction.max.timeout.ms",
        );
    }
    let copies = number("transaction.state.log.replication.factor");
    if let Some(copies) = copies.filter(|copies| *copies > input.brokers as u64) {
        good = false;
        report.problem(
            subject,
            format!(
                "transaction.state.log.replication.factor is {copies}, the cluster has {} brokers: the log of \
                 transactions cannot be made",
                input.brokers
            ),
            "set transaction.state.log.replication.factor and transaction.state.log.min.isr to what the cluster has",
        );
    }
    let least = number("transaction.state.log.min.isr");
    if let (Some(copies), Some(least)) = (copies, least)
        && least > copies
    {
        good = false;
        report.problem(
            subject,
            format!(
                "transaction.state.log.min.isr is {least}, and the log of transactions has {copies} copies \
                 (transaction.state.log.replication.factor): no transaction can begin"
            ),
            "set transaction.state.log.min.isr to at most the number of copies, on one broker 1",
        );
    }
    if copies == Some(1) && input.brokers > 1 {
        good = false;
        report.warning(
            subject,
            "transaction.state.log.replication.factor is 1: with that broker down no transaction comes about",
            "set it to 3 before the first transaction",
        );
    }
    if good {
        report.ok(
            subject,
            format!(
                "the brokers take transactions of up to {}; transactional id {}",
                show_duration(transactions.transaction_timeout),
                transactions.transactional_id
            ),
        );
    }
}

fn group_protocol(input: &InputFacts, report: &mut Report) {
    let subject = "group protocol";
    match input.settings.get("group.coordinator.rebalance.protocols") {
        Some(protocols) if protocols.split(',').any(|protocol| protocol.trim() == "consumer") => {
            report.ok(subject, "the brokers assign partitions (KIP-848)");
        }
        Some(protocols) => report.problem(
            subject,
            format!("the brokers have the protocols {protocols}, input.group_protocol is \"consumer\""),
            "add consumer to the brokers' group.coordinator.rebalance.protocols (Kafka 4.0 or later), or set \
             input.group_protocol = \"classic\"",
        ),
        None if input.settings.is_empty() => report.warning(
            subject,
            "the brokers' settings may not be seen, so whether they assign partitions is not known",
            "give the user DESCRIBE_CONFIGS on the cluster, or try it",
        ),
        None => report.problem(
            subject,
            "the brokers cannot assign partitions: they are older than Kafka 4.0",
            "set input.group_protocol = \"classic\"",
        ),
    }
}
