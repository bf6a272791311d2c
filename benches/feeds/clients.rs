//! Programs that ask at the same time, as they do at the full hour: each has its connection, all have asked before the
//! first answer is read.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// Programs at once.
const CLIENTS: usize = 50;

/// Open connections to one server, each for the same request.
pub struct Clients {
    connections: Vec<TcpStream>,
    request: Vec<u8>,
    expected: u16,
}

impl Clients {
    /// Whoever asks for `url` with these header fields, and is to be answered with this status.
    pub fn connect(url: &reqwest::Url, fields: &[(&str, &str)], expected: u16) -> Self {
        let address = (url.host_str().unwrap(), url.port().unwrap());
        let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!("GET {} HTTP/1.1\r\nHost: {}:{}\r\n{fields}\r\n", url.path(), address.0, address.1);
        let connect = |_| {
            let connection = TcpStream::connect(address).unwrap();
            connection.set_nodelay(true).unwrap();
            connection
        };
        Self { connections: (0..CLIENTS).map(connect).collect(), request: request.into_bytes(), expected }
    }

    /// How many ask in a round.
    pub fn count(&self) -> u32 {
        u32::try_from(self.connections.len()).unwrap()
    }

    /// All ask once, and read their answers to the end.
    pub fn ask(&mut self) {
        for connection in &mut self.connections {
            connection.write_all(&self.request).unwrap();
        }
        for connection in &mut self.connections {
            assert_eq!(answer(connection), self.expected);
        }
    }
}

/// Reads an answer; gives its status.
fn answer(connection: &mut TcpStream) -> u16 {
    let (mut read, mut part) = (vec![], [0; 64 * 1024]);
    let mut length = None;
    while length.is_none_or(|length| read.len() < length) {
        let more = connection.read(&mut part).unwrap();
        assert!(more > 0, "closed in the middle of an answer");
        read.extend_from_slice(&part[..more]);
        length = length.or_else(|| whole(&read));
    }
    std::str::from_utf8(&read[9..12]).unwrap().parse().unwrap()
}

/// Octets of the whole answer, once its header is there.
fn whole(read: &[u8]) -> Option<usize> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let header = std::str::from_utf8(&read[..end]).unwrap();
    let field = |line: &str| Some(line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().unwrap());
    let body: Option<usize> = header.lines().find_map(field);
    Some(end + body.unwrap_or(0))
}
