//! The providers of the guidance and what is publicly known of confirming in their apps (`server/provider/entries.toml` names the sources).

use crate::text::n;

/// A provider's app.
pub struct Provider {
    /// Last part of the page's address.
    pub address: &'static str,
    /// As the guidance writes it.
    pub name: &'static str,
    /// The app on the phone.
    pub app: &'static str,
    /// What is particular to it.
    pub notes: &'static [&'static str],
}

/// A provider reached through the national gateway.
const GATEWAY: &str = n(
    "Cổng gửi yêu cầu cho nhà cung cấp này qua cổng kết nối quốc gia của NEAC; thông báo có thể tới chậm vài giây.",
);

/// All of them, in the guidance's order.
pub const PROVIDERS: [Provider; 7] = [
    Provider {
        address: "vnpt-smartca",
        name: "VNPT-CA",
        app: "VNPT SmartCA",
        notes: &[
            n("Yêu cầu chờ khoảng năm phút. Nhiều tệp của một hồ sơ là một lần xác nhận."),
            n(
                "Đổi điện thoại hoặc cài lại ứng dụng, hay nhập sai PIN nhiều lần: dùng “Kích hoạt lại tài khoản” trong ứng dụng trước khi ký.",
            ),
        ],
    },
    Provider {
        address: "viettel-mysign",
        name: "Viettel-CA",
        app: "MySign",
        notes: &[n(
            "Yêu cầu chờ khoảng hai phút, nên mở sẵn ứng dụng trước khi bấm “Xác nhận”.",
        )],
    },
    Provider {
        address: "misa-esign",
        name: "MISA-CA",
        app: "MISA eSign",
        notes: &[GATEWAY],
    },
    Provider {
        address: "ca2",
        name: "CA2",
        app: "CA2 Remote Signing",
        notes: &[n(
            "Thời gian chờ do nhà cung cấp quy định; cổng đếm ngược phần còn lại.",
        )],
    },
    Provider {
        address: "bkav",
        name: "BkavCA",
        app: "Bkav Remote Signing",
        notes: &[GATEWAY],
    },
    Provider {
        address: "fpt-esign",
        name: "FPT-CA",
        app: "FPT.eSign",
        notes: &[GATEWAY],
    },
    Provider {
        address: "newtel",
        name: "Newtel-CA",
        app: "NewCA",
        notes: &[GATEWAY],
    },
];
