//! Several nodes that make up one Kafka.

use std::path::Path;

use crate::broker::{self, Node};
use crate::ports::{self, Ports};
use crate::{Builder, Error, Files, LocalKafka, PORT_ATTEMPTS, jars, tools};

/// Nodes of one cluster, each broker and controller; internal topics are on up to three of them.
#[derive(Debug)]
pub struct LocalCluster {
    nodes: Vec<LocalKafka>,
}

impl LocalCluster {
    /// `127.0.0.1:port` of every node, joined by commas.
    pub fn bootstrap(&self) -> String {
        let nodes: Vec<&str> = self.nodes.iter().map(LocalKafka::bootstrap).collect();
        nodes.join(",")
    }

    /// The nodes, whose ids in Kafka are their places here and one.
    pub fn nodes(&mut self) -> &mut [LocalKafka] {
        &mut self.nodes
    }

    /// Stops all of them in order; their data stay until this is dropped.
    ///
    /// # Errors
    /// When one has to be killed because it did not stop in time.
    pub fn stop(&mut self) -> Result<(), Error> {
        // The last ones cannot hand their partitions to anybody and wait for it, so all are asked at once.
        let mut results = Vec::new();
        std::thread::scope(|scope| {
            let stopping: Vec<_> = self.nodes.iter_mut().map(|node| scope.spawn(|| node.stop())).collect();
            results.extend(stopping.into_iter().filter_map(|thread| thread.join().ok()));
        });
        results.into_iter().collect()
    }
}

impl Builder {
    /// Starts `count` nodes and waits until all answer.
    ///
    /// # Errors
    /// As [`LocalKafka::start`].
    pub fn cluster(&self, count: u16) -> Result<LocalCluster, Error> {
        Ok(LocalCluster { nodes: self.nodes(count.max(1))? })
    }

    pub(crate) fn nodes(&self, count: u16) -> Result<Vec<LocalKafka>, Error> {
        let java = tools::java()?;
        let jars = jars::fetched()?;
        let mut attempt = 1;
        loop {
            match self.nodes_on(&self.ports(count)?, &java, &jars) {
                // Between finding a port free and binding it, somebody else may have taken it.
                Err(Error::Broker { log, .. })
                    if self.port.is_none() && ports::taken(&log) && attempt < PORT_ATTEMPTS =>
                {
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn ports(&self, count: u16) -> Result<Vec<Ports>, Error> {
        let Some(first) = self.port else { return ports::free(count) };
        let of = |node: u16| {
            let client = first.checked_add(node.checked_mul(100)?)?;
            Some(Ports { client, controller: client.checked_add(1)?, second: client.checked_add(2)? })
        };
        let all: Vec<Ports> = (0..count).map(of).collect::<Option<_>>().ok_or(Error::NoPorts)?;
        // Another Kafka there would answer in the place of this one.
        match all.iter().flat_map(|p| [p.client, p.controller]).find(|port| !ports::is_free(*port)) {
            Some(port) => Err(Error::PortTaken(port)),
            None => Ok(all),
        }
    }

    fn nodes_on(&self, all: &[Ports], java: &Path, jars: &Path) -> Result<Vec<LocalKafka>, Error> {
        let voters: Vec<String> =
            (1..).zip(all).map(|(id, p)| format!("{id}@127.0.0.1:{}", p.controller)).collect();
        let (voters, new_id) = (voters.join(","), broker::cluster_id());
        let mut nodes = Vec::new();
        for (id, ports) in (1..).zip(all) {
            let files = self.files(id)?;
            let told = self.advertised.get(id - 1).copied();
            let second = told.or(self.protocol.is_some().then_some(ports.second));
            let node = Node {
                id,
                ports: *ports,
                voters: &voters,
                count: all.len(),
                second,
                protocol: self.protocol.as_deref(),
            };
            broker::write_files(files.path(), &node, &self.properties)?;
            if !broker::is_formatted(files.path()) {
                broker::format(java, jars, files.path(), &new_id, &self.users)?;
            }
            nodes.push(LocalKafka {
                broker: None,
                bootstrap: format!("127.0.0.1:{}", ports.client),
                port: ports.client,
                second: second.map(|_| ports.second),
                java: java.to_owned(),
                jars: jars.to_owned(),
                heap: self.heap.clone(),
                files,
            });
        }
        // All before any is waited for: none answers until most of them are there.
        nodes.iter_mut().try_for_each(LocalKafka::spawn)?;
        nodes.iter_mut().try_for_each(LocalKafka::answered)?;
        Ok(nodes)
    }

    fn files(&self, id: usize) -> Result<Files, Error> {
        let failed = |what: &str, source| Error::Io { what: what.to_owned(), source };
        if let Some(dir) = &self.dir {
            let dir = dir.join(format!("node-{id}"));
            std::fs::create_dir_all(&dir).map_err(|e| failed(&format!("making {}", dir.display()), e))?;
            let dir = dir.canonicalize().map_err(|e| failed(&format!("finding {}", dir.display()), e))?;
            return Ok(Files::Kept(dir));
        }
        let dir = tempfile::Builder::new().prefix("khabar-kafka-").tempdir();
        Ok(Files::Temporary(dir.map_err(|e| failed("making a temporary directory", e))?))
    }
}
