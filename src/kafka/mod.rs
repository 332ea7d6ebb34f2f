//! Everything that names rdkafka.
//!
//! - [`consumer`]: the poll thread: dispatch, commits; [`poll`]: admission; [`rebalance`]: what it does when
//!   partitions come and go; [`watchdog`]: partitions that make no progress, by what is known of them
//!   ([`fetching`]); [`probe`]: a start after the circuit breaker tripped
//! - [`sink`]: at least once by [`producer`], whose delivery [`reports`] complete the ledger and which is
//!   replaced when it is [`adrift`], or exactly once by
//!   [`transactions`] of what [`finished`] has in order, each an [`epoch`] that is tried
//!   in a [`session`]; [`refusal`]: what is sent instead of a record that the brokers refuse
//! - [`replay`]: fixed ranges ([`ranges`]) to their ends, under a [`lock`]
//! - [`injected`]: faults for tests
//! - [`feed`]: publishes records and counts what was acknowledged
//! - [`headers`]: our headers and librdkafka's
//! - [`reader`]: whole topics, read without a group; [`range`]: topics up to an end that is fixed;
//!   [`originals`]: the records of dead letters, where they were read first
//! - [`embedded`]: librdkafka's mock cluster in this process, for the demo and for tests
//! - [`property`]: whether librdkafka takes a property; [`cluster`]: what a cluster says of itself and of
//!   topics, and making topics; [`reach`]: whether any broker answers; `complaint`: what librdkafka says of its connections
//! - [`settings`]: what all of them need to know

pub mod adrift;
mod assigned;
mod begin;
pub mod cluster;
mod complaint;
pub mod consumer;
pub mod embedded;
pub mod epoch;
pub mod feed;
pub mod fetching;
pub mod finished;
pub mod headers;
pub mod injected;
pub mod lock;
pub mod originals;
pub mod poll;
pub mod probe;
pub mod producer;
pub mod property;
pub mod range;
pub mod ranges;
pub mod reach;
pub mod reader;
pub mod rebalance;
pub mod refusal;
mod remembered;
pub mod replay;
pub mod reports;
pub mod rewind;
pub mod session;
pub mod settings;
pub mod shared;
pub mod sink;
pub mod standing;
pub mod transactions;
pub mod watchdog;
