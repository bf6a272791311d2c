//! The listener that a mail server hands answers to invitations to (LMTP, RFC 2033). It takes mail for addresses that this
//! server has given out and nothing else, passes nothing on, and keeps no mail: what is read of one is an answer, or a
//! question to the secretariat.
//!
//! It has no encryption and asks for no password: it stands on this machine, or in a network that is trusted, behind the
//! mail server that speaks to the world. Everything that is sent has a limit, and so has the time it may take.

use std::{future::Future, net::IpAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use uuid::Uuid;

use crate::{
    attendance::invitations::replies::{self, Verdict},
    context::App,
    error::Error,
};

/// Bytes of a mail. An answer has a few thousand.
const MAIL_BYTES: usize = 256 * 1024;
/// Bytes of a line; a mail has at most 998 in one (RFC 5322, 2.1.1), but not all keep to it.
const LINE_BYTES: usize = 8 * 1024;
/// Recipients of a mail: an answer has one.
const RECIPIENTS: usize = 10;
/// Connections at once; more wait.
const CONNECTIONS: usize = 8;
/// How long somebody may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a connection may last.
const LONGEST: Duration = Duration::from_secs(300);

/// Takes mail until `shutdown`; what has begun is finished or cut off with the server.
pub async fn serve(app: App, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(shutdown);
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => return,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "no mail can be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        if !is_trusted(&app, peer.ip()) {
            tracing::warn!(peer = %peer.ip(), "mail refused: not one of lmtp_peers");
            continue;
        }
        let app = app.clone();
        tokio::spawn(async move {
            let mut session = Session::new(app, stream);
            if !matches!(timeout(LONGEST, session.run()).await, Ok(Ok(()))) {
                tracing::info!("a mail server was cut off");
            }
            drop(place);
        });
    }
}

fn is_trusted(app: &App, peer: IpAddr) -> bool {
    app.config.lmtp_peers.0.iter().any(|network| network.contains(&peer.to_canonical()))
}

/// A line as it came.
enum Line {
    /// Without its end.
    Whole(Vec<u8>),
    /// One that ends in a line feed alone: part of a mail, never the end of one, or mails could be smuggled in mails.
    Bare(Vec<u8>),
    /// One that is too long; the rest of it was passed over.
    TooLong,
    /// Nothing more.
    End,
}

struct Session {
    app: App,
    stream: BufReader<TcpStream>,
    greeted: bool,
    from: Option<String>,
    to: Vec<Uuid>,
}

impl Session {
    fn new(app: App, stream: TcpStream) -> Self {
        Self { app, stream: BufReader::new(stream), greeted: false, from: None, to: vec![] }
    }

