//! The example service as a process that either serves on a port or has ended.
//! It talks to it over HTTP alone.

use super::{Output, Program, Running, Signal, free_port};
use crate::http::{self, Response};

/// What became of a service that was started.
#[derive(Debug)]
pub enum Started {
    /// It answers on its port.
    Serving(Shop),
    /// It has ended, and its port is closed.
    Ended(Output),
}

impl Started {
    /// The service, when it serves.
    ///
    /// # Panics
    /// When it has ended; the message holds everything it wrote.
    #[track_caller]
    pub fn expect_serving(self) -> Shop {
        match self {
            Self::Serving(shop) => shop,
            Self::Ended(output) => panic!("the service has ended: {output}"),
        }
    }

    /// What it left behind, when it has ended.
    ///
    /// # Panics
    /// When it serves; the message holds everything it wrote.
    #[track_caller]
    pub fn expect_ended(self) -> Output {
        match self {
            Self::Serving(shop) => panic!("the service serves: {}", shop.kill()),
            Self::Ended(output) => output,
        }
    }
}

/// A service that answers on its port; killed when dropped.
#[derive(Debug)]
pub struct Shop {
    running: Running,
    port: u16,
}

impl Program {
    /// Starts a service on a free port, named by `PORT`, and waits until it answers or has ended.
    ///
    /// # Panics
    /// When neither happens within its limit.
    #[track_caller]
    pub fn serve(&self) -> Started {
        let port = free_port();
        let mut running = self.clone().env("PORT", port.to_string()).spawn();
        if running.wait_until(|_| http::get(port, "/health").is_ok()) {
            return Started::Serving(Shop { running, port });
        }
        let output = running.wait();
        assert!(!http::is_open(port), "the service has ended and its port {port} is open: {output}");
        Started::Ended(output)
    }
}

impl Shop {
    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Asks for a path.
    ///
    /// # Panics
    /// When no answer comes.
    #[track_caller]
    pub fn get(&self, path: &str) -> Response {
        http::get(self.port, path)
            .unwrap_or_else(|error| panic!("GET {path}: {error}; {}", self.running.stderr()))
    }

    /// Sends JSON to a path.
    ///
    /// # Panics
    /// When no answer comes.
    #[track_caller]
    pub fn post(&self, path: &str, json: &str) -> Response {
        http::post(self.port, path, json)
            .unwrap_or_else(|error| panic!("POST {path}: {error}; {}", self.running.stderr()))
    }

    /// Waits until a path answers with this status.
    ///
    /// # Panics
    /// When the service ends, or does not within its limit.
    #[track_caller]
    pub fn wait_for(&mut self, path: &str, status: u16) -> Response {
        let port = self.port;
        let mut last = None;
        let answered = self.running.wait_until(|_| {
            last = http::get(port, path).ok().filter(|response| response.status == status);
            last.is_some()
        });
        match last {
            Some(response) if answered => response,
            _ => panic!("the service has ended: {}", self.running.stderr()),
        }
    }

    /// The process.
    pub fn running(&mut self) -> &mut Running {
        &mut self.running
    }

    /// Tells it to end, as a service manager does, and waits until it has.
    ///
    /// # Panics
    /// When it does not end within its limit.
    #[track_caller]
    pub fn stop(mut self) -> Output {
        self.running.signal(Signal::Terminate);
        self.running.wait()
    }

    /// Kills it where it stands.
    #[track_caller]
    pub fn kill(self) -> Output {
        self.running.kill()
    }
}
