//! Addresses as people and others write them, names that lead elsewhere, and machines that answer badly. What is expected
//! was worked out by hand from the standards (WHATWG URL, IANA's registries).

mod addresses;

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{guard::Lookup, *};
use crate::{clock::Entropy, config::Config};

fn hosts(json: &str) -> IntranetHosts {
    serde_json::from_str(json).unwrap()
}

/// A host of the house at this port of this machine.
fn house(port: u16) -> Config {
    let intranet = hosts(&format!(
        r#"[{{"host": "house.example", "networks": ["127.0.0.0/8"], "ports": [{port}], "plain_http": true}}]"#
    ));
    Config { intranet, ..Config::default() }
}

/// What these names lead to; others lead nowhere.
fn names(known: &[(&str, &[&str])]) -> Lookup {
    let read = |list: &[&str]| list.iter().map(|ip| ip.parse().unwrap()).collect::<Vec<IpAddr>>();
    let known: HashMap<String, Vec<IpAddr>> = known.iter().map(|(name, ips)| ((*name).to_owned(), read(ips))).collect();
    Arc::new(move |name| {
        let found = known.get(&name).cloned().ok_or_else(|| std::io::Error::other("no such name"));
        Box::pin(std::future::ready(found))
    })
}

async fn led(config: &Config, name: &str, known: &[(&str, &[&str])]) -> bool {
    Guard::looking_up(config, names(known)).resolve(name).await.is_ok()
}

#[test]
fn what_is_not_public_is_known() {
    let not_public = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
        "1::1",
    ];
    for address in not_public {
        assert!(!is_global(address.parse().unwrap()), "{address}");
    }
    let public = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.1",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "203.0.112.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "3ffe::1",
    ];
    for address in public {
        assert!(is_global(address.parse().unwrap()), "{address}");
    }
}

#[tokio::test]
async fn a_name_is_asked_only_if_all_its_addresses_are_public() {
    let config = Config::default();
    let good: &[&str] = &["1.1.1.1", "2606:4700:4700::1111"];
    assert!(led(&config, "a.example", &[("a.example", good)]).await);
    for bad in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "64:ff9b::7f00:1", "::ffff:1.1.1.1"] {
        assert!(!led(&config, "a.example", &[("a.example", &[bad])]).await, "{bad}");
        for mixed in [["1.1.1.1", bad], [bad, "1.1.1.1"]] {
            assert!(!led(&config, "a.example", &[("a.example", &mixed)]).await, "{mixed:?}");
        }
    }
    assert!(!led(&config, "a.example", &[]).await, "a name that leads nowhere is not asked");
    assert!(!led(&config, "a.example", &[("a.example", &[])]).await);
}

#[tokio::test]
async fn of_any_answers_one_that_is_not_public_spoils_all() {
    let entropy = Entropy::seeded(7);
    for _ in 0..2_000 {
        let bytes: [u8; 17] = entropy.bytes().unwrap();
        let found: Vec<IpAddr> =
            bytes[1..].chunks(4).map(|four| IpAddr::from(<[u8; 4]>::try_from(four).unwrap())).collect();
        let found = found[..usize::from(bytes[0] % 4) + 1].to_vec();
        let public = found.iter().all(|ip| is_global(*ip));
        let answer = found.clone();
        let lookup: Lookup = Arc::new(move |_| Box::pin(std::future::ready(Ok(answer.clone()))));
        let led = Guard::looking_up(&Config::default(), lookup).resolve("a.example").await.is_ok();
        assert_eq!(led, public, "{found:?}");
    }
}

