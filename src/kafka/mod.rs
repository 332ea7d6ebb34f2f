//! Everything that names rdkafka.
//!
//! - [`consumer`]: the poll thread: admission, dispatch, commits; [`rebalance`]: what it does when
//!   partitions come and go
//! - [`producer`]: the sink; delivery reports complete the ledger
//! - [`feed`]: publishes records and counts what was acknowledged
//! - [`headers`]: our headers and librdkafka's
//! - [`reader`]: whole topics, read without a group; [`range`]: topics up to an end that is fixed;
//!   [`originals`]: the records of dead letters, where they were read first
//! - [`embedded`]: librdkafka's mock cluster in this process, for the demo and for tests
//! - [`property`]: whether librdkafka takes a property; [`cluster`]: what a cluster says of itself and of
//!   topics, and making topics
//! - [`settings`]: what all of them need to know

pub mod cluster;
pub mod consumer;
pub mod embedded;
pub mod feed;
pub mod headers;
pub mod originals;
pub mod producer;
pub mod property;
pub mod range;
pub mod reader;
pub mod rebalance;
pub mod settings;
