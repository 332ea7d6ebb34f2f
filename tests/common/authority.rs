//! Certificates for a test: an authority, a broker on 127.0.0.1, a client; made anew each time.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// An authority that signs certificates.
pub struct Authority {
    folder: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
}

fn named(names: Vec<String>, name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(names).expect("names");
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    /// An authority of this name.
    pub fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = KeyPair::generate().expect("a key");
        let mut params = named(Vec::new(), name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("signed");
        std::fs::write(folder.path().join("ca.pem"), certificate.pem()).expect("written");
        Self { issuer: Issuer::new(params, key), folder }
    }

    /// Its certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A key and a certificate of a host or a client, as `NAME.key.pem`, `NAME.pem` and both in `NAME.both.pem`.
    pub fn sign(&self, name: &str, host: &str) -> PathBuf {
        let key = KeyPair::generate().expect("a key");
        let certificate =
            named(vec![host.to_owned()], name).signed_by(&key, &self.issuer).expect("signed").pem();
        let write = |what: &str, text: &str| {
            let path = self.folder.path().join(format!("{name}.{what}"));
            std::fs::write(&path, text).expect("written");
            path
        };
        write("key.pem", &key.serialize_pem());
        write("pem", &certificate);
        write("both.pem", &(key.serialize_pem() + &certificate))
    }

    /// A file of [`sign`](Self::sign).
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
