//! TLS to a collector, with the OpenSSL that the Kafka client brings.

use std::path::Path;
use std::pin::Pin;

use openssl::ssl::{SslConnector, SslMethod, SslVersion};
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{X509, X509VerifyResult};
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

/// Why there is no connection over TLS.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file of authorities cannot be used.
    #[error("{0}")]
    Authorities(String),
    /// The collector's certificate is not accepted.
    #[error(
        "its certificate is not accepted ({0}): tracing.otlp_ca must hold the authority that signed it, and the host of tracing.otlp_endpoint must be in it"
    )]
    Certificate(String),
    /// Anything else.
    #[error("TLS with it fails: {0}; does it speak TLS there?")]
    Handshake(String),
}

/// What checks certificates and opens connections.
#[derive(Debug, Clone)]
pub struct Tls(SslConnector);

impl Tls {
    /// With the authorities in this file of PEM, or with the system's.
    ///
    /// # Errors
    /// When the file cannot be read, holds no certificate, or one that is broken.
    pub fn new(authorities: Option<&Path>) -> Result<Self, Error> {
        let wrong = |error: &dyn std::fmt::Display| Error::Authorities(error.to_string());
        let mut builder = SslConnector::builder(SslMethod::tls_client()).map_err(|error| wrong(&error))?;
        builder.set_min_proto_version(Some(SslVersion::TLS1_2)).map_err(|error| wrong(&error))?;
        if let Some(path) = authorities {
            let pem = std::fs::read(path).map_err(|error| wrong(&format!("cannot be read: {error}")))?;
            let certificates = certificates(&pem).map_err(|error| wrong(&error))?;
            // These alone: not beside the system's.
            let mut store = X509StoreBuilder::new().map_err(|error| wrong(&error))?;
            for certificate in certificates {
                store.add_cert(certificate).map_err(|error| wrong(&error))?;
            }
            builder.set_cert_store(store.build());
        }
        Ok(Self(builder.build()))
    }

    /// Speaks TLS over a connection to `host`, whose certificate must name it.
    ///
    /// # Errors
    /// When the other side is not what it should be, or speaks no TLS.
    pub async fn connect(&self, host: &str, stream: TcpStream) -> Result<SslStream<TcpStream>, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Handshake(error.to_string());
        let ssl = self.0.configure().and_then(|own| own.into_ssl(host)).map_err(|error| failed(&error))?;
        let mut stream = SslStream::new(ssl, stream).map_err(|error| failed(&error))?;
        match Pin::new(&mut stream).connect().await {
            Ok(()) => Ok(stream),
            Err(error) => Err(match stream.ssl().verify_result() {
                X509VerifyResult::OK => failed(&error),
                verdict => Error::Certificate(verdict.error_string().to_owned()),
            }),
        }
    }
}

/// All certificates of a text of PEM. What OpenSSL says of a broken one names its own functions.
fn certificates(pem: &[u8]) -> Result<Vec<X509>, String> {
    match X509::stack_from_pem(pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => {
            Err(broken(&String::from_utf8_lossy(pem))
                .unwrap_or_else(|| "holds no certificate in PEM".to_owned()))
        }
    }
}

/// Which certificate cannot be read, where any is.
fn broken(pem: &str) -> Option<String> {
    let begins =
        |line: &str| line.starts_with("-----BEGIN ") && line.trim_end().ends_with(" CERTIFICATE-----");
    let lines: Vec<&str> = pem.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| begins(lines[at])).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).zip(1..).find_map(|((&start, end), number)| {
        let own = lines[start..end].join("\n") + "\n";
        let line = start + 1;
        X509::from_pem(own.as_bytes())
            .is_err()
            .then(|| format!("its certificate number {number}, which begins at line {line}, is broken"))
    })
}
