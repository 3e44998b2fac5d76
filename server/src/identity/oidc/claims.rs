//! Which claim is what of a person. The names of the National Public Service Portal and of VNeID come first, those of OpenID Connect
//! Core 1.0 §5.1 behind them; an operator may set others.

use contract::date::Date;
use contract::session::{Person, check_person};
use contract::value::Name;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Claims by what they tell: the first one that is there and can be kept counts. A name that begins with a slash is a JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimNames {
    /// Identity number.
    #[serde(deserialize_with = "one_or_more")]
    pub citizen_id: Vec<String>,
    /// Full name.
    #[serde(deserialize_with = "one_or_more")]
    pub name: Vec<String>,
    /// User name of an officer's account; none by default. Set it only where people cannot choose it themselves.
    #[serde(deserialize_with = "one_or_more")]
    pub user_name: Vec<String>,
    /// Date of birth: `19900131`, `1990-01-31` or `31/01/1990`.
    #[serde(deserialize_with = "one_or_more")]
    pub born_on: Vec<String>,
    /// Gender: `Nam`, `Nữ`, `male`, `female`.
    #[serde(deserialize_with = "one_or_more")]
    pub sex: Vec<String>,
    /// Nationality.
    #[serde(deserialize_with = "one_or_more")]
    pub nationality: Vec<String>,
    /// Telephone.
    #[serde(deserialize_with = "one_or_more")]
    pub phone: Vec<String>,
    /// E-mail address.
    #[serde(deserialize_with = "one_or_more")]
    pub email: Vec<String>,
    /// Province of residence.
    #[serde(deserialize_with = "one_or_more")]
    pub province: Vec<String>,
    /// Commune or ward of residence.
    #[serde(deserialize_with = "one_or_more")]
    pub ward: Vec<String>,
    /// Residence.
    #[serde(deserialize_with = "one_or_more")]
    pub address: Vec<String>,
    /// Date the card was issued.
    #[serde(deserialize_with = "one_or_more")]
    pub id_issued_on: Vec<String>,
    /// Who issued it.
    #[serde(deserialize_with = "one_or_more")]
    pub id_issued_by: Vec<String>,
}

impl Default for ClaimNames {
    fn default() -> Self {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        Self {
            citizen_id: names(&["SoDinhDanh", "SoCMND"]),
            name: names(&["HoVaTen", "name"]),
            user_name: Vec::new(),
            born_on: names(&["NgayThangNamSinh", "birthdate"]),
            sex: names(&["GioiTinh", "gender"]),
            nationality: names(&["QuocTich"]),
            phone: names(&["SoDienThoai", "phone_number"]),
            email: names(&["ThuDienTu", "email"]),
            province: Vec::new(),
            ward: Vec::new(),
            address: names(&["ThuongTru", "DiaChi", "/address/formatted"]),
            id_issued_on: Vec::new(),
            id_issued_by: Vec::new(),
        }
    }
}

/// `"name"` or `["name", "other"]`.
fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(String),
        More(Vec<String>),
    }
    Ok(match Names::deserialize(from)? {
        Names::One(name) => vec![name],
        Names::More(names) => names,
    })
}

/// A person, as claims tell.
#[derive(Debug, PartialEq)]
pub struct Told {
    /// Full name.
    pub name: Option<Name>,
    /// User name of an officer.
    pub user_name: Option<String>,
    /// The rest.
    pub person: Person,
}

impl ClaimNames {
    /// Reads a person; what cannot be kept is as if it had not been told.
    pub fn read(&self, claims: &Map<String, Value>, today: Date) -> Told {
        let texts = |names: &[String]| -> Vec<String> {
            names.iter().filter_map(|name| text(claims, name)).collect()
        };
        let first = |names: &[String]| texts(names).into_iter().next();
        let day = |names: &[String]| texts(names).iter().find_map(|text| day(text));
        let mut person = Person {
            citizen_id: texts(&self.citizen_id)
                .iter()
                .find_map(|text| text.parse().ok()),
            id_issued_on: day(&self.id_issued_on),
            id_issued_by: first(&self.id_issued_by),
            born_on: day(&self.born_on),
            sex: texts(&self.sex).iter().find_map(|text| sex(text)),
            nationality: first(&self.nationality),
            phone: texts(&self.phone).iter().find_map(|text| text.parse().ok()),
            // An address that nobody proved to own is no address.
            email: first(&self.email)
                .filter(|_| claims.get("email_verified") != Some(&Value::Bool(false))),
            province: first(&self.province),
            district: None,
            ward: first(&self.ward),
            address: first(&self.address),
            fax: None,
            organisation: None,
        };
        for wrong in check_person(&person.applicant(), today) {
            match wrong.pointer.as_str() {
                "/id_issued_on" => person.id_issued_on = None,
                "/id_issued_by" => person.id_issued_by = None,
                "/born_on" => person.born_on = None,
                "/nationality" => person.nationality = None,
                "/email" => person.email = None,
                "/province" => person.province = None,
                "/ward" => person.ward = None,
                "/address" => person.address = None,
                _ => {}
            }
        }
        Told {
            name: texts(&self.name).iter().find_map(|text| text.parse().ok()),
            user_name: first(&self.user_name),
            person,
        }
    }
}

