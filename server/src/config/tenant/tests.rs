//! Settings of several tenants: what is taken, and everything that is not, at once.

use super::*;
use std::collections::BTreeMap;
use tempfile::TempDir;

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A folder with files, the main one among them.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("folder");
    let root = folder.path().display().to_string();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text.replace("ROOT", &root)).expect("written");
    }
    folder
}

fn environment(variables: &[(&'static str, &str)]) -> Environment {
    let known: BTreeMap<&str, String> = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    Environment::of(move |name| known.get(name).cloned())
}

fn resolve(folder: &TempDir, environment: &Environment) -> Result<Vec<Config>, Vec<String>> {
    let settings = Settings {
        config: Some(folder.path().join("main.toml")),
        ..Settings::default()
    };
    settings.resolve_in(environment)
}

const MAIN: &str = "listen = '127.0.0.1:9999'\nbehind_proxy = true\nsite = 'ROOT/site'\n\
     [pace]\ndrain = 3\n\
     [[tenant]]\nname = 'a'\nhosts = ['A.gov.vn', 'www.a.gov.vn']\nsettings = 'tenants/a.toml'\n\
     [[tenant]]\nname = 'b-c'\nhosts = ['b.gov.vn']\nsettings = 'tenants/b.toml'\n";

/// A demo needs the sandbox's root, and nothing else.
fn demo(rest: &str) -> String {
    format!("demo = true\nsandbox_root = 'ROOT/root.der'\n{rest}")
}

/// A root that can be read.
fn with_root(folder: &TempDir) {
    let der = include_bytes!("../../../tests/it/data/stranger.der");
    std::fs::write(folder.path().join("root.der"), der).expect("written");
}

#[test]
fn each_has_its_own_settings_and_secrets_and_the_process_says_what_is_its_own() {
    let folder = folder(&[
        ("main.toml", MAIN),
        (
            "tenants/a.toml",
            &demo(
                "data = 'ROOT/a'\nunit = '000.00.01.H01'\n[province]\nname = 'Cổng tỉnh A'\n[pace]\nshutdown = 7\n",
            ),
        ),
        (
            "tenants/b.toml",
            &demo(
                "data = 'ROOT/b'\nsite = 'ROOT/other'\npublic_url = 'http://b.gov.vn:8080/'\ndatabase_url = 'sqlite:ROOT/file'\n",
            ),
        ),
    ]);
    with_root(&folder);
    let environment = environment(&[
        ("PORTAL_SECRET_KEY", KEY),
        ("PORTAL_DATABASE_URL", "postgres://nobody/all"),
        ("PROVIDER_VNPT_CA_SP_PASSWORD", "of-all"),
        ("B_C_PORTAL_DATABASE_URL", "postgres://b@db/b"),
        ("A_PROVIDER_VNPT_CA_SP_PASSWORD", "of-a"),
        ("A_PORTAL_KEK", &format!("k1:{KEY}")),
    ]);
    let configs = resolve(&folder, &environment).expect("taken");
    let [a, b] = configs.as_slice() else {
        panic!("two");
    };
    let tenant = a.tenant.as_ref().expect("a tenant");
    assert_eq!(tenant.name, "a");
    assert_eq!(tenant.hosts, ["a.gov.vn", "www.a.gov.vn"]);
    assert_eq!(a.public_url, "https://a.gov.vn");
    assert_eq!(b.public_url, "http://b.gov.vn:8080");
    assert_eq!(
        (a.unit.as_str(), b.unit.as_str()),
        ("000.00.01.H01", "000.00.00.H34")
    );
    assert_eq!(a.province.name, "Cổng tỉnh A");
    assert!(!b.province.is_named());
    let root = folder.path().display();
    assert_eq!(a.database_url, format!("sqlite:{root}/a/portal.sqlite"));
    assert_eq!(b.database_url, "postgres://b@db/b", "before the file");
    assert!(a.keys.is_some() && b.keys.is_none());
    for config in &configs {
        assert_eq!(config.listen.port(), 9999);
        assert!(config.behind_proxy);
        assert_eq!(config.pace.drain.as_secs(), 3);
    }
    assert_eq!(a.pace.shutdown.as_secs(), 7);
    assert_eq!(a.site, folder.path().join("site"));
    assert_eq!(b.site, folder.path().join("other"));
    let secret = |config: &Config| {
        let secret = config
            .identity
            .key
            .as_ref()
            .expect("a key of the demo's own");
        secret.seal("x", b"y").expect("sealed")
    };
    let theirs = b.identity.key.as_ref().expect("a key");
    assert!(
        theirs.open("x", &secret(a)).is_err(),
        "each has its own key"
    );
}

#[test]
fn the_settings_that_operators_of_several_begin_with_are_taken() {
    let file = |name: &str| {
        let province = demo(&format!("data = 'ROOT/{name}'\n"));
        (format!("tenants/{name}.toml"), province)
    };
    let (first, second) = (file("vi-du"), file("dong-thap"));
    let folder = folder(&[
        ("main.toml", include_str!("../../../deploy/tenants.toml")),
        (&first.0, &first.1),
        (&second.0, &second.1),
    ]);
    with_root(&folder);
    let configs = resolve(&folder, &environment(&[])).expect("taken");
    assert_eq!(configs.len(), 2);
    assert!(
        configs
            .iter()
            .all(|config| config.behind_proxy && config.https)
    );
}

#[test]
fn a_secret_without_prefix_is_no_tenants() {
    let mail = "[mail]\nserver = 'localhost'\ntls = 'none'\nuser = 'u'\nfrom = 'a@example.vn'\n";
    let folder = folder(&[
        ("main.toml", MAIN),
        ("tenants/a.toml", &demo(&format!("data = 'ROOT/a'\n{mail}"))),
        ("tenants/b.toml", &demo(&format!("data = 'ROOT/b'\n{mail}"))),
    ]);
    with_root(&folder);
    let environment = environment(&[
        ("PORTAL_MAIL_PASSWORD", "of-all"),
        ("B_C_PORTAL_MAIL_PASSWORD", "of-b"),
    ]);
    let wrong = resolve(&folder, &environment).expect_err("refused");
    assert_eq!(
        wrong,
        ["a: neither A_PORTAL_MAIL_PASSWORD nor A_PORTAL_MAIL_PASSWORD_FILE is set"]
    );
}

#[test]
fn everything_that_is_wrong_with_any_is_told_with_its_name() {
    let folder = folder(&[
        (
            "main.toml",
            &format!(
                "unit = '000.00.00.H34'\n{}[[tenant]]\nname = 'a'\nhosts = []\nsettings = 'khong-co.toml'\n\
                 [[tenant]]\nname = 'Đ'\nhosts = ['x.vn:80', '*.vn']\nsettings = 'tenants/a.toml'\n",
                MAIN.replace("drain = 3", "drain = 3\nlooks_at_once = 1")
            ),
        ),
        (
            "tenants/a.toml",
            &demo(
                "data = 'ROOT/a'\nlisten = '127.0.0.1:1'\nbehind_proxy = false\nunit = 'not a unit'\ntenant = []\n[pace]\ndrain = 1\n",
            ),
        ),
        ("tenants/b.toml", &demo("publik_url = ''")),
    ]);
    with_root(&folder);
    let wrong = resolve(&folder, &environment(&[])).expect_err("refused");
    let told = wrong.join("\n");
    for line in [
        "unit: every tenant says its own; it belongs into the tenants' files",
        "pace.looks_at_once: every tenant says its own; it belongs into the tenants' files",
        "a: listen: is the whole process's; it belongs into the main settings file",
        "a: behind_proxy: is the whole process's; it belongs into the main settings file",
        "a: tenant: is the whole process's; it belongs into the main settings file",
        "a: pace.drain: is the whole process's; it belongs into the main settings file",
        "a: unit: not a unit does not make a dossier code",
        "a: two tenants of one name",
        "a: hosts: none; nobody could reach it",
        "Đ: name: up to 32 small letters, digits and hyphens are wanted",
        "Đ: hosts: x.vn:80 is no host name (no port, no `*`)",
        "Đ: hosts: *.vn is no host name (no port, no `*`)",
        "Đ: public_url: https://x.vn:80 is at none of its hosts",
    ] {
        assert!(wrong.contains(&line.to_owned()), "{line} in\n{told}");
    }
    assert!(
        told.contains("b-c: ") && told.contains("publik_url"),
        "{told}"
    );
    assert!(told.contains("khong-co.toml"), "{told}");
}

#[test]
fn what_each_has_to_have_for_itself_is_shared_by_no_two() {
    let at = |rest: &str| demo(rest);
    let three = format!(
        "{MAIN}[[tenant]]\nname = 'd'\nhosts = ['d.gov.vn', 'B.gov.vn']\nsettings = 'tenants/d.toml'\n"
    );
    let folder = folder(&[
        ("main.toml", &three),
        (
            "tenants/a.toml",
            &at("data = 'ROOT/a'\n[files]\nat = 'file:ROOT/files'"),
        ),
        (
            "tenants/b.toml",
            &at(
                "data = 'ROOT/x/../a'\ndatabase_url = 'postgres://one:secret-word@db/hoso'\n[files]\nat = 'file:ROOT/files/b'",
            ),
        ),
        // Told although something else is wrong with it as well.
        (
            "tenants/d.toml",
            &at(
                "data = 'ROOT/d'\nunit = 'not a unit'\ndatabase_url = 'postgres://two@db:5432/hoso?sslmode=require'",
            ),
        ),
    ]);
    with_root(&folder);
    let wrong = resolve(&folder, &environment(&[])).expect_err("refused");
    let root = folder.path().canonicalize().expect("there");
    let root = root.display();
    assert_eq!(
        wrong,
        [
            "d: unit: not a unit does not make a dossier code".to_owned(),
            format!("b-c: data folder {root}/a is a's too"),
            format!("b-c: the place of files file:{root}/files/b/ is a's too"),
            "d: host b.gov.vn is b-c's too".to_owned(),
            "d: the database (`database_url`) is b-c's too".to_owned(),
        ]
    );
}

#[test]
fn one_of_several_is_named_and_none_is_guessed() {
    let folder = folder(&[
        ("main.toml", MAIN),
        ("tenants/a.toml", &demo("data = 'ROOT/a'\n")),
        (
            "tenants/b.toml",
            &demo("data = 'ROOT/b'\nunit = 'not a unit'\n"),
        ),
    ]);
    with_root(&folder);
    let settings = |file: &str| Settings {
        config: Some(folder.path().join(file)),
        ..Settings::default()
    };
    let one = |file: &str, tenant| settings(file).resolve_one(tenant);
    let a = one("main.toml", Some("a")).expect("taken, whatever b is");
    assert_eq!(a.data, folder.path().join("a"));
    let which = "there are several tenants: name one by --tenant (a, b-c)";
    assert_eq!(one("main.toml", None).expect_err("which"), [which]);
    assert_eq!(one("main.toml", Some("x")).expect_err("none"), [which]);
    let wrong = one("main.toml", Some("b-c")).expect_err("refused");
    assert_eq!(
        wrong,
        ["b-c: unit: not a unit does not make a dossier code"]
    );
    let wrong = one("tenants/a.toml", Some("a")).expect_err("no main file");
    assert!(wrong[0].starts_with("--tenant wants the main"), "{wrong:?}");
    assert!(
        one("tenants/a.toml", None).is_ok(),
        "a settings file of its own"
    );

    let storage = |tenant: Option<&str>, data: Option<&str>| {
        let settings = super::super::StorageSettings {
            config: Some(folder.path().join("main.toml")),
            tenant: tenant.map(str::to_owned),
            data: data.map(Into::into),
            ..Default::default()
        };
        settings.resolve()
    };
    let found = storage(Some("a"), None).expect("found");
    assert_eq!(
        found.database_url,
        format!("sqlite:{}/a/portal.sqlite", folder.path().display())
    );
    assert_eq!(
        found.files.to_string(),
        format!("file:{}/a/files", folder.path().display())
    );
    assert_eq!(storage(None, None).expect_err("which"), [which]);
    assert_eq!(storage(Some("x"), None).expect_err("none"), [which]);
    let wrong = storage(Some("a"), Some("/elsewhere")).expect_err("another's");
    assert!(wrong[0].contains("--tenant"), "{wrong:?}");
}

#[test]
fn without_tenants_one_portal_is_served_to_every_host() {
    let folder = folder(&[("main.toml", &demo("data = 'ROOT/a'\n"))]);
    with_root(&folder);
    let configs = resolve(&folder, &environment(&[])).expect("taken");
    assert_eq!(configs.len(), 1);
    assert!(configs[0].tenant.is_none());
    assert_eq!(configs[0].public_url, "http://localhost:8080");
}
