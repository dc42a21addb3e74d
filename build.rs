//! Rebuilds the binary when a file that it embeds changes.

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=fixtures/captures");
    println!("cargo:rerun-if-changed=fixtures/demo");
}
