//! A server that a test has for itself.

use std::path::PathBuf;
use std::process::Command;

/// A server that goes when it is dropped.
pub(crate) struct Server {
    pub(crate) folder: PathBuf,
}

impl Server {
    /// Makes its folder; it is not started yet.
    pub(crate) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("walletpass-{test}-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        Self { folder }
    }

    pub(crate) fn start(&self) {
        self.control("start");
    }

    /// Kills all its processes as `kill -9` does.
    pub(crate) fn kill(&self) {
        self.control("kill");
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://walletpass@127.0.0.1:{}/postgres", self.port())
    }

    pub(crate) fn port(&self) -> String {
        std::fs::read_to_string(self.folder.join("port")).unwrap().trim().to_owned()
    }

    fn control(&self, action: &str) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/postgres");
        // Not through a pipe, which the server would keep open.
        let messages = std::fs::File::create(self.folder.join("messages")).unwrap();
        let mut command = Command::new("bash");
        command.arg(script).arg(action).arg(&self.folder).stdout(messages.try_clone().unwrap()).stderr(messages);
        let status = command.status().unwrap();
        let messages = std::fs::read_to_string(self.folder.join("messages")).unwrap();
        assert!(status.success(), "{messages}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/postgres");
        drop(Command::new("bash").arg(script).arg("stop").arg(&self.folder).output());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
