//! One folding of text for every search: catalogue, officers' inbox, find in a document, anchor keywords.

use std::borrow::Cow;

/// Folds text so that two spellings a Vietnamese reader takes for the same compare equal.
///
/// Lower case, accents and tone marks removed (precomposed and combining), `đ` to `d`, every run of
/// white space (no-break spaces too) to one blank, control characters and soft hyphens dropped. Leading and trailing blanks are removed.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for letter in text.chars() {
        if letter.is_whitespace() || letter == '\u{200b}' {
            blank = !out.is_empty();
            continue;
        }
        if letter.is_control() || letter == '\u{ad}' || letter == '\u{feff}' {
            continue;
        }
        for folded in fold_letter(letter) {
            if blank {
                out.push(' ');
                blank = false;
            }
            out.push(folded);
        }
    }
    out
}

/// Folds one letter: none for a combining mark, usually one, sometimes more (`ß`, ligatures).
pub fn fold_letter(letter: char) -> impl Iterator<Item = char> {
    let marks =
        matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}');
    let ligature: &'static str = match letter {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        _ => "",
    };
    let single = (!marks && ligature.is_empty()).then_some(letter);
    single
        .into_iter()
        .flat_map(char::to_lowercase)
        .filter(|lower| !matches!(lower, '\u{300}'..='\u{36f}'))
        .map(base_letter)
        .chain(ligature.chars())
}

/// The unaccented letter under a lower-case Latin letter.
const fn base_letter(lower: char) -> char {
    match lower {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ'
        | 'ẫ' | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' | 'ǟ' | 'ǡ' | 'ǻ' | 'ȁ' | 'ȃ' | 'ȧ' => {
            'a'
        }
        'ḃ' | 'ḅ' => 'b',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' | 'ḉ' => 'c',
        'ð' | 'ď' | 'đ' | 'ḋ' | 'ḍ' | 'ḑ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ḕ' | 'ḗ' | 'ḝ' | 'ẹ' | 'ẻ' | 'ẽ'
        | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' | 'ȅ' | 'ȇ' | 'ȩ' => 'e',
        'ḟ' => 'f',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ḡ' | 'ǧ' | 'ǵ' => 'g',
        'ĥ' | 'ḣ' | 'ḥ' | 'ḧ' | 'ḩ' | 'ȟ' => 'h',
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ḯ' | 'ỉ' | 'ị' | 'ȉ' | 'ȋ' => {
            'i'
        }
        'ĵ' | 'ǰ' => 'j',
        'ķ' | 'ḱ' | 'ḳ' | 'ǩ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ł' | 'ḷ' | 'ḹ' => 'l',
        'ḿ' | 'ṁ' | 'ṃ' => 'm',
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ṅ' | 'ṇ' | 'ǹ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | 'ṍ' | 'ṏ' | 'ṑ' | 'ṓ'
        | 'ọ' | 'ỏ' | 'ố' | 'ồ' | 'ổ' | 'ỗ' | 'ộ' | 'ớ' | 'ờ' | 'ở' | 'ỡ' | 'ợ' | 'ǫ' | 'ǭ'
        | 'ȍ' | 'ȏ' | 'ȫ' | 'ȭ' | 'ȯ' | 'ȱ' => 'o',
        'ṕ' | 'ṗ' => 'p',
        'ŕ' | 'ŗ' | 'ř' | 'ṙ' | 'ṛ' | 'ṝ' | 'ȑ' | 'ȓ' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ṡ' | 'ṣ' | 'ṥ' | 'ṧ' | 'ṩ' | 'ș' => 's',
        'ţ' | 'ť' | 'ṫ' | 'ṭ' | 'ẗ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | 'ǖ' | 'ǘ' | 'ǚ'
        | 'ǜ' | 'ṹ' | 'ṻ' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' | 'ȕ' | 'ȗ' => {
            'u'
        }
        'ṽ' | 'ṿ' => 'v',
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' | 'ẇ' | 'ẉ' | 'ẘ' => 'w',
        'ẋ' | 'ẍ' => 'x',
        'ý' | 'ÿ' | 'ŷ' | 'ẏ' | 'ẙ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' | 'ȳ' => 'y',
        'ź' | 'ż' | 'ž' | 'ẑ' | 'ẓ' => 'z',
        other => other,
    }
}

