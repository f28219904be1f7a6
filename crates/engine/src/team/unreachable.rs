//! Why a relay cannot be reached, in words that say what to do about it.

use std::io::ErrorKind;

use rustls::CertificateError;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::TlsError;

/// HTTP's words for “come back later”.
const BUSY: [u16; 2] = [429, 503];

/// The reason, as the rest of “The relay … cannot be reached: …”, without a full stop at its end.
pub(super) fn why(error: &Error) -> String {
    if let Some(tls) = tls(error) {
        return of_encryption(tls);
    }
    match error {
        Error::Io(io) => match io.kind() {
            ErrorKind::ConnectionRefused => {
                "nothing answers there. Is the relay running, and is this its address".to_owned()
            }
            ErrorKind::NotFound => {
                "this computer has no list of authorities to check its certificate with. On Debian and Ubuntu \
                 the package ca-certificates brings one"
                    .to_owned()
            }
            // The standard library has no kind of its own for it.
            _ if io.to_string().contains("lookup address") => {
                "there is no computer of that name. Look at the address".to_owned()
            }
            _ => io.to_string(),
        },
        Error::Http(answer) if BUSY.contains(&answer.status().as_u16()) => {
            "it takes no more connections at the moment".to_owned()
        }
        Error::Http(answer) => {
            format!("what answers there is no relay (it says {}). Look at the address", answer.status())
        }
        Error::Protocol(_) => "what answers there does not speak as a relay does. Look at the address; if the \
                               relay encrypts the connection, write wss:// before it"
            .to_owned(),
        other => other.to_string(),
    }
}

/// What went wrong with the encryption of the connection, wherever the error was wrapped.
fn tls(error: &Error) -> Option<&rustls::Error> {
    match error {
        Error::Io(io) => {
            let inner = io.get_ref()?;
            inner.downcast_ref().or_else(|| inner.source()?.downcast_ref())
        }
        Error::Tls(TlsError::Rustls(inner)) => Some(inner),
        _ => None,
    }
}

fn of_encryption(error: &rustls::Error) -> String {
    use CertificateError as Bad;
    match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            // The latter where another authority of the same name is trusted.
            Bad::UnknownIssuer | Bad::BadSignature => "nobody whom this computer trusts has signed its certificate, so it may be \
                                   somebody else’s. Ask whoever runs the relay for a certificate of a public \
                                   authority, or for theirs to be trusted on this computer"
                .to_owned(),
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                let names = match bad {
                    Bad::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
                        let names: Vec<&str> = presented.iter().map(|it| name_in(it)).collect();
                        format!(" ({})", names.join(", "))
                    }
                    _ => String::new(),
                };
                format!(
                    "its certificate is for another name{names}. Look at the address; it has to be a name that \
                     the certificate is for"
                )
            }
            Bad::Expired | Bad::ExpiredContext { .. } => {
                "its certificate has run out. Ask whoever runs the relay to renew it, and look whether this \
                 computer’s date is right"
                    .to_owned()
            }
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                "its certificate is not valid yet. Look whether this computer’s date is right".to_owned()
            }
            Bad::Revoked => {
                "its certificate was revoked. Ask whoever runs the relay for a new one".to_owned()
            }
            other => format!("its certificate is no good ({other}). Ask whoever runs the relay"),
        },
        rustls::Error::InvalidMessage(_) => {
            "it does not encrypt the connection, so nothing was sent. If that is as it should be, in a network of \
             your own, write ws:// before its address"
                .to_owned()
        }
        other => format!("an encrypted connection does not come about ({other})"),
    }
}

/// The name in what a certificate presents, such as `DnsName("relay.example.org")`.
fn name_in(presented: &str) -> &str {
    presented.split('"').nth(1).unwrap_or(presented)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn every_fault_of_a_certificate_says_what_to_do() {
        let presented = vec!["DnsName(\"relay.example.org\")".to_owned()];
        let expected = rustls::pki_types::ServerName::try_from("localhost").unwrap();
        for (fault, says) in [
            (CertificateError::UnknownIssuer, "public authority"),
            (CertificateError::Expired, "renew it"),
            (CertificateError::NotValidYet, "date is right"),
            (CertificateError::BadSignature, "public authority"),
            (CertificateError::BadEncoding, "Ask whoever runs the relay"),
            (
                CertificateError::NotValidForNameContext { expected, presented },
                "another name (relay.example.org)",
            ),
        ] {
            let wrapped = io::Error::new(ErrorKind::InvalidData, rustls::Error::InvalidCertificate(fault));
            let words = why(&Error::Io(wrapped));
            assert!(words.contains(says), "{words}");
        }
    }

    #[test]
    fn a_relay_that_does_not_run_is_not_a_number_of_the_system() {
        let refused = io::Error::from(ErrorKind::ConnectionRefused);
        assert!(why(&Error::Io(refused)).starts_with("nothing answers there"));
    }
}
