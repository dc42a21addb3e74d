//! Bytes over TCP, without a library that would put them right: a server that only takes them down, and
//! a client that sends what it is told.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Takes every connection and writes down what comes. It answers nothing, or each piece by itself.
pub struct Sink {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Sink {
    pub fn start() -> Sink {
        Sink::on(IpAddr::from([127, 0, 0, 1]), 0, false)
    }

    /// One that sends back what it gets.
    pub fn echo() -> Sink {
        Sink::on(IpAddr::from([127, 0, 0, 1]), 0, true)
    }

    pub fn on(address: IpAddr, port: u16, echo: bool) -> Sink {
        let listener = TcpListener::bind((address, port)).expect("a loopback port");
        let address = listener.local_addr().expect("its address");
        let heard: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let log = heard.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let log = log.clone();
                let at = {
                    let mut log = log.lock().unwrap();
                    log.push(Vec::new());
                    log.len() - 1
                };
                std::thread::spawn(move || {
                    let mut buffer = [0; 4096];
                    while let Ok(read @ 1..) = stream.read(&mut buffer) {
                        log.lock().unwrap()[at].extend(&buffer[..read]);
                        if echo && stream.write_all(&buffer[..read]).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Sink { address, heard }
    }

    /// Everything that came, a connection an entry.
    pub fn heard(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().clone()
    }
}

/// Counts the packets that come to a UDP port.
pub struct Packets {
    pub address: SocketAddr,
    came: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Packets {
    pub fn on(address: SocketAddr) -> Packets {
        let socket = UdpSocket::bind(address).expect("a loopback port");
        let address = socket.local_addr().expect("its address");
        let came: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let log = came.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 2048];
            while let Ok((read, _)) = socket.recv_from(&mut buffer) {
                log.lock().unwrap().push(buffer[..read].to_vec());
            }
        });
        Packets { address, came }
    }

    pub fn came(&self) -> Vec<Vec<u8>> {
        self.came.lock().unwrap().clone()
    }
}

/// A client of a gate that sends bytes as they are.
pub struct Client(pub TcpStream);

impl Client {
    pub fn of(address: &str) -> Client {
        let stream = TcpStream::connect(address).expect("the gate listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a time-out");
        stream.set_nodelay(true).expect("no delay");
        Client(stream)
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        // What is not taken any more shows in the answer.
        let _ = self.0.write_all(bytes.as_ref());
        self
    }

    /// One head, up to the empty line; what there was where the connection ends before.
    pub fn head(&mut self) -> String {
        let mut text = Vec::new();
        let mut byte = [0];
        while !text.ends_with(b"\r\n\r\n") {
            match self.0.read(&mut byte) {
                Ok(1) => text.push(byte[0]),
                _ => break,
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// The status of the next answer; 0 where the connection ends without one.
    pub fn status(&mut self) -> u16 {
        let head = self.head();
        head.split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0)
    }

    /// Everything until the connection ends, or nothing more comes for the time-out.
    pub fn rest(&mut self) -> String {
        let mut text = Vec::new();
        let _ = self.0.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Opens a tunnel.
    pub fn tunnel(gate: &str, to: SocketAddr) -> Client {
        let mut client = Client::of(gate);
        client.send(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n"));
        assert_eq!(client.status(), 200);
        client
    }
}

/// Waits until something holds, for some seconds at most; whether it does.
pub fn until(holds: impl Fn() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(10);
    while !holds() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}
