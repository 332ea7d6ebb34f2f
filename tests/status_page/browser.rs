//! Chromium without a window, driven by its DevTools protocol: just enough of it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::skip::skipped;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running browser; it ends when dropped.
pub struct Browser {
    process: Child,
    address: String,
    _folder: tempfile::TempDir,
}

/// How a page is looked at.
#[derive(Clone, Copy)]
pub struct Look {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
}

pub const DESKTOP: Look = Look { width: 1280, height: 900, dark: false };
pub const PHONE: Look = Look { width: 390, height: 844, dark: false };

impl Browser {
    /// Starts one; `None` where Chromium is not installed.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(|name| {
            // No sandbox: tests run as root in containers, and load nothing but our own page.
            let mut command = Command::new(name);
            command
                .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
                .args(["--no-first-run", "--disable-background-networking", "--disable-component-update"])
                .args(["--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", "about:blank"])
                .arg(format!("--user-data-dir={}", folder.path().display()));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok()
        });
        let Some(mut process) = found else {
            skipped("no Chromium here (apt-get install chromium)");
            return None;
        };
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            line.ok()?.strip_prefix("DevTools listening on ").map(|address| address.trim().to_owned())
        });
        // Nobody else reads it, and a full pipe would stop the browser.
        std::thread::spawn(move || lines.for_each(drop));
        let address = address.expect("Chromium says where its DevTools listen");
        Some(Self { process, address, _folder: folder })
    }

    /// Opens a page.
    pub fn open(&self, url: &str, look: Look) -> Tab {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (socket, _) =
            runtime.block_on(tokio_tungstenite::connect_async(&self.address)).expect("DevTools answer");
        let mut tab =
            Tab { runtime, socket, session: None, calls: 0, troubles: Vec::new(), requests: Vec::new() };
        let target = tab.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached =
            tab.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        tab.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Runtime.enable", "Log.enable", "Network.enable", "Page.enable"] {
            tab.call(domain, json!({}));
        }
        tab.look(look);
        tab.call("Page.navigate", json!({ "url": url }));
        tab.until("the page is loaded", "document.readyState === 'complete'");
        tab
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An open page.
pub struct Tab {
    runtime: Runtime,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    calls: u64,
    /// Errors and warnings on the console, exceptions, refused requests.
    pub troubles: Vec<String>,
    /// Addresses that were asked for.
    pub requests: Vec<String>,
}

impl Tab {
    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let id = self.calls;
        let mut call = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            call["sessionId"] = json!(session);
        }
        self.runtime.block_on(self.socket.send(Message::text(call.to_string()))).expect("Chromium listens");
        let deadline = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < deadline, "{method}: no answer");
            let next =
                self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.socket.next()).await });
            let message = next.expect("Chromium answers").expect("Chromium is there").expect("a message");
            let Message::Text(text) = message else { continue };
            let mut answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == json!(id) {
                assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
                return answer["result"].take();
            }
            self.note(&answer);
        }
    }

    fn note(&mut self, event: &Value) {
        let said = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => self.troubles.push(said["exceptionDetails"].to_string()),
            "Log.entryAdded" if said["entry"]["level"] != "verbose" => {
                self.troubles.push(said["entry"].to_string());
            }
            "Runtime.consoleAPICalled" => self.troubles.push(said["args"].to_string()),
            "Network.requestWillBeSent" => {
                self.requests.push(said["request"]["url"].as_str().unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }

    /// What an expression is, as JSON; promises are waited for.
    pub fn eval(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", parameters);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// A text on the page.
    pub fn text(&mut self, selector: &str) -> String {
        let text = self.eval(&format!("document.querySelector({selector:?})?.textContent ?? ''"));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true.
    pub fn until(&mut self, what: &str, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.eval(expression) != json!(true) {
            assert!(Instant::now() < deadline, "not within a minute: {what}\n{:#?}", self.troubles);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Changes the window.
    pub fn look(&mut self, look: Look) {
        let Look { width, height, dark } = look;
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 }),
        );
        let theme = if dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            // What moves while a picture is taken would be in it half way.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            _ => 13,
        };
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event =
                json!({ "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// A picture of the whole page.
    pub fn picture(&mut self, path: &Path) {
        let parameters = json!({ "format": "png", "captureBeyondViewport": true });
        let answer = self.call("Page.captureScreenshot", parameters);
        let data =
            base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap()).unwrap();
        std::fs::write(path, data).unwrap();
    }
}