/// A claim as one line of text.
fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    let value = match name.strip_prefix('/') {
        None => claims.get(name)?,
        Some(pointer) => {
            let (first, rest) = pointer.split_once('/').unwrap_or((pointer, ""));
            let value = claims.get(first)?;
            if rest.is_empty() {
                value
            } else {
                value.pointer(&format!("/{rest}"))?
            }
        }
    };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    // PostgreSQL keeps no U+0000, and a field is one line.
    let line = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    Some(line).filter(|line| !line.is_empty())
}

/// A day as `YYYY-MM-DD`. Eight digits begin with the year where that makes a day of our times.
fn day(text: &str) -> Option<String> {
    let parts = (text.get(..4), text.get(4..6), text.get(6..));
    let by_year = match parts {
        (Some(year), Some(month), Some(day)) if text.len() == 8 && year >= "1900" => {
            Date::read(&format!("{year}-{month}-{day}")).ok()
        }
        _ => None,
    };
    let day = match by_year {
        Some(day) => day,
        None => Date::read(text).ok()?,
    };
    Some(day.to_string())
}

/// As the portal's forms have it.
fn sex(text: &str) -> Option<String> {
    let known = match text.to_lowercase().as_str() {
        "nam" | "male" | "m" => "Nam",
        "nữ" | "nu" | "female" | "f" => "Nữ",
        "khác" | "other" => "Khác",
        _ => return None,
    };
    Some(known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn today() -> Date {
        "2026-11-26".parse().expect("a day")
    }

    fn read(names: &ClaimNames, claims: Value) -> Told {
        let Value::Object(claims) = claims else {
            panic!("no object");
        };
        names.read(&claims, today())
    }

    #[test]
    fn a_person_is_read_from_the_claims_of_the_national_portal() {
        let told = read(
            &ClaimNames::default(),
            json!({
                "sub": "x", "LoaiTaiKhoan": 1, "SoDinhDanh": "062199000044", "HoVaTen": "Đỗ  Thị Giả Định",
                "NgayThangNamSinh": "19990131", "GioiTinh": "Nữ", "SoDienThoai": "+84900000044",
                "ThuDienTu": "gia.dinh@example.vn", "ThuongTru": "Thôn Một,\nXã Ví Dụ", "QuocTich": "Việt Nam",
            }),
        );
        assert_eq!(told.name.expect("a name").as_str(), "Đỗ Thị Giả Định");
        assert_eq!(told.user_name, None);
        let person = told.person;
        assert_eq!(
            person.citizen_id.expect("a number").as_str(),
            "062199000044"
        );
        assert_eq!(person.born_on.as_deref(), Some("1999-01-31"));
        assert_eq!(person.sex.as_deref(), Some("Nữ"));
        assert_eq!(person.phone.expect("a phone").as_str(), "0900000044");
        assert_eq!(person.email.as_deref(), Some("gia.dinh@example.vn"));
        assert_eq!(person.address.as_deref(), Some("Thôn Một, Xã Ví Dụ"));
        assert_eq!(person.nationality.as_deref(), Some("Việt Nam"));
    }

    #[test]
    fn an_operator_names_other_claims_and_what_cannot_be_kept_is_left_out() {
        let names: ClaimNames = toml::from_str(
            "citizen_id = ['/id/number', 'old']\nname = 'full_name'\nuser_name = 'login'\n",
        )
        .expect("names");
        let told = read(
            &names,
            json!({
                "id": { "number": "not a number" }, "old": 621_990_000_i64, "full_name": "  ", "login": "canbo.mot",
                "birthdate": "2030-01-01", "gender": "?", "phone_number": "12", "email": "a@example.vn", "email_verified": false,
                "address": { "formatted": "a".repeat(300) },
            }),
        );
        assert_eq!(told.name, None);
        assert_eq!(told.user_name.as_deref(), Some("canbo.mot"));
        let number = told.person.citizen_id.clone().expect("the other one");
        assert_eq!(number.as_str(), "621990000");
        let rest = Person {
            citizen_id: None,
            ..told.person
        };
        assert_eq!(rest, Person::default());
        assert!(toml::from_str::<ClaimNames>("nick_name = 'x'").is_err());
    }

    #[test]
    fn a_day_is_read_however_it_is_written() {
        for text in ["19990131", "1999-01-31", "31/01/1999", "31011999"] {
            assert_eq!(day(text).as_deref(), Some("1999-01-31"), "{text}");
        }
        // Twelve hundred years ago nobody was born.
        assert_eq!(day("20112001").as_deref(), Some("2001-11-20"));
        assert_eq!(day("1999"), None);
    }
}
