//! The `driftless` command.

fn main() -> driftless::cli::Exit {
    driftless::cli::main()
}
