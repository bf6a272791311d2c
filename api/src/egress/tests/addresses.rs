//! Addresses that were looked at: which are asked, at which host, and why the others are not.

use super::{super::*, hosts};

/// What is asked, and the host of it.
const ASKED: [(&str, &str); 24] = [
    ("https://calendar.example.org/a.ics", "calendar.example.org"),
    ("https://calendar.example.org", "calendar.example.org"),
    ("https://calendar.example.org:443/a", "calendar.example.org"),
    ("https://calendar.example.org:8443/a", "calendar.example.org"),
    ("HTTPS://Calendar.Example.ORG/a", "calendar.example.org"),
    ("webcal://calendar.example.org/a", "calendar.example.org"),
    ("WebCal://calendar.example.org/a", "calendar.example.org"),
    ("webcals://calendar.example.org/a", "calendar.example.org"),
    ("webcal:calendar.example.org/a", "calendar.example.org"),
    (" https://calendar.example.org/a \n", "calendar.example.org"),
    ("https://calendar.example.org/a?token=b&c=d", "calendar.example.org"),
    ("https://calendar.example.org?x=@127.0.0.1", "calendar.example.org"),
    ("https://calendar.example.org/@127.0.0.1/", "calendar.example.org"),
    ("https://calendar.example.org/%2e%2e/a", "calendar.example.org"),
    ("https:calendar.example.org/a", "calendar.example.org"),
    ("https:///calendar.example.org/a", "calendar.example.org"),
    ("https:\\\\calendar.example.org\\a", "calendar.example.org"),
    ("https://calen\tdar.example.org/a", "calendar.example.org"),
    ("ht\ntps://calendar.example.org/a", "calendar.example.org"),
    ("https://\u{ff43}alendar.example.org/a", "calendar.example.org"),
    ("https://b\u{fc}cher.example/a", "xn--bcher-kva.example"),
    ("https://xn--bcher-kva.example/a", "xn--bcher-kva.example"),
    // A name, whatever it looks like: it is its addresses that count.
    ("https://127.0.0.1.example.org/a", "127.0.0.1.example.org"),
    ("https://localhost.example.org/a", "localhost.example.org"),
];

/// What is not, and why.
const NOT_ASKED: [(&str, AddressFault); 104] = {
    use AddressFault::{Credentials, Fragment, NotAHost, NotAnAddress, NotEncrypted, Port};
    [
        ("http://127.0.0.1\\@1.1.1.1", NotAHost),
        ("https://127.0.0.1\\@calendar.example.org/", NotAHost),
        ("https://127.0.0.1/", NotAHost),
        ("https://127.1/", NotAHost),
        ("https://127.0.1/", NotAHost),
        ("https://2130706433/", NotAHost),
        ("https://0x7f.1/", NotAHost),
        ("https://0x7f000001/", NotAHost),
        ("https://0X7F.0.0.1/", NotAHost),
        ("https://0177.0.0.1/", NotAHost),
        ("https://017700000001/", NotAHost),
        ("https://127.0.0.1./", NotAHost),
        ("https://\u{2460}\u{2461}\u{2466}.0.0.1/", NotAHost),
        ("https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", NotAHost),
        ("https://127\u{3002}0\u{3002}0\u{3002}1/", NotAHost),
        ("https://%31%32%37.0.0.1/", NotAHost),
        ("https://127.0.0.%31/", NotAHost),
        ("https://0/", NotAHost),
        ("https://0.0.0.0/", NotAHost),
        ("https://255.255.255.255/", NotAHost),
        ("https://169.254.169.254/latest/meta-data/", NotAHost),
        ("https://10.0.0.1/", NotAHost),
        ("https://192.168.1.1:8443/", NotAHost),
        ("https://8.8.8.8/", NotAHost),
        ("https://1.1.1.1\\@127.0.0.1/", NotAHost),
        ("https:127.0.0.1/", NotAHost),
        ("https:///127.0.0.1/", NotAHost),
        ("https:\\\\127.0.0.1\\", NotAHost),
        ("webcal://127.0.0.1/", NotAHost),
        ("webcal://2130706433/", NotAHost),
        ("https://[::1]/", NotAHost),
        ("https://[::]/", NotAHost),
        ("https://[0:0:0:0:0:0:0:1]/", NotAHost),
        ("https://[::ffff:127.0.0.1]/", NotAHost),
        ("https://[::ffff:7f00:1]/", NotAHost),
        ("https://[::127.0.0.1]/", NotAHost),
        ("https://[fe80::1]/", NotAHost),
        ("https://[fd00::1]/", NotAHost),
        ("https://[64:ff9b::7f00:1]/", NotAHost),
        ("https://[2002:7f00:1::]/", NotAHost),
        ("https://[2606:4700:4700::1111]/", NotAHost),
        ("https://localhost/", NotAHost),
        ("https://LOCALHOST/", NotAHost),
        ("https://localhost./", NotAHost),
        ("https://calendar.example.org./", NotAHost),
        ("https://calendar/", NotAHost),
        ("https://metadata/", NotAHost),
        ("https://user@calendar.example.org/", Credentials),
        ("https://user:pass@calendar.example.org/", Credentials),
        ("https://:pass@calendar.example.org/", Credentials),
        ("https://calendar.example.org@127.0.0.1/", Credentials),
        ("https://127.0.0.1:80@calendar.example.org/", Credentials),
        ("https://127.0.0.1%2f@calendar.example.org/", Credentials),
        ("https://calendar.example.org\t@127.0.0.1/", Credentials),
        ("https://1.1.1.1 &@2.2.2.2# @3.3.3.3/", Credentials),
        ("https://a@b@calendar.example.org/", Credentials),
        ("webcal://user:pass@calendar.example.org/", Credentials),
        ("https://calendar.example.org/#a", Fragment),
        ("https://calendar.example.org/#", Fragment),
        ("https://calendar.example.org#@127.0.0.1/", Fragment),
        ("http://calendar.example.org/a", NotEncrypted),
        ("HTTP://calendar.example.org/a", NotEncrypted),
        ("http://calendar.example.org:443/a", NotEncrypted),
        ("ftp://calendar.example.org/a", NotEncrypted),
        ("ws://calendar.example.org/a", NotEncrypted),
        ("wss://calendar.example.org/a", NotEncrypted),
        ("file:///etc/passwd", NotEncrypted),
        ("gopher://calendar.example.org/_a", NotEncrypted),
        ("ldap://calendar.example.org/a", NotEncrypted),
        ("data:text/calendar,BEGIN:VCALENDAR", NotEncrypted),
        ("javascript:alert(1)", NotEncrypted),
        ("java\nscript:alert(1)", NotEncrypted),
        ("blob:https://calendar.example.org/a", NotEncrypted),
        ("unix:/run/docker.sock", NotEncrypted),
        ("mailto:a@calendar.example.org", NotEncrypted),
        ("localhost:8080/a", NotEncrypted),
        ("calendar.example.org:443/a", NotEncrypted),
        ("calendar.example.org/a", NotAnAddress),
        ("//calendar.example.org/a", NotAnAddress),
        ("/a", NotAnAddress),
        ("", NotAnAddress),
        (" ", NotAnAddress),
        ("https://", NotAnAddress),
        ("https:///", NotAnAddress),
        ("https://calendar example.org/", NotAnAddress),
        ("https://[::1", NotAnAddress),
        ("https://[::1%25eth0]/", NotAnAddress),
        ("https://[v1.x]/", NotAnAddress),
        ("https://calendar.example.org:99999/", NotAnAddress),
        ("https://calendar.example.org:port/", NotAnAddress),
        ("https://calendar.example.org%40127.0.0.1/", NotAnAddress),
        ("https://a%00b.example.org/", NotAnAddress),
        ("https://a<b.example.org/", NotAnAddress),
        ("https://a^b.example.org/", NotAnAddress),
        ("https://256.0.0.1/", NotAnAddress),
        ("https://1.2.3.4.5/", NotAnAddress),
        ("https://999999999999/", NotAnAddress),
        ("https://calendar.example.org:80/", Port),
        ("https://calendar.example.org:22/", Port),
        ("https://calendar.example.org:25/", Port),
        ("https://calendar.example.org:5432/", Port),
        ("https://calendar.example.org:8080/", Port),
        ("https://calendar.example.org:0/", Port),
        ("webcal://calendar.example.org:80/", Port),
    ]
};

