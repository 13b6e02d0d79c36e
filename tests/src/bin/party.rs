//! One party of a situation of `tests/tests/links.rs`, as a process of its own with sockets of its own, so that
//! it can be killed.
//!
//! It does what each line of its input says, one after the other, and answers each with a line: `ok`, `eof`, or
//! the kind of the error. Nothing here expects anything.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};

/// What is read and written at once, in bytes.
const PIECE: usize = 1 << 16;

#[derive(Default)]
struct Party {
    port: Option<TcpListener>,
    streams: BTreeMap<String, TcpStream>,
}

fn main() -> io::Result<()> {
    let mut party = Party::default();
    for line in io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let answer = party.obey(&words).unwrap_or_else(|error| format!("{:?}", error.kind()));
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

impl Party {
    fn obey(&mut self, words: &[&str]) -> io::Result<String> {
        match *words {
            ["listen"] => {
                let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
                let number = port.local_addr()?.port();
                self.port = Some(port);
                return Ok(number.to_string());
            }
            ["stop-listening"] => self.port = None,
            ["dial", name, number] => {
                let port = number.parse().map_err(io::Error::other)?;
                let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
                self.streams.insert(name.to_owned(), stream);
            }
            ["accept", name] => {
                let port = self.port.as_ref().ok_or(io::ErrorKind::NotFound)?;
                let (stream, _) = port.accept()?;
                self.streams.insert(name.to_owned(), stream);
            }
            ["write", name, bytes] => {
                let mut missing: usize = bytes.parse().map_err(io::Error::other)?;
                // Piece by piece, so that the first bytes are out before a busy machine has made the last.
                while missing > 0 {
                    let part = PIECE.min(missing);
                    self.stream(name)?.write_all(&[b'x'; PIECE][..part])?;
                    missing -= part;
                }
            }
            ["read", name, bytes] => {
                let mut missing = bytes.parse().map_err(io::Error::other)?;
                let mut buffer = [0; PIECE];
                while missing > 0 {
                    let most = PIECE.min(missing);
                    match self.stream(name)?.read(&mut buffer[..most])? {
                        0 => return Ok("eof".to_owned()),
                        read => missing -= read,
                    }
                }
            }
            ["shut", name] => self.stream(name)?.shutdown(Shutdown::Write)?,
            ["close", name] => {
                self.streams.remove(name);
            }
            _ => return Err(io::ErrorKind::InvalidInput.into()),
        }
        Ok("ok".to_owned())
    }

    fn stream(&mut self, name: &str) -> io::Result<&mut TcpStream> {
        self.streams.get_mut(name).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
