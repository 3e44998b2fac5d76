//! Reading trust anchors: DER, or PEM with one certificate or several.

use crate::lenient;

/// The certificates of a file, DER. None when it holds anything else.
pub(super) fn certificates(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    if bytes.first() == Some(&0x30) {
        return lenient::serial(bytes).map(|_| vec![bytes.to_vec()]);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let found: Option<Vec<Vec<u8>>> = text
        .split("-----BEGIN CERTIFICATE-----")
        .skip(1)
        .map(|block| {
            let (body, _) = block.split_once("-----END CERTIFICATE-----")?;
            let der = lenient::bytes(body)?;
            lenient::serial(&der).map(|_| der)
        })
        .collect();
    found.filter(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn der_and_several_pem_blocks_are_read_and_nothing_else() {
        let der = vec![0x30, 6, 0x30, 4, 2, 2, 0x1a, 0xbc];
        assert_eq!(certificates(&der), Some(vec![der.clone()]));
        let block = format!(
            "subject=x\n-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            STANDARD.encode(&der)
        );
        assert_eq!(
            certificates(block.repeat(2).as_bytes()),
            Some(vec![der.clone(), der])
        );
        assert_eq!(certificates(b""), None);
        assert_eq!(certificates(b"-----BEGIN CERTIFICATE-----\nAQID"), None);
        assert_eq!(certificates(&[0x30, 2, 5, 0]), None);
    }
}
