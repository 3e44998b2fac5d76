use super::*;

fn faults(text: &str) -> Vec<String> {
    read_entries(text)
        .expect_err("refused")
        .faults
        .iter()
        .map(ToString::to_string)
        .collect()
}

const HEAD: &str = "[[provider]]\ncode='x-1'\nname='X'\napp_name='X'\n";

#[test]
fn the_seven_of_the_guidance_are_there_and_unavailable() {
    let entries = default_entries().expect("embedded");
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "VNPT-CA",
            "Viettel-CA",
            "MISA-CA",
            "CA2",
            "BkavCA",
            "FPT-CA",
            "Newtel-CA"
        ]
    );
    assert!(entries.iter().all(|entry| !entry.is_available()));
    assert!(entries.iter().all(|entry| entry.check().is_ok()));
}

#[test]
fn the_examples_in_the_comments_are_entries() {
    let text: String = DEFAULT_ENTRIES
        .split("# [[provider]]")
        .skip(1)
        .map(|example| {
            let lines: String = example
                .lines()
                .map(|line| {
                    format!(
                        "{}\n",
                        line.trim_start_matches("# ").trim_start_matches('#')
                    )
                })
                .collect();
            format!("[[provider]]{lines}")
        })
        .collect();
    let entries = read_entries(&text).expect("entries");
    let words: Vec<&str> = entries.iter().map(|entry| entry.protocol.word()).collect();
    assert_eq!(words, ["csc-v1", "csc-v2"]);
}

#[test]
fn a_password_is_not_printed_and_not_repeated_in_errors() {
    let text = format!("{HEAD}sp_password='tell-nobody'\n");
    let entries = read_entries(&text).expect("valid");
    assert!(!format!("{entries:?}").contains("tell-nobody"));
    for broken in [
        format!("{text}sp_id=['tell-nobody']\n"),
        format!("{text}sp_password='tell-nobody'\n"),
        format!("{HEAD}sp_password=['tell-nobody']\n"),
        format!("{HEAD}sp_password='tell-nobody\n"),
    ] {
        assert!(
            !faults(&broken).join(" ").contains("tell-nobody"),
            "{broken}"
        );
    }
}

#[test]
fn an_unknown_key_is_refused_by_the_names_of_entry_and_key() {
    let told = faults(&format!("{HEAD}base_ulr='https://ca.example'\n")).join(" ");
    assert!(told.contains("x-1") && told.contains("base_ulr"), "{told}");
    let told = faults(&format!(
        "{HEAD}paths={{certificates='/c',sign='/s',state='/t'}}\n"
    ))
    .join(" ");
    assert!(told.contains("x-1") && told.contains("state"), "{told}");
    let told = faults(&format!("{HEAD}breaker={{failure=2}}\n")).join(" ");
    assert!(told.contains("x-1") && told.contains("failure"), "{told}");
}

#[test]
fn a_key_of_another_protocol_is_refused() {
    for (protocol, line, key) in [
        ("mysign", "ca_name='CA2'", "ca_name"),
        ("mysign", "sp_id='p'", "sp_id"),
        ("csc-v1", "hash_encoding='hex'", "hash_encoding"),
        ("csc-v2", "paths={certificates='/c'}", "paths"),
        ("neac769", "client_id='p'", "client_id"),
        ("neac769", "token_url='https://id.example'", "token_url"),
        ("csc-v1", "profile_id='p'", "profile_id"),
    ] {
        let told = faults(&format!("{HEAD}protocol='{protocol}'\n{line}\n"));
        assert_eq!(
            told,
            [format!(
                "provider x-1: `{key}` does not belong to this protocol"
            )]
        );
    }
}

#[test]
fn wrong_values_are_told_all_at_once() {
    let told = faults(&format!(
        "{HEAD}base_url='ftp://ca.example'\nsecondary_url='https://user:pass@ca.example'\npolicy_oids=['1.2.x']\n\
         paths={{certificates='c',sign='/a/../b',status='/s?x'}}\naccount_form='CMT'\nitems_max=21\ncalls_max=0\n\
         trust_anchors=['no/such/file.pem']\nbreaker={{percent=0}}\n{}",
        HEAD.replace("x-1", "x-2").replace("name='X'\napp", "app")
    ));
    for key in [
        "base_url",
        "secondary_url",
        "policy_oids",
        "paths.certificates",
        "paths.sign",
        "paths.status",
        "account_form",
        "items_max",
        "calls_max",
        "trust_anchors",
        "breaker",
        "provider x-2: missing field `name`",
    ] {
        assert!(
            told.iter().any(|fault| fault.contains(key)),
            "{key}: {told:?}"
        );
    }
}

#[test]
fn the_same_code_stands_once() {
    let told = faults(&format!("{HEAD}{HEAD}"));
    assert_eq!(told, ["provider x-1: `code` stands in two entries"]);
}

#[test]
fn an_entry_that_somebody_began_to_fill_in_has_to_be_complete() {
    for (line, missing) in [
        (
            "base_url='https://ca.example'",
            vec!["sp_id", "sp_password"],
        ),
        ("sp_id='p'", vec!["base_url", "sp_password"]),
        (
            "sp_id='p'\nbase_url='https://ca.example'",
            vec!["sp_password"],
        ),
        (
            "sp_id='p'\nbase_url='https://ca.example'\nsp_password='s'",
            vec![],
        ),
    ] {
        let entries = read_entries(&format!("{HEAD}{line}\n")).expect("valid");
        let told: Vec<String> = match entries[0].check() {
            Ok(()) => Vec::new(),
            Err(error) => error.faults.into_iter().map(|fault| fault.key).collect(),
        };
        assert_eq!(told, missing, "{line}");
        assert_eq!(entries[0].is_available(), missing.is_empty());
    }
}

#[test]
fn trust_anchors_are_read_from_beside_the_file_and_policies_kept() {
    let folder = std::env::temp_dir().join(format!("anchors-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).expect("made");
    let der = [0x30, 6, 0x30, 4, 2, 2, 0x1a, 0xbc];
    std::fs::write(folder.join("root.der"), der).expect("written");
    let text = format!("{HEAD}trust_anchors=['root.der']\npolicy_oids=['2.16.704.1.1']\n");
    let entries = read_entries_in(&text, &folder);
    std::fs::remove_dir_all(&folder).expect("removed");
    let entry = entries.expect("valid").remove(0);
    assert_eq!(entry.trust_anchors, [der]);
    assert_eq!(entry.policy_oids, ["2.16.704.1.1"]);
}

#[test]
fn where_the_call_waits_its_time_and_places_fit() {
    let waits = read_entries(&format!("{HEAD}protocol='csc-v1'\nlifetime_seconds=100\n"));
    let waits = waits.expect("valid").remove(0);
    assert_eq!(waits.timeouts.start, Duration::from_secs(130));
    assert_eq!(waits.limits.waiting_max, 500);
    let plain = read_entries(HEAD).expect("valid").remove(0);
    assert_eq!(plain.timeouts.start, Duration::from_secs(30));
    assert_eq!(plain.limits.waiting_max, 50_000);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}", key in "[a-z_]{1,16}") {
        let _ = read_entries(&text);
        let _ = read_entries(&format!("{HEAD}{key}={text}\n"));
    }
}
