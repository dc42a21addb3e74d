//! Bytes as letters: hexadecimal and base32 (RFC 4648).

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base32 in capitals, padded with `=`: what readers of WARC files compare digests in.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let mut five = [0_u8; 5];
        five[..chunk.len()].copy_from_slice(chunk);
        let number = five.iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        let letters = (chunk.len() * 8).div_ceil(5);
        for at in 0..8 {
            let letter = LETTERS[(number >> (35 - 5 * at) & 31) as usize] as char;
            out.push(if at < letters { letter } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base32, hex};

    /// RFC 4648, section 10.
    #[test]
    fn the_examples_of_the_standard_hold() {
        assert_eq!(base32(b""), "");
        assert_eq!(base32(b"f"), "MY======");
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI======");
        assert_eq!(hex(b"\x00\xff"), "00ff");
    }
}
