//! The disk that is measured.

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

use crate::Stopwatch;

/// A folder of this process on the disk that is measured, gone at the end.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one in `parent`, the folder of the build.
    pub fn new(parent: &Path, name: &str) -> Self {
        let path = parent.join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the folder of the build can be written");
        Self(path)
    }

    /// Gives the path of a file in it.
    pub fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the folder of the build, which `cargo clean` removes.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A page of a log, which is written and waited for: the base line of commits that survive a loss of power.
#[derive(Debug)]
pub struct Disk(File);

impl Disk {
    /// Makes the page, in a folder of its own.
    pub fn new(folder: &Folder) -> Self {
        Self(File::create_new(folder.path("page")).expect("the folder can be written"))
    }

    /// Writes the page and waits for the disk as a commit must, so many times; gives how often it did in a second.
    pub fn waits(&mut self, times: u64) -> f64 {
        let stopwatch = Stopwatch::start();
        for _ in 0..times {
            let written = self.0.rewind().and_then(|()| self.0.write_all(&[7; 4096]));
            written.and_then(|()| self.0.sync_data()).expect("a disk");
        }
        times as f64 / stopwatch.elapsed().as_secs_f64()
    }
}
