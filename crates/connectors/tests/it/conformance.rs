//! What every connector keeps, whatever the vendor: run over all that are registered.

use std::time::Duration;

use crate::shared::{StandIn, broken_line, run};
use custory_connectors::{ALL, ConnectError};
use custory_testkit::vendors::Fault;
use serde_json::json;

#[test]
fn every_connector_says_what_it_is_and_what_to_do_there() {
    let mut keys = std::collections::BTreeSet::new();
    for connector in ALL {
        assert!(keys.insert(connector.key), "{} is there twice", connector.key);
        assert!(connector.is_source() || connector.is_tracker() || connector.is_chat(), "{}", connector.key);
        assert!(!connector.purpose.is_empty() && !connector.limits.is_empty() && !connector.reads.is_empty());
        assert!(connector.docs.starts_with("https://"));
        for auth in connector.auth {
            assert!(
                auth.create_at.starts_with("https://") && !auth.steps.is_empty() && !auth.scopes.is_empty()
            );
        }
        assert!(!connector.auth.is_empty());
    }
}

#[test]
fn every_connector_knows_its_account_and_a_wrong_key() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        let account = run(vendor.context().probe()).unwrap();
        assert!(!account.id.is_empty() && !account.name.is_empty() && !account.person.is_empty());
        let error = run(vendor.context_with("not-the-key").probe()).unwrap_err();
        assert_eq!(error, ConnectError::Unauthorized { vendor: connector.name });
        assert!(vendor.waits().is_empty(), "a wrong key is not tried again");
    }
}

#[test]
fn what_cannot_get_better_is_not_tried_again() {
    for connector in ALL {
        for status in [400, 401, 403, 404, 422] {
            let vendor = StandIn::of(connector);
            vendor.fail([Fault::status(status, &json!({ "detail": "no" }))]);
            let error = run(vendor.context().probe()).unwrap_err();
            let is_right = match status {
                401 => matches!(error, ConnectError::Unauthorized { .. }),
                403 => matches!(error, ConnectError::Forbidden { .. }),
                404 => matches!(error, ConnectError::NotFound { .. }),
                _ => matches!(error, ConnectError::Refused { .. }),
            };
            assert!(is_right, "{} {status}: {error:?}", connector.key);
            assert_eq!((vendor.calls(), vendor.waits().len()), (1, 0), "{} {status}", connector.key);
        }
    }
}

#[test]
fn a_vendor_that_asks_to_slow_down_is_waited_for_as_long_as_it_says() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        vendor.fail([Fault::header(429, "retry-after", "7", &json!({})), Fault::status(429, &json!({}))]);
        run(vendor.context().probe()).unwrap();
        let waits = vendor.waits();
        assert_eq!(waits.len(), 2, "{}", connector.key);
        assert!(waits[0] >= Duration::from_secs(7), "{waits:?}");
        assert!(waits[1] < Duration::from_secs(7), "{waits:?}");
    }
}

#[test]
fn a_vendors_dates_are_read_by_its_own_clock() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        // Years from our own time, and five seconds apart.
        let headers = vec![
            ("date", "Wed, 21 Oct 2015 07:28:00 GMT".to_owned()),
            ("retry-after", "Wed, 21 Oct 2015 07:28:05 GMT".to_owned()),
        ];
        vendor.fail([Fault::Answer { status: 429, headers, body: "{}".to_owned() }]);
        run(vendor.context().probe()).unwrap();
        let waits = vendor.waits();
        assert!(waits.len() == 1 && waits[0] == Duration::from_secs(5), "{}: {waits:?}", connector.key);
    }
}

#[test]
fn a_vendor_that_asks_for_long_is_left_alone_and_says_when_to_come_back() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        vendor.fail([Fault::header(429, "retry-after", "600", &json!({}))]);
        let error = run(vendor.context().probe()).unwrap_err();
        assert_eq!(error.retry_in(), Some(Duration::from_secs(600)), "{}", connector.key);
        assert!(error.to_string().contains("10 min"), "{error}");
        assert_eq!((vendor.calls(), vendor.waits().len()), (1, 0));
    }
}

