//! The `consentry` program; everything is in the library.

fn main() -> std::process::ExitCode {
    consentry::cli::main()
}