#[tokio::test]
async fn this_server_and_its_database_are_not_asked_even_where_they_are_public() {
    let listening = |address: &str| Config { listen: address.parse().unwrap(), ..Config::default() };
    let known: &[(&str, &[&str])] =
        &[("a.example", &["5.6.7.8"]), ("db.example", &["5.6.7.8"]), ("own.example", &["5.6.7.8"])];
    assert!(led(&Config::default(), "a.example", known).await);
    assert!(!led(&listening("5.6.7.8:8080"), "a.example", known).await);
    let measured = Config { metrics_listen: Some("5.6.7.8:9464".parse().unwrap()), ..Config::default() };
    assert!(!led(&measured, "a.example", known).await);
    let called = Config { public_url: "https://Own.example".parse().unwrap(), ..Config::default() };
    assert!(!led(&called, "own.example", known).await && led(&called, "a.example", known).await);
    for database in [
        "postgres://plenum:hidden@db.example/plenum",
        "postgres://plenum@5.6.7.8:5433/x",
        "postgres://x/y?host=db.example",
    ] {
        let config = Config { database: Some(database.parse().unwrap()), ..Config::default() };
        let known = [known, &[("5.6.7.8", &["5.6.7.8"])]].concat();
        assert!(!led(&config, "a.example", &known).await, "{database}");
        assert!(!led(&config, "b.example", &[("b.example", &["8.8.8.8"])]).await, "its database cannot be told apart");
    }
    let socket = Config { database: Some("postgres:///x?host=/run/pg".parse().unwrap()), ..Config::default() };
    assert!(led(&socket, "a.example", known).await);
}

#[tokio::test]
async fn a_host_of_the_house_is_asked_where_the_file_says_and_nowhere_else() {
    let config = house(8443);
    for (address, fits) in
        [("127.0.0.1", true), ("127.9.9.9", true), ("10.0.0.1", false), ("::1", false), ("8.8.8.8", true)]
    {
        assert_eq!(led(&config, "house.example", &[("house.example", &[address])]).await, fits, "{address}");
        assert_eq!(led(&config, "x.example", &[("x.example", &[address])]).await, address == "8.8.8.8", "{address}");
    }
    assert!(!led(&config, "house.example", &[("house.example", &["127.0.0.1", "10.0.0.1"])]).await);
    // Not this server, and not its database, whatever the file says.
    let known: &[(&str, &[&str])] = &[("house.example", &["127.0.0.1"]), ("127.0.0.1", &["127.0.0.1"])];
    for listen in ["127.0.0.1:8443", "0.0.0.0:8443"] {
        assert!(!led(&Config { listen: listen.parse().unwrap(), ..config.clone() }, "house.example", known).await);
    }
    let database = Some("postgres://plenum@127.0.0.1:8443/x".parse().unwrap());
    assert!(!led(&Config { database, ..config }, "house.example", known).await);
}

/// A machine of this house that answers every request alike; it counts them.
struct Machine {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Machine {
    /// `answer` goes out in pieces with a pause before each, over and over where it does not `end`.
    async fn new(answer: Vec<u8>, pause: Duration, ends: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let count = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answered(stream, answer.clone(), pause, ends));
            }
        });
        Self { address, asked }
    }

    async fn saying(head: &str, body: &[u8]) -> Self {
        let answer = [format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
        Self::new(answer, Duration::ZERO, true).await
    }

    async fn read(&self, profile: &'static Profile) -> Result<Answer, Fault> {
        let config = house(self.address.port());
        let guard = Guard::looking_up(&config, names(&[("house.example", &["127.0.0.1"])]));
        GuardedClient::new(profile, guard).unwrap().get(&self.address_in(&config)).await
    }

    fn address_in(&self, config: &Config) -> Address {
        Address::parse(&format!("http://house.example:{}/token.ics", self.address.port()), &config.intranet).unwrap()
    }
}

async fn answered(mut stream: TcpStream, answer: Vec<u8>, pause: Duration, ends: bool) {
    let mut read = vec![0; 4_096];
    if stream.read(&mut read).await.unwrap_or_default() == 0 {
        return;
    }
    let pieces: Vec<&[u8]> = if pause.is_zero() { vec![&answer] } else { answer.chunks(8).collect() };
    for piece in pieces {
        tokio::time::sleep(pause).await;
        if stream.write_all(piece).await.is_err() {
            return;
        }
    }
    while !ends && stream.write_all(&[b'x'; 16 * 1_024]).await.is_ok() {}
}