/// For each combining mark: letters and, behind each, the letter with the mark (Unicode 16, canonical compositions of Latin letters, in
/// either order of two marks where both mean the same).
const COMPOSED: [(char, &str); 16] = [
    (
        '\u{300}',
        "AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ",
    ),
    (
        '\u{301}',
        "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ",
    ),
    (
        '\u{302}',
        "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ",
    ),
    (
        '\u{303}',
        "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ",
    ),
    ('\u{306}', "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭȨḜȩḝẠẶạặ"),
    ('\u{308}', "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"),
    (
        '\u{309}',
        "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ",
    ),
    ('\u{30a}', "AÅaåUŮuůwẘyẙ"),
    (
        '\u{30c}',
        "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚ",
    ),
    (
        '\u{31b}',
        "OƠoơUƯuưÓỚóớÒỜòờỎỞỏởÕỠõỡỌỢọợÚỨúứÙỪùừỦỬủửŨỮũữỤỰụự",
    ),
    (
        '\u{323}',
        "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵṠṨṡṩÂẬâậĂẶăặÊỆêệÔỘôộ",
    ),
    (
        '\u{327}',
        "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţDḐdḑHḨhḩĆḈćḉĔḜĕḝ",
    ),
    ('\u{328}', "AĄaąEĘeęIĮiįUŲuų"),
    ('\u{304}', "AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖGḠgḡḶḸḷḹṚṜṛṝ"),
    (
        '\u{307}',
        "CĊcċEĖeėGĠgġIİZŻzżBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏſẛ",
    ),
    ('\u{30b}', "OŐoőUŰuű"),
];

/// The letter that a letter and a combining mark make, when Unicode has one.
#[must_use]
pub fn compose_letter(letter: char, mark: char) -> Option<char> {
    let (_, pairs) = COMPOSED.iter().find(|(of, _)| *of == mark)?;
    let mut letters = pairs.chars();
    while let (Some(base), Some(composed)) = (letters.next(), letters.next()) {
        if base == letter {
            return Some(composed);
        }
    }
    None
}

/// Whether a letter is a combining mark of Latin script.
#[must_use]
pub const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Text with each letter and its marks made one letter where Unicode has it (NFC for Latin script). A mark that shapes the vowel
/// (circumflex, breve, horn) may stand behind the tone mark, as some keyboards write it.
#[must_use]
pub fn compose(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_mark) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(mut letter) = letters.next() {
        let (mut shapes, mut tones) = (Vec::new(), Vec::new());
        while let Some(mark) = letters.next_if(|next| is_mark(*next)) {
            match mark {
                '\u{302}' | '\u{306}' | '\u{31b}' | '\u{323}' => shapes.push(mark),
                _ => tones.push(mark),
            }
        }
        let mut rest = Vec::new();
        for mark in shapes.into_iter().chain(tones) {
            match compose_letter(letter, mark) {
                Some(composed) => letter = composed,
                None => rest.push(mark),
            }
        }
        out.push(letter);
        out.extend(rest);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precomposed_and_combining_fold_alike() {
        assert_eq!(fold("Đăng ký khai sinh"), "dang ky khai sinh");
        assert_eq!(
            fold("NGU\u{31b}O\u{31b}\u{300}I LA\u{300}M \u{110}O\u{31b}N"),
            fold("NGƯỜI LÀM ĐƠN")
        );
        assert_eq!(fold("  Giấy\u{a0}\n đề   nghị "), "giay de nghi");
    }

    #[test]
    fn all_vietnamese_vowels_lose_their_marks() {
        let vowels = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
        for letter in vowels.chars() {
            assert!(fold(&letter.to_string()).is_ascii(), "{letter}");
            let upper: String = letter.to_uppercase().collect();
            assert!(fold(&upper).is_ascii(), "{upper}");
        }
    }

    #[test]
    fn marks_compose_in_any_order_a_keyboard_writes_them() {
        assert_eq!(compose("NGU\u{31b}O\u{31b}\u{300}I"), "NGƯỜI");
        assert_eq!(compose("Vie\u{323}\u{302}t"), "Việt");
        assert_eq!(compose("Vie\u{302}\u{323}t"), "Việt");
        assert_eq!(compose("Vi\u{1eb9}\u{302}t"), "Việt");
        assert_eq!(compose("a\u{301}\u{302}"), "ấ");
        assert_eq!(compose("x\u{332}"), "x\u{332}", "there is no such letter");
        assert!(matches!(compose("Cộng hòa"), Cow::Borrowed(_)));
    }

    #[test]
    fn every_composed_letter_folds_like_its_base() {
        for (_, pairs) in COMPOSED {
            let letters: Vec<char> = pairs.chars().collect();
            for pair in letters.chunks(2) {
                let base = fold(&pair[0].to_string());
                // Letters such as "æ" stand for themselves.
                if base.is_ascii() {
                    assert_eq!(fold(&pair[1].to_string()), base, "{pair:?}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in ".*") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }
}
