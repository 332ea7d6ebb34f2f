//! `/`: the status page, one file without requests to anywhere else. What it may do is told to browsers by the
//! hashes of its own style and script; nothing of an article's text can become markup.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const MARKUP: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPTS: [&str; 2] = [include_str!("page/text.js"), include_str!("page/page.js")];

struct Page {
    html: Bytes,
    policy: String,
}

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    let script = SCRIPTS.concat();
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    Page {
        policy: format!(
            "default-src 'none'; connect-src 'self'; img-src data:; style-src 'sha256-{}'; \
             script-src 'sha256-{}'; require-trusted-types-for 'script'; trusted-types 'none'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            hash(STYLE),
            hash(&script)
        ),
        html: MARKUP.replacen("/*style*/", STYLE, 1).replacen("/*script*/", &script, 1).into(),
    }
});

/// The page.
pub async fn page() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, PAGE.policy.as_str()),
    ];
    (headers, PAGE.html.clone())
}
