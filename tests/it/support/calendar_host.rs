//! A machine of somebody else that holds a calendar.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::watch,
};

use super::Server;

/// What makes the address a secret.
pub const TOKEN: &str = "canary-calendar-token-5c21e9f07b";

/// A machine that holds a calendar, at an address of this one.
pub struct CalendarHost {
    port: u16,
    says: Arc<Mutex<Vec<u8>>>,
    asked: watch::Sender<usize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl CalendarHost {
    /// One that listens.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let held = Self {
            port: listener.local_addr().unwrap().port(),
            says: Arc::default(),
            asked: watch::Sender::default(),
            heads: Arc::default(),
        };
        let (says, asked, heads) = (held.says.clone(), held.asked.clone(), held.heads.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                asked.send_modify(|times| *times += 1);
                let (says, heads) = (says.clone(), heads.clone());
                tokio::spawn(async move {
                    let mut head = vec![0; 8_192];
                    let read = stream.read(&mut head).await.unwrap_or_default();
                    heads.lock().unwrap().push(String::from_utf8_lossy(&head[..read]).into_owned());
                    let answer = says.lock().unwrap().clone();
                    if answer.is_empty() {
                        // Never answers, and never hangs up.
                        std::future::pending::<()>().await;
                    }
                    stream.write_all(&answer).await.ok();
                });
            }
        });
        held
    }

    /// What it answers from now on; before that it never does.
    pub fn answers(&self, head: &str, body: &[u8]) {
        let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        *self.says.lock().unwrap() = [head.as_bytes(), body].concat();
    }

    /// Busy for an hour from this hour (UTC) of 7 October 2026.
    pub fn busy(&self, hour: u32) {
        let period = format!("20261007T{hour:02}0000Z/PT1H");
        let body = format!(
            "\u{feff}BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nFREEBUSY:{period}\r\nEND:VFREEBUSY\r\n\
             BEGIN:VEVENT\r\nSUMMARY:Private matter\r\nDTSTART:20180101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        self.answers("200 OK", body.as_bytes());
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        *self.asked.borrow()
    }

    /// Waits until it was asked so often.
    pub async fn is_asked(&self, often: usize) {
        self.asked.subscribe().wait_for(|times| *times == often).await.map(drop).unwrap();
    }

    /// What it was asked, as it came.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the calendar is.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/busy/{TOKEN}.ics", self.port)
    }

    /// The server, whose operator has named this machine.
    pub fn named_by(&self, server: Server) -> Server {
        let house = json!([{
            "host": "localhost", "networks": ["127.0.0.0/8", "::1"], "ports": [self.port], "plain_http": true,
        }]);
        server.configured(|config| config.intranet = serde_json::from_value(house).unwrap())
    }
}
