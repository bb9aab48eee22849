//! A real Chromium, driven over its debugging pipe: pages are waited for by what they say, never by time.
//!
//! The DevTools protocol is JSON with a zero byte after each message, on file descriptors 3 and 4. A shell puts them there, since the
//! standard library gives a child no others than 0 to 2. Only what the stories need is here.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One running browser with one page.
pub(super) struct Chromium {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    session: Option<String>,
    sent: u64,
}

impl Chromium {
    /// Starts on a profile, which keeps what it learnt as a person's browser does; `more` are further arguments.
    pub(super) fn start(profile: &Path, more: &[&str]) -> Self {
        let mut child = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh"])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
            ])
            .args(["--no-first-run", "--remote-debugging-pipe", "--window-size=400,900"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(more)
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut started = Self {
            commands: child.stdin.take().expect("piped"),
            answers: BufReader::new(child.stdout.take().expect("piped")),
            child,
            session: None,
            sent: 0,
        };
        let page = started.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": page["targetId"], "flatten": true });
        let attached = started.call("Target.attachToTarget", &attach);
        started.session = attached["sessionId"].as_str().map(str::to_owned);
        started.call("Page.enable", &json!({}));
        started
    }

    /// Opens a page and waits until it is there. It is opened afresh, also when only what stands after `#` changed.
    pub(super) fn open(&mut self, url: &str) {
        for url in ["about:blank", url] {
            self.call("Page.navigate", &json!({ "url": url }));
            while self.next()["method"] != "Page.loadEventFired" {}
        }
    }

    /// Waits until the element's `data-` attribute is another than `not_yet`; what it became, and what the element then says.
    pub(super) fn wait(&mut self, id: &str, attribute: &str, not_yet: &str) -> (String, String) {
        let script = format!(
            "new Promise((done) => {{
                const at = document.getElementById('{id}');
                const look = () => {{
                    const is = at.dataset.{attribute} || '';
                    if (is !== '{not_yet}') done([is, at.textContent]);
                }};
                new MutationObserver(() => setTimeout(look)).observe(at, {{ attributes: true }});
                look();
            }})"
        );
        let told = self.evaluate(&script);
        let text = |at: usize| told[at].as_str().expect("a text").to_owned();
        (text(0), text(1))
    }

    /// Whether the page has this element.
    pub(super) fn has(&mut self, id: &str) -> bool {
        self.evaluate(&format!("document.getElementById('{id}') !== null")) == true
    }

    fn evaluate(&mut self, script: &str) -> Value {
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let mut told = self.call("Runtime.evaluate", &asked);
        assert!(told["exceptionDetails"].is_null(), "{told}");
        told["result"]["value"].take()
    }

    /// Ends in good order, with everything on disk.
    pub(super) fn close(mut self) {
        self.session = None;
        self.call("Browser.close", &json!({}));
        assert!(self.child.wait().expect("it ran").success());
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        write!(self.commands, "{message}\0").expect("Chromium listens");
        loop {
            let mut answer = self.next();
            if answer["id"] == self.sent {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }

    fn next(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.answers.read_until(0, &mut bytes).expect("Chromium answers");
        assert_eq!(bytes.pop(), Some(0), "Chromium ended");
        serde_json::from_slice(&bytes).expect("JSON")
    }
}

impl Drop for Chromium {
    /// A test that failed leaves no browser behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
