//! What is asked for, and how it stands in the address.

use contract::search::Filter;

/// Words and filters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What was typed.
    pub text: String,
    /// `Tìm kiếm nâng cao`.
    pub filter: Filter,
}

/// One part of a filter.
pub type Part = fn(&mut Filter) -> &mut String;

/// The parts of a filter by their names in the address, in the order of the form.
pub const PARTS: [(&str, Part); 6] = [
    ("co-quan", |filter| &mut filter.agency),
    ("linh-vuc", |filter| &mut filter.field),
    ("cap", |filter| &mut filter.level),
    ("muc-do", |filter| &mut filter.service),
    ("su-kien", |filter| &mut filter.event),
    ("doi-tuong", |filter| &mut filter.audience),
];

impl Asked {
    /// From the parameters of an address.
    pub fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let mut asked = Self {
            text: parameter("tim").unwrap_or_default(),
            filter: Filter::default(),
        };
        for (name, part) in PARTS {
            *part(&mut asked.filter) = parameter(name).unwrap_or_default();
        }
        asked
    }

    /// The address of this search.
    pub fn address(&self) -> String {
        let mut filter = self.filter.clone();
        let mut parts = vec![("tim", self.text.trim().to_owned())];
        for (name, part) in PARTS {
            parts.push((name, part(&mut filter).clone()));
        }
        let query: Vec<String> = parts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", js_sys::encode_uri_component(&value)))
            .collect();
        if query.is_empty() {
            "/thu-tuc".to_owned()
        } else {
            format!("/thu-tuc?{}", query.join("&"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_search_comes_back_from_its_own_address() {
        let mut asked = Asked {
            text: "khai sinh & tử".into(),
            filter: Filter::default(),
        };
        asked.filter.event = "Có con nhỏ".into();
        asked.filter.level = "commune".into();
        let address = asked.address();
        let url = web_sys::Url::new(&format!("http://localhost{address}")).expect("an address");
        let parameters = url.search_params();
        assert_eq!(Asked::read(|name| parameters.get(name)), asked);
        assert_eq!(Asked::default().address(), "/thu-tuc");
    }
}