#[test]
fn a_vendor_that_is_not_well_is_tried_again_with_growing_waits_and_not_for_ever() {
    for connector in ALL {
        for status in [500, 502, 503] {
            let vendor = StandIn::of(connector);
            vendor.fail(std::iter::repeat_n(Fault::status(status, &json!({})), 9));
            let error = run(vendor.context().probe()).unwrap_err();
            assert!(matches!(error, ConnectError::Unavailable { .. }), "{error:?}");
            let waits = vendor.waits();
            assert_eq!((vendor.calls(), waits.len()), (5, 4), "{} {status}", connector.key);
            for (at, wait) in waits.iter().enumerate() {
                let least = Duration::from_millis(500 << at);
                assert!(*wait >= least && *wait <= 2 * least, "{waits:?}");
            }
        }
    }
}

#[test]
fn a_vendor_that_does_not_answer_in_time_is_unavailable() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        vendor.fail(std::iter::repeat_n(Fault::Silence, 20));
        let error = run(vendor.impatient().probe()).unwrap_err();
        assert!(error.to_string().contains("did not answer in time"), "{error}");
    }
}

#[test]
fn a_line_that_breaks_is_tried_again() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        vendor.fail([Fault::Drop]);
        run(vendor.context().probe()).unwrap();
        assert_eq!(vendor.waits().len(), 1, "{}", connector.key);

        let (address, served) = broken_line();
        let error = run(crate::shared::context_at(connector, &address).probe()).unwrap_err();
        assert!(matches!(error, ConnectError::Unavailable { .. }), "{}: {error:?}", connector.key);
        assert_eq!(served.join().unwrap(), 5);
    }
}

#[test]
fn what_is_no_answer_of_the_vendor_is_said_to_be_none() {
    for connector in ALL {
        for body in
            ["<html>Log in</html>", "", "null", "[]", "{\"data\":{}}", "{\"data\":{\"viewer\":{\"id\":1}}}"]
        {
            let vendor = StandIn::of(connector);
            vendor.fail([Fault::Answer { status: 200, headers: vec![], body: body.to_owned() }]);
            let error = run(vendor.context().probe()).unwrap_err();
            assert!(
                matches!(error, ConnectError::Unexpected { .. } | ConnectError::BadSetting(_)),
                "{} {body}: {error:?}",
                connector.key
            );
        }
        let vendor = StandIn::of(connector);
        vendor.fail([Fault::Cut]);
        let error = run(vendor.context().probe()).unwrap_err();
        assert!(matches!(error, ConnectError::Unexpected { .. }), "{}: {error:?}", connector.key);
    }
}

#[test]
fn more_than_an_answer_can_be_is_not_taken_in() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        let body = format!("\"{}\"", "a".repeat(9 << 20));
        vendor.fail([Fault::Answer { status: 200, headers: vec![], body }]);
        let error = run(vendor.context().probe()).unwrap_err();
        assert!(error.to_string().contains("more than 8 MB"), "{error}");
    }
}

#[test]
fn a_key_is_sent_nowhere_else() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        let elsewhere = StandIn::of(connector);
        vendor.fail([Fault::header(302, "location", elsewhere.address(), &json!({}))]);
        let error = run(vendor.context().probe()).unwrap_err();
        assert!(matches!(error, ConnectError::Unexpected { .. }), "{error:?}");
        assert_eq!(elsewhere.calls(), 0);
    }
}

#[test]
fn a_key_is_in_no_log_and_no_error_not_even_when_the_vendor_says_it_back() {
    for connector in ALL {
        let vendor = StandIn::of(connector);
        let said = format!("the key {} is bad", vendor.key());
        let body = json!({ "detail": said, "ok": false, "error": said, "errors": [{ "message": said }] });
        vendor.fail([Fault::status(400, &body)]);
        let context = vendor.context();
        let error = run(context.probe()).unwrap_err();
        assert!(error.to_string().contains("the key [key] is bad"), "{error}");
        let log = context.log();
        assert_eq!(log.len(), 1);
        for text in [format!("{error:?}"), format!("{log:?}")] {
            assert!(!text.contains(vendor.key()), "{text}");
        }
        assert_eq!(format!("{:?}", custory_connectors::Key::new(vendor.key())), "Key(hidden)");
    }
}