    async fn run(&mut self) -> std::io::Result<()> {
        let host = self.app.config.public_url.host().to_owned();
        self.say(&format!("220 {host} LMTP Plenum")).await?;
        loop {
            let line = match self.line().await? {
                Line::Whole(line) => line,
                Line::Bare(_) => {
                    return self.say("500 5.5.2 Lines end in CR and LF").await;
                }
                Line::TooLong => {
                    self.say("500 5.5.2 Line too long").await?;
                    continue;
                }
                Line::End => return Ok(()),
            };
            let line = String::from_utf8_lossy(&line).into_owned();
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "LHLO" => {
                    self.greeted = true;
                    self.reset();
                    let said = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"].map(|word| format!("250-{word}\r\n"));
                    self.say(&format!("250-{host}\r\n{}250 SIZE {MAIL_BYTES}", said.concat())).await?;
                }
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.reset();
                    self.say("250 2.0.0 Forgotten").await?;
                }
                "NOOP" => self.say("250 2.0.0 Nothing done").await?,
                "VRFY" => self.say("252 2.5.0 Try it").await?,
                "QUIT" => return self.say("221 2.0.0 Goodbye").await,
                "HELO" | "EHLO" => self.say("500 5.5.1 This is LMTP: begin with LHLO").await?,
                _ => self.say("500 5.5.1 Unknown command").await?,
            }
        }
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn mail(&mut self, rest: &str) -> std::io::Result<()> {
        if !self.greeted || self.from.is_some() {
            return self.say("503 5.5.1 Not now").await;
        }
        let Some((address, parameters)) = path(rest, "FROM:") else {
            return self.say("501 5.5.4 MAIL FROM:<address>").await;
        };
        let size = parameters.split(' ').find_map(|word| word.to_ascii_uppercase().strip_prefix("SIZE=")?.parse().ok());
        if size.is_some_and(|size: usize| size > MAIL_BYTES) {
            return self.say("552 5.3.4 Too large").await;
        }
        self.from = Some(address.to_owned());
        self.say("250 2.1.0 Go on").await
    }

    async fn recipient(&mut self, rest: &str) -> std::io::Result<()> {
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        let Some((address, _)) = path(rest, "TO:") else {
            return self.say("501 5.5.4 RCPT TO:<address>").await;
        };
        if self.to.len() >= RECIPIENTS {
            return self.say("452 4.5.3 Too many recipients").await;
        }
        match replies::invitation_of(&self.app, address) {
            Ok(Some(id)) => {
                self.to.push(id);
                self.say("250 2.1.5 Known").await
            }
            // One that nobody was given: of somebody who guesses.
            Ok(None) => self.say("550 5.1.1 Nobody here has this address").await,
            Err(error) => {
                tracing::warn!(%error, "an address cannot be looked at");
                self.say("451 4.3.0 Later").await
            }
        }
    }

    /// One answer for each recipient (RFC 2033, 4.2).
    async fn data(&mut self) -> std::io::Result<()> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 RCPT first").await;
        }
        self.say("354 End with a dot").await?;
        let Some(mail) = self.content().await? else {
            for _ in 0..self.to.len() {
                self.say("552 5.3.4 Too large").await?;
            }
            self.reset();
            return Ok(());
        };
        for id in std::mem::take(&mut self.to) {
            let said = match replies::take(&self.app, id, &mail).await {
                Ok(Verdict::Taken) => "250 2.0.0 Taken",
                Ok(Verdict::Full) => "452 4.2.2 Too many wait for the secretariat already",
                Ok(Verdict::Unknown) => "550 5.1.1 The invitation is gone",
                Err(error) => temporary(&error),
            };
            self.say(said).await?;
        }
        self.reset();
        Ok(())
    }

    /// The mail up to its dot; nothing if it is too large, which is then passed over.
    async fn content(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let (mut mail, mut passed) = (Vec::new(), 0);
        loop {
            let (line, end): (_, &[u8]) = match self.line().await? {
                Line::Whole(line) if line == b"." => {
                    return Ok((passed == 0).then_some(mail));
                }
                Line::Whole(line) => (line, b"\r\n"),
                Line::Bare(line) => (line, b"\n"),
                Line::TooLong => (vec![], b"\r\n"),
                Line::End => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            };
            let line = line.strip_prefix(b".").unwrap_or(&line);
            if passed > 0 || mail.len() + line.len() + end.len() > MAIL_BYTES {
                passed += line.len() + end.len();
                if passed > 64 * MAIL_BYTES {
                    return Err(std::io::ErrorKind::InvalidData.into());
                }
                continue;
            }
            mail.extend_from_slice(line);
            mail.extend_from_slice(end);
        }
    }

    async fn line(&mut self) -> std::io::Result<Line> {
        let mut line = Vec::new();
        loop {
            let mut limited = (&mut self.stream).take(LINE_BYTES as u64);
            let read = timeout(SILENCE, limited.read_until(b'\n', &mut line)).await;
            if read.map_err(|_| std::io::ErrorKind::TimedOut)?? == 0 {
                return Ok(Line::End);
            }
            match (line.len() <= LINE_BYTES, line.ends_with(b"\n")) {
                (true, true) => break,
                (false, true) => return Ok(Line::TooLong),
                // Of one that is too long, only how it ends is of interest.
                (_, false) => line.truncate(LINE_BYTES + 1),
            }
        }
        line.pop();
        match line.pop_if(|last| *last == b'\r') {
            Some(_) => Ok(Line::Whole(line)),
            None => Ok(Line::Bare(line)),
        }
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        let line = format!("{line}\r\n");
        timeout(SILENCE, self.stream.get_mut().write_all(line.as_bytes()))
            .await
            .map_err(|_| std::io::ErrorKind::TimedOut)?
    }
}

/// What went wrong here may go right later; the mail server tries again.
fn temporary(error: &Error) -> &'static str {
    tracing::warn!(%error, "an answer could not be taken");
    "451 4.3.0 Later"
}

/// The address of `FROM:<address> PARAMETERS`, and those.
fn path<'a>(rest: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let rest = rest.trim_start();
    let start = rest.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
    let (address, parameters) = rest[start.len()..].trim_start().strip_prefix('<')?.split_once('>')?;
    Some((address, parameters.trim()))
}
