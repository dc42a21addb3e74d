//! A proxy on loopback that writes down what it is asked for, as `--proxy` would name one.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// How it behaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manners {
    /// `user:password` that it wants.
    pub wants: Option<&'static str>,
    /// It connects to nothing.
    pub refuses: bool,
}

pub struct Proxy {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub fn http(manners: Manners) -> Proxy {
        Proxy::start(manners, http)
    }

    pub fn socks5(manners: Manners) -> Proxy {
        Proxy::start(manners, socks5)
    }

    fn start(
        manners: Manners,
        serve: fn(TcpStream, Manners, &Mutex<Vec<String>>) -> Option<()>,
    ) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("its address");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = log.clone();
                thread::spawn(move || serve(stream, manners, &log));
            }
        });
        Proxy { address, asked }
    }

    /// What it was asked to connect to: an address with its port, or a name where it got one.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn http(mut client: TcpStream, manners: Manners, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let first = head.lines().next()?;
    let Some(to) = first.strip_prefix("CONNECT ") else {
        log.lock().unwrap().push(first.to_string());
        return client.write_all(b"HTTP/1.1 405 No\r\n\r\n").ok();
    };
    let to = to.split(' ').next()?.to_string();
    log.lock().unwrap().push(to.clone());
    if let Some(wanted) = manners.wants {
        use base64::Engine;
        let wanted = base64::engine::general_purpose::STANDARD.encode(wanted);
        let line = format!("proxy-authorization: basic {wanted}").to_ascii_lowercase();
        if !head.to_ascii_lowercase().contains(&line) {
            let answer = "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
            return client.write_all(answer.as_bytes()).ok();
        }
    }
    if manners.refuses {
        return client
            .write_all(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
            .ok();
    }
    let server = TcpStream::connect(&to).ok()?;
    client.write_all(b"HTTP/1.1 200 Go on\r\n\r\n").ok()?;
    join(client, server)
}

fn socks5(mut client: TcpStream, manners: Manners, log: &Mutex<Vec<String>>) -> Option<()> {
    let methods = bytes(&mut client, 2)?;
    let methods = bytes(&mut client, usize::from(*methods.get(1)?))?;
    let method = if manners.wants.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        return client.write_all(&[5, 0xff]).ok();
    }
    client.write_all(&[5, method]).ok()?;
    if let Some(wanted) = manners.wants {
        bytes(&mut client, 1)?;
        let given = format!("{}:{}", text(&mut client)?, text(&mut client)?);
        let failed = u8::from(given != wanted);
        client.write_all(&[1, failed]).ok()?;
        if failed == 1 {
            return None;
        }
    }
    let kind = *bytes(&mut client, 4)?.get(3)?;
    let host = match kind {
        1 => Ipv4Addr::from(<[u8; 4]>::try_from(bytes(&mut client, 4)?).ok()?).to_string(),
        4 => {
            let address = Ipv6Addr::from(<[u8; 16]>::try_from(bytes(&mut client, 16)?).ok()?);
            format!("[{address}]")
        }
        _ => text(&mut client)?,
    };
    let port = u16::from_be_bytes(bytes(&mut client, 2)?.try_into().ok()?);
    let to = format!("{host}:{port}");
    log.lock().unwrap().push(to.clone());
    let server = if manners.refuses {
        None
    } else {
        TcpStream::connect(&to).ok()
    };
    let status = if server.is_some() { 0 } else { 5 };
    client
        .write_all(&[5, status, 0, 1, 0, 0, 0, 0, 0, 0])
        .ok()?;
    join(client, server?)
}

fn bytes(stream: &mut TcpStream, count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// A text with its length before it.
fn text(stream: &mut TcpStream) -> Option<String> {
    let length = *bytes(stream, 1)?.first()?;
    String::from_utf8(bytes(stream, usize::from(length))?).ok()
}

fn join(client: TcpStream, server: TcpStream) -> Option<()> {
    let (mut from, mut to) = (client.try_clone().ok()?, server.try_clone().ok()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let (mut from, mut to) = (server, client);
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
    Some(())
}