#[test]
fn an_address_is_read_once_and_asked_as_it_was_read() {
    let none = IntranetHosts::default();
    for (text, host) in ASKED {
        let address = Address::parse(text, &none).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(address.host(), host, "{text}");
        assert!(address.reveal().starts_with(&format!("https://{host}")), "{text}");
        assert_eq!(Address::parse(address.reveal(), &none).as_ref(), Ok(&address), "{text}");
        assert_eq!(format!("{address:?}"), "***");
    }
    for (text, fault) in NOT_ASKED {
        assert_eq!(Address::parse(text, &none), Err(fault), "{text}");
        assert!(text.len() < 9 || !fault.to_string().contains(text), "{text} is told");
    }
}

#[test]
fn an_address_has_an_end() {
    let none = IntranetHosts::default();
    let long = |letters: usize| format!("https://calendar.example.org/{}", "a".repeat(letters));
    assert!(Address::parse(&long(2_048 - 29), &none).is_ok());
    assert_eq!(Address::parse(&long(2_048 - 28), &none), Err(AddressFault::TooLong));
    // What is short and becomes long when it is written out is long.
    let wide = format!("https://calendar.example.org/{}", "\u{fc}".repeat(1_000));
    assert_eq!(Address::parse(&wide, &none), Err(AddressFault::TooLong));
}

#[test]
fn a_host_of_the_house_has_the_ports_and_the_scheme_that_the_file_names() {
    let house = hosts(
        r#"[{"host": "calendar", "networks": ["10.0.0.0/8"], "ports": [8080], "plain_http": true},
            {"host": "safe.house.example", "networks": ["10.0.0.0/8"]}]"#,
    );
    let read = |text: &str| Address::parse(text, &house).map(|address| address.host().to_owned());
    assert_eq!(read("http://calendar:8080/a").as_deref(), Ok("calendar"));
    assert_eq!(read("https://CALENDAR:8080/a").as_deref(), Ok("calendar"));
    assert_eq!(read("http://calendar/a"), Err(AddressFault::Port));
    assert_eq!(read("https://safe.house.example/a").as_deref(), Ok("safe.house.example"));
    assert_eq!(read("http://safe.house.example:443/a"), Err(AddressFault::NotEncrypted));
    assert_eq!(read("https://safe.house.example:8443/a"), Err(AddressFault::Port));
    assert_eq!(read("http://user@calendar:8080/a"), Err(AddressFault::Credentials));
    assert_eq!(read("https://other.house.example:8080/a"), Err(AddressFault::Port));
}
