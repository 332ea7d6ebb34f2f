//! W3C Trace Context: which trace a record belongs to, as its header `traceparent` says
//! (<https://www.w3.org/TR/trace-context/#traceparent-header>).

use crate::envelope::Headers;

/// The header that names the trace and the span that a record comes from.
pub const TRACEPARENT: &str = "traceparent";
/// The header with what others have to say of the trace; it is passed on as it is.
pub const TRACESTATE: &str = "tracestate";

const SAMPLED: u8 = 0x01;
/// Sampled, and random-trace-id of level 2; other flags of version 00 are set to zero.
const KNOWN_FLAGS: u8 = 0x03;
/// Length of version 00: `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits.
const LENGTH: usize = 55;

/// A place in a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The trace; never all zero.
    pub trace: [u8; 16],
    /// The span; never all zero.
    pub span: [u8; 8],
    flags: u8,
}

impl Context {
    /// A span of a trace that begins here, and is sampled.
    pub fn root(trace: [u8; 16], span: [u8; 8]) -> Self {
        Self { trace, span, flags: SAMPLED }
    }

    /// Reads a `traceparent`, to the letter of the specification: small hexadecimal digits, no version `ff`, neither id all
    /// zero, nothing behind version 00, and behind a later one only what a dash parts off.
    pub fn parse(header: &[u8]) -> Option<Self> {
        let (head, rest) = header.split_at_checked(LENGTH)?;
        let dashes = [2, 35, 52].iter().all(|at| head.get(*at) == Some(&b'-'));
        let [version] = hex(head.get(..2)?)?;
        let ends = rest.is_empty() || version != 0 && rest.first() == Some(&b'-');
        if !dashes || version == 0xff || !ends {
            return None;
        }
        let (trace, span) = (hex(head.get(3..35)?)?, hex(head.get(36..52)?)?);
        let [flags] = hex(head.get(53..)?)?;
        let valid = trace != [0; 16] && span != [0; 8];
        valid.then_some(Self { trace, span, flags: flags & KNOWN_FLAGS })
    }

    /// The one that a record's headers tell; none where there is not exactly one valid `traceparent`.
    pub fn of(headers: &Headers) -> Option<Self> {
        let mut found = headers.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(TRACEPARENT));
        let (_, value) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        Self::parse(value.as_deref()?)
    }

    /// Another span of the same trace, with the same flags.
    #[must_use]
    pub fn at(self, span: [u8; 8]) -> Self {
        Self { span, ..self }
    }

    /// Whether whoever began the trace records it.
    pub fn is_sampled(self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// The flags, as the header has them.
    pub fn flags(self) -> u8 {
        self.flags
    }

    /// The trace, as logs name it.
    pub fn trace_id(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.trace))
    }

    /// As a header, version 00.
    pub fn header(self) -> String {
        format!("00-{}-{:016x}-{:02x}", self.trace_id(), u64::from_be_bytes(self.span), self.flags)
    }
}

/// Small hexadecimal digits, two a byte.
fn hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;

    const VALID: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn what_is_valid_comes_back_as_it_was() {
        let context = Context::parse(VALID.as_bytes()).unwrap();
        assert_eq!(context.header(), VALID);
        assert_eq!(context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        assert!(context.is_sampled());
        let not = Context::parse(VALID.replace("-01", "-00").as_bytes()).unwrap();
        assert!(!not.is_sampled());
        let own = context.at([7; 8]).header();
        assert_eq!(own, "00-0af7651916cd43dd8448eb211c80319c-0707070707070707-01");
    }

    #[test]
    fn unknown_flags_are_not_passed_on() {
        let flags = |written: &str| {
            let header = VALID.replace("-01", written);
            Context::parse(header.as_bytes()).map(Context::flags)
        };
        assert_eq!((flags("-02"), flags("-03"), flags("-ff")), (Some(2), Some(3), Some(3)));
    }

    #[test]
    fn later_versions_may_be_longer() {
        let later = VALID.replacen("00", "01", 1);
        assert_eq!(Context::parse(later.as_bytes()).unwrap().header(), VALID);
        assert!(Context::parse(format!("{later}-what-comes").as_bytes()).is_some());
        assert!(Context::parse(format!("{later}.what").as_bytes()).is_none());
    }

    #[test]
    fn everything_else_is_refused() {
        let digits = &VALID[3..];
        let wrong = [
            String::new(),
            "00".to_owned(),
            VALID[..54].to_owned(),
            format!("{VALID}0"),
            format!("{VALID}-00"),
            format!(" {VALID}"),
            VALID.to_uppercase(),
            format!("ff-{digits}"),
            format!("0g-{digits}"),
            VALID.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            VALID.replace("b7ad6b7169203331", &"0".repeat(16)),
            VALID.replace('-', "_"),
            VALID.replace("c-b", "cb-"),
            VALID.replace("-01", "-0G"),
            VALID.replace("-01", "-+1"),
        ];
        for header in wrong {
            assert_eq!(Context::parse(header.as_bytes()), None, "{header:?}");
        }
    }

    #[test]
    fn a_record_has_one_or_none() {
        let headers = |values: &[(&str, Option<&str>)]| {
            let copy = |(name, value): &(&str, Option<&str>)| {
                (name.to_string(), value.map(|value| Bytes::from(value.to_owned())))
            };
            Context::of(&Headers(values.iter().map(copy).collect()))
        };
        assert!(headers(&[("a", None), ("Traceparent", Some(VALID))]).is_some());
        assert_eq!(headers(&[("traceparent", None)]), None);
        assert_eq!(headers(&[]), None);
        assert_eq!(headers(&[("traceparent", Some(VALID)), ("traceparent", Some(VALID))]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some(context) = Context::parse(&bytes) {
                prop_assert_eq!(Context::parse(context.header().as_bytes()), Some(context));
            }
        }

        #[test]
        fn every_context_can_be_written_and_read(trace in any::<[u8; 16]>(), span in any::<[u8; 8]>(), flags in 0u8..4) {
            prop_assume!(trace != [0; 16] && span != [0; 8]);
            let context = Context { trace, span, flags };
            prop_assert_eq!(Context::parse(context.header().as_bytes()), Some(context));
        }
    }
}