/// As patient as calendars need, in a hundredth of the time.
const HASTY: Profile = Profile {
    connect: Duration::from_millis(300),
    whole: Duration::from_millis(400),
    body: 1_000,
    accept: "text/calendar",
};

#[tokio::test]
async fn a_calendar_is_read_and_nothing_but_a_200_is() {
    let machine = Machine::saying("200 OK", b"BEGIN:VCALENDAR").await;
    let answer = machine.read(&CALENDARS).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"BEGIN:VCALENDAR"[..]));
    for status in ["404 Not Found", "403 Forbidden", "500 Internal Server Error", "204 No Content"] {
        let answer = Machine::saying(status, b"secret").await.read(&CALENDARS).await.unwrap();
        assert!(status.starts_with(&answer.status.to_string()) && answer.body.is_empty(), "{status}");
    }
}

#[tokio::test]
async fn nobody_is_followed_anywhere() {
    let target = Machine::saying("200 OK", b"inside").await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let to = format!("{status}\r\nLocation: http://{}/", target.address);
        let answer = Machine::saying(&to, b"").await.read(&CALENDARS).await.unwrap();
        assert!(status.starts_with(&answer.status.to_string()), "{status}");
    }
    assert_eq!(target.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_drips_or_never_answers_is_left_in_time() {
    let text = b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_vec();
    for (answer, pause) in [(text, Duration::from_millis(100)), (vec![], Duration::from_secs(60))] {
        let machine = Machine::new([answer, vec![b'x'; 800]].concat(), pause, true).await;
        let begun = Instant::now();
        assert!(matches!(machine.read(&HASTY).await, Err(Fault::TimedOut)));
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn what_does_not_stop_is_cut_off() {
    let endless = Machine::new(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), Duration::ZERO, false).await;
    assert!(matches!(endless.read(&CALENDARS).await, Err(Fault::TooLarge)));
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n".to_vec();
    assert!(matches!(Machine::new(chunked, Duration::ZERO, false).await.read(&CALENDARS).await, Err(Fault::TooLarge)));
    let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".to_vec();
    let announced = Machine::new(announced, Duration::ZERO, true).await;
    assert!(matches!(announced.read(&CALENDARS).await, Err(Fault::TooLarge)));
    let head = format!("200 OK\r\nX-Long: {}", "x".repeat(20_000));
    assert!(matches!(Machine::saying(&head, b"").await.read(&CALENDARS).await, Err(Fault::TooLarge)));
    assert!(matches!(Machine::saying("200 OK", &[b'x'; 1_001]).await.read(&HASTY).await, Err(Fault::TooLarge)));
    assert!(Machine::saying("200 OK", &[b'x'; 1_000]).await.read(&HASTY).await.is_ok());
}

#[tokio::test]
async fn nothing_is_unpacked() {
    for coding in ["gzip", "br", "deflate"] {
        let machine = Machine::saying(&format!("200 OK\r\nContent-Encoding: {coding}"), &[0x1f, 0x8b, 8, 0]).await;
        assert!(matches!(machine.read(&CALENDARS).await, Err(Fault::Packed)), "{coding}");
    }
    // What is packed and does not say so stays as it is.
    let machine = Machine::saying("200 OK", &[0x1f, 0x8b, 8, 0]).await;
    assert_eq!(machine.read(&CALENDARS).await.unwrap().body, [0x1f, 0x8b, 8, 0]);
}

/// A resolver that does not ask the guard.
struct Liar(IpAddr);

impl Resolve for Liar {
    fn resolve(&self, _: Name) -> Resolving {
        let found: Addrs = Box::new(std::iter::once(SocketAddr::new(self.0, 0)));
        Box::pin(std::future::ready(Ok(found)))
    }
}

#[tokio::test]
async fn whoever_answers_from_elsewhere_is_not_believed() {
    let machine = Machine::saying("200 OK", b"inside").await;
    let lies = |networks: &str| {
        let port = machine.address.port();
        let intranet = format!(
            r#"[{{"host": "house.example", "networks": ["{networks}"], "ports": [{port}], "plain_http": true}}]"#
        );
        let config = Config { intranet: hosts(&intranet), ..Config::default() };
        let guard = Arc::new(Guard::looking_up(&config, names(&[("house.example", &["127.0.0.1"])])));
        let client = GuardedClient::resolving(&CALENDARS, guard, Liar(machine.address.ip())).unwrap();
        (client, machine.address_in(&config))
    };
    let (client, address) = lies("10.0.0.0/8");
    assert!(matches!(client.get(&address).await, Err(Fault::AddressRefused)));
    let (client, address) = lies("127.0.0.0/8");
    assert_eq!(client.get(&address).await.unwrap().body, b"inside", "the same without the lie");
}

#[tokio::test]
async fn what_is_refused_is_not_connected_to() {
    let machine = Machine::saying("200 OK", b"inside").await;
    let config = house(machine.address.port());
    for answers in [&["127.0.0.1", "10.0.0.1"][..], &["::1"], &[]] {
        let guard = Guard::looking_up(&config, names(&[("house.example", answers)]));
        let client = GuardedClient::new(&CALENDARS, guard).unwrap();
        let fault = client.get(&machine.address_in(&config)).await.unwrap_err();
        assert!(matches!(fault, Fault::AddressRefused), "{fault}");
    }
    assert_eq!(machine.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_does_not_speak_tls_is_not_asked_for_a_secret_and_a_fault_tells_none() {
    let machine = Machine::saying("200 OK", b"BEGIN:VCALENDAR").await;
    let config = house(machine.address.port());
    let text = format!("https://house.example:{}/token.ics", machine.address.port());
    let guard = Guard::looking_up(&config, names(&[("house.example", &["127.0.0.1"])]));
    let client = GuardedClient::new(&CALENDARS, guard).unwrap();
    let fault = client.get(&Address::parse(&text, &config.intranet).unwrap()).await.unwrap_err();
    assert!(matches!(fault, Fault::Unreachable(_)), "{fault:?}");
    assert!(!format!("{fault} {fault:?}").contains("token"), "{fault:?}");
}

#[test]
fn the_house_is_opened_by_a_file_alone_and_a_host_is_whole() {
    assert!("[]".parse::<IntranetHosts>().unwrap_err().contains("configuration file"));
    let read =
        |host: &str| serde_json::from_str::<IntranetHosts>(&format!("[{host}]")).map_err(|error| error.to_string());
    let whole = r#"{"host": "a.example", "networks": ["10.0.0.0/8"]}"#;
    assert_eq!(read(whole).unwrap().find("a.example").unwrap().ports, [443]);
    for (host, says) in [
        (r#"{"host": "10.0.0.1", "networks": ["10.0.0.0/8"]}"#, "a name in small letters"),
        (r#"{"host": "A.example", "networks": ["10.0.0.0/8"]}"#, "a name in small letters"),
        (r#"{"host": "a.example:443", "networks": ["10.0.0.0/8"]}"#, "a name in small letters"),
        (r#"{"host": "a.example.", "networks": ["10.0.0.0/8"]}"#, "a name in small letters"),
        (r#"{"host": "a.example", "networks": []}"#, "must name something"),
        (r#"{"host": "a.example", "networks": ["10.0.0.0/8"], "ports": []}"#, "must name something"),
        (r#"{"host": "a.example", "networks": ["10.0.0.0/33"]}"#, "is not a network"),
        (r#"{"host": "a.example"}"#, "networks"),
        (r#"{"host": "a.example", "networks": ["10.0.0.0/8"], "tls": false}"#, "tls"),
    ] {
        let error = read(host).unwrap_err();
        assert!(error.contains(says), "{host}: {error}");
    }
    assert!(read(&format!("{whole}, {whole}")).unwrap_err().contains("named twice"));
}
