//! A gate by itself, and what is asked through it.

use std::net::{IpAddr, SocketAddr};

use consentry::gate::{Gate, Policy, PrivateNetwork};
use tokio::runtime::Runtime;

use super::raw::Client;
use super::{Answer, Server};

/// A gate with what keeps it running.
pub struct Running {
    pub gate: Gate,
    _runtime: Runtime,
}

impl Running {
    pub fn with(policy: Policy) -> Running {
        let runtime = Runtime::new().unwrap();
        let gate = runtime.block_on(Gate::open(policy)).unwrap();
        Running {
            gate,
            _runtime: runtime,
        }
    }

    /// One that lets 127.0.0.1 be reached, and no other loopback address.
    pub fn start() -> Running {
        Running::with(within("127.0.0.1"))
    }

    pub fn client(&self) -> Client {
        Client::of(&self.gate.address())
    }

    pub fn get(&self, server: &Server, path: &str) -> u16 {
        self.client().send(get(server, path)).status()
    }

    pub fn expect(&self, address: SocketAddr) {
        self.gate.expect(&address.ip().to_string(), address.port());
    }

    pub fn why(&self) -> Vec<String> {
        let attempts = self.gate.attempts();
        attempts.into_iter().map(|attempt| attempt.why).collect()
    }
}

pub fn within(network: &str) -> Policy {
    let network: IpAddr = network.parse().unwrap();
    Policy {
        private_network: PrivateNetwork::Within(vec![network.into()]),
        ..Policy::default()
    }
}

pub fn get(server: &Server, path: &str) -> String {
    let at = server.address;
    format!("GET http://{at}{path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n")
}

pub fn post(server: &Server, path: &str, body: &str) -> String {
    let (at, length) = (server.address, body.len());
    format!(
        "POST http://{at}{path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

pub fn site() -> Server {
    Server::start(|_| Answer::html("here"))
}
