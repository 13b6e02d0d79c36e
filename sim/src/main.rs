//! The `driftless` command.

/// A sixth of a run is making and freeing small values.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> driftless::cli::Exit {
    driftless::cli::main()
}
