//! The packets of git's protocol: four hexadecimal digits of length, which count themselves, and then the content.

use std::io::BufRead;

use super::FetchError;

/// One packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packet {
    /// `0000`: the end of a part.
    Flush,
    /// Content, perhaps none.
    Data(Vec<u8>),
}

/// Reads one packet.
pub(super) fn read(from: &mut dyn BufRead) -> Result<Packet, FetchError> {
    let mut digits = [0; 4];
    from.read_exact(&mut digits)?;
    let digits = std::str::from_utf8(&digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    match digits.and_then(|digits| usize::from_str_radix(digits, 16).ok()) {
        Some(0) => Ok(Packet::Flush),
        Some(length @ 4..) => {
            let mut data = vec![0; length - 4];
            from.read_exact(&mut data)?;
            Ok(Packet::Data(data))
        }
        _ => Err(FetchError::Protocol("it sends no packets".into())),
    }
}

/// Adds a packet of text, which must be short.
pub(super) fn write(to: &mut Vec<u8>, text: &str) {
    to.extend_from_slice(format!("{:04x}{text}", text.len() + 4).as_bytes());
}

/// Adds the end of a part.
pub(super) fn flush(to: &mut Vec<u8>) {
    to.extend_from_slice(b"0000");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_read_back() {
        let mut bytes = Vec::new();
        write(&mut bytes, "want\n");
        flush(&mut bytes);
        assert_eq!(bytes, b"0009want\n0000");
        let mut from = &bytes[..];
        assert_eq!(read(&mut from).unwrap(), Packet::Data(b"want\n".to_vec()));
        assert_eq!(read(&mut from).unwrap(), Packet::Flush);
        assert!(matches!(read(&mut from), Err(FetchError::Connection(_))));
    }

    #[test]
    fn what_is_no_packet_is_an_error() {
        for wrong in ["<htm", "0003", "+0a1", "00"] {
            assert!(read(&mut wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_a_packet_or_an_error(bytes in proptest::collection::vec(0u8..128, 0..64)) {
            let mut from = &bytes[..];
            while let Ok(Packet::Data(data)) = read(&mut from) {
                proptest::prop_assert!(data.len() < bytes.len());
            }
        }
    }
}
