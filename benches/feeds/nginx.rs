//! nginx, from a folder of its own, with a file and its compressed form beside it.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::process;

/// A server process of nginx, one worker and no master, ended with this value.
pub struct Nginx {
    child: Child,
    base: String,
}

impl Nginx {
    /// Serves `file` and `compressed` as one resource from `folder`. Its tag is nginx's own; the bytes are ours.
    pub async fn start(folder: &Path, file: &[u8], compressed: &[u8]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (settings, root) = (folder.join("nginx.conf"), folder.join("root"));
        std::fs::create_dir_all(&root).unwrap();
        std::fs::write(root.join("feed.ics"), file).unwrap();
        std::fs::write(root.join("feed.ics.gz"), compressed).unwrap();
        std::fs::write(&settings, configuration(folder, port)).unwrap();
        let child = Command::new("nginx")
            .arg("-p")
            .arg(folder)
            .arg("-e")
            .arg(folder.join("error.log"))
            .arg("-c")
            .arg(&settings)
            // Debian keeps it where only root looks.
            .env("PATH", "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin")
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx, which Debian has as nginx-light");
        let nginx = Self { child, base: format!("http://127.0.0.1:{port}") };
        nginx.becomes_ready().await;
        nginx
    }

    async fn becomes_ready(&self) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        for _ in 0..100 {
            if client.head(self.url()).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nginx did not become ready");
    }

    /// Where the file is.
    pub fn url(&self) -> String {
        format!("{}/feed.ics", self.base)
    }

    /// CPU seconds so far.
    pub fn cpu_seconds(&self) -> f64 {
        process::cpu_seconds(self.child.id())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Only what it needs to run there; it may keep files open and send them by the kernel.
fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
        master_process off;
        pid {folder}/nginx.pid;
        error_log {folder}/error.log;
        events {{ worker_connections 8192; }}
        http {{
            access_log off;
            sendfile on;
            tcp_nopush on;
            keepalive_requests 1000000;
            open_file_cache max=10;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            types {{ text/calendar ics; }}
            server {{
                listen 127.0.0.1:{port};
                root {folder}/root;
                gzip_static on;
                etag on;
            }}
        }}"
    )
}
