//! Hands over to the command line and returns its exit code.

mod cli;

/// Pages are made of many small values on all threads: a tenth of the time goes where the system's allocator is used.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
