//! What the guidance says, as data: topics, their steps, and the pictures that `end2end/look/help.mjs` takes.

use crate::part::icon::Shape;
use crate::text::n;

/// A page of the guidance.
pub struct Topic {
    /// Last part of its address.
    pub address: &'static str,
    /// Its sign in the list.
    pub shape: Shape,
    /// Its title.
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What to do.
    pub steps: &'static [Step],
}

/// One thing to do.
pub struct Step {
    /// In few words.
    pub title: &'static str,
    /// How.
    pub sentences: &'static [&'static str],
    /// How it looks.
    pub picture: Option<Picture>,
}

/// A picture of this portal, `public/help/FILE.png`.
pub struct Picture {
    /// Name without its ending.
    pub file: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What is seen.
    pub alt: &'static str,
}

const fn picture(file: &'static str, alt: &'static str) -> Picture {
    Picture {
        file,
        width: 1000,
        height: 640,
        alt,
    }
}

/// Waiting for the phone; shown with every provider.
pub const WAITING: Picture = picture(
    "waiting",
    n("Màn hình chờ với mã đối chiếu và thời gian còn lại"),
);

/// All of them, in the order in which one needs them.
pub const TOPICS: [Topic; 6] = [
    Topic {
        address: "dang-nhap",
        shape: Shape::People,
        title: n("Đăng nhập"),
        summary: n("Tài khoản của bạn giữ thông tin cá nhân, mẫu chữ ký và các hồ sơ đã nộp."),
        steps: &[
            Step {
                title: n("Mở trang đăng nhập"),
                sentences: &[
                    n("Bấm “Đăng nhập” ở góc trên bên phải."),
                    n("Tên đăng nhập của công dân là số CCCD hoặc CMND."),
                ],
                picture: Some(picture("sign-in", n("Trang đăng nhập"))),
            },
            Step {
                title: n("Xem và sửa thông tin cá nhân"),
                sentences: &[
                    n(
                        "Bấm vào tên của bạn, chọn “Thông tin cá nhân”. Thông tin này được điền sẵn vào hồ sơ.",
                    ),
                    n("“Đổi mật khẩu” cũng ở đây; khi đổi, các thiết bị khác được đăng xuất."),
                ],
                picture: Some(picture("account", n("Trang thông tin cá nhân"))),
            },
            Step {
                title: n("Đăng xuất trên máy dùng chung"),
                sentences: &[n(
                    "Bấm vào tên của bạn, chọn “Đăng xuất”. Bản nháp nằm trên thiết bị, vì vậy đừng soạn hồ sơ trên máy lạ nếu không cần.",
                )],
                picture: None,
            },
        ],
    },
    Topic {
        address: "mau-chu-ky",
        shape: Shape::Pen,
        title: n("Tạo mẫu chữ ký"),
        summary: n(
            "Khai một lần, dùng cho mọi lần ký: hình chữ ký, số điện thoại ký số, từ khóa và tài khoản nhà cung cấp.",
        ),
        steps: &[
            Step {
                title: n("Mở “Cập nhật chữ ký”"),
                sentences: &[n(
                    "Bấm vào tên của bạn, chọn “Cập nhật chữ ký”, rồi “+ Thêm chữ ký”.",
                )],
                picture: Some(picture("profiles", n("Danh sách mẫu chữ ký"))),
            },
            Step {
                title: n("Điền mẫu"),
                sentences: &[
                    n("Tải ảnh chữ ký viết tay nếu muốn; nền giấy được xóa ngay trên máy của bạn."),
                    n(
                        "Nhập tên chữ ký, số điện thoại đã đăng ký với nhà cung cấp và từ khóa định vị vị trí: chữ in sẵn ở chỗ cần ký, ví dụ “NGƯỜI LÀM ĐƠN”.",
                    ),
                ],
                picture: Some(picture("profile", n("Hộp thoại thêm mẫu chữ ký"))),
            },
            Step {
                title: n("Thêm tài khoản nhà cung cấp"),
                sentences: &[
                    n(
                        "Bấm “+ Thêm thông tin”, nhập số CCCD hoặc CMND đã đăng ký với nhà cung cấp và chọn nhà cung cấp.",
                    ),
                    n("Bấm “Lưu lại”. Bạn có thể có nhiều mẫu và nhiều tài khoản."),
                ],
                picture: None,
            },
        ],
    },
    Topic {
        address: "nop-ho-so",
        shape: Shape::Paper,
        title: n("Chọn thủ tục và nộp hồ sơ"),
        summary: n(
            "Bốn bước: thông tin, thành phần, phí, nộp. Mọi thứ bạn nhập được giữ trên thiết bị cho tới khi nộp.",
        ),
        steps: &[
            Step {
                title: n("Tìm thủ tục"),
                sentences: &[n(
                    "Gõ vài chữ, không cần dấu, ví dụ “khai sinh”. Hoặc chọn theo sự kiện trong đời sống.",
                )],
                picture: Some(picture("procedures", n("Danh sách thủ tục hành chính"))),
            },
            Step {
                title: n("Xem thủ tục, bấm “Nộp hồ sơ trực tuyến”"),
                sentences: &[n(
                    "Trang thủ tục cho biết cơ quan, thời hạn, phí và các giấy tờ cần có.",
                )],
                picture: Some(picture("procedure", n("Trang của một thủ tục"))),
            },
            Step {
                title: n("Điền thông tin"),
                sentences: &[n(
                    "Thông tin của bạn được điền sẵn từ tài khoản. Nếu thiếu, cổng liệt kê và dẫn tới từng ô.",
                )],
                picture: Some(picture("information", n("Bước 1: thông tin hồ sơ"))),
            },
            Step {
                title: n("Đính kèm thành phần hồ sơ"),
                sentences: &[n(
                    "Chọn tệp cho từng thành phần, rồi ký số tệp cần ký. Cổng báo rõ thành phần nào còn thiếu.",
                )],
                picture: Some(picture("components", n("Bước 2: thành phần hồ sơ"))),
            },
            Step {
                title: n("Kiểm tra lại và nộp"),
                sentences: &[
                    n(
                        "Xem phí, kiểm tra lại mọi mục, cam đoan và bấm “Nộp hồ sơ”. Bạn nhận được mã hồ sơ và biên nhận.",
                    ),
                    n("Mất mạng giữa chừng không sao: bản nháp và tệp vẫn ở trên thiết bị."),
                ],
                picture: Some(picture("review", n("Bước 4: kiểm tra lại và nộp"))),
            },
        ],
    },
    Topic {
        address: "ky-so",
        shape: Shape::Phone,
        title: n("Ký số NEAC"),
        summary: n(
            "Ký bằng chứng thư số từ xa: tài liệu ở lại trình duyệt, chỉ mã băm được gửi đi, PIN chỉ nhập trên điện thoại của bạn.",
        ),
        steps: &[
            Step {
                title: n("Mở màn hình ký"),
                sentences: &[
                    n(
                        "Ở bước “Thành phần hồ sơ”, bấm “Ký số NEAC” bên tệp, hoặc “Ký số tất cả” để ký nhiều tệp bằng một lần xác nhận.",
                    ),
                    n(
                        "Ô ký tự đặt ở từ khóa. Kéo bằng chuột, ngón tay hoặc dùng phím mũi tên để dời; Alt và mũi tên để đổi cỡ.",
                    ),
                ],
                picture: Some(picture("sign", n("Màn hình ký với ô ký đặt tại từ khóa"))),
            },
            Step {
                title: n("Chọn chứng thư"),
                sentences: &[n(
                    "Bấm “Chọn vị trí ký”, chọn mẫu chữ ký và chứng thư số, rồi “Xác nhận”.",
                )],
                picture: Some(picture(
                    "choose",
                    n("Hộp thoại chọn mẫu chữ ký và chứng thư số"),
                )),
            },
            Step {
                title: n("Xác nhận trên điện thoại"),
                sentences: &[n(
                    "Điện thoại hiện cùng mã bốn chữ số với cổng. Đúng mã và đúng số tệp thì nhập PIN; sai thì từ chối.",
                )],
                picture: Some(picture(
                    "waiting",
                    n("Màn hình chờ với mã đối chiếu và thời gian còn lại"),
                )),
            },
            Step {
                title: n("Xong"),
                sentences: &[n(
                    "Cổng kiểm tra chữ ký rồi thay tệp bằng bản đã ký, tên kết thúc bằng “_signed.pdf”.",
                )],
                picture: Some(picture("signed", n("Thông báo ký số thành công"))),
            },
        ],
    },
    Topic {
        address: "theo-doi",
        shape: Shape::Glass,
        title: n("Theo dõi, bổ sung, nhận kết quả"),
        summary: n("Biết hồ sơ đang ở đâu, trả lời khi cơ quan cần thêm giấy tờ, tải kết quả."),
        steps: &[
            Step {
                title: n("Xem hồ sơ của mình"),
                sentences: &[n(
                    "Bấm vào tên của bạn, chọn “Quản lý hồ sơ”. Mỗi hồ sơ có trạng thái, hạn trả và lịch sử.",
                )],
                picture: Some(picture("dossiers", n("Trang quản lý hồ sơ"))),
            },
            Step {
                title: n("Tra cứu không cần đăng nhập"),
                sentences: &[n(
                    "Ở “Tra cứu hồ sơ”, nhập mã hồ sơ in trên biên nhận. Trang này chỉ cho biết trạng thái, không cho biết nội dung.",
                )],
                picture: Some(picture("track", n("Trang tra cứu hồ sơ"))),
            },
            Step {
                title: n("Bổ sung khi được yêu cầu"),
                sentences: &[n(
                    "Hồ sơ cần bổ sung được đánh dấu. Mở hồ sơ, đọc yêu cầu, đính kèm đúng thành phần được hỏi rồi gửi.",
                )],
                picture: None,
            },
        ],
    },
    Topic {
        address: "kiem-tra",
        shape: Shape::Map,
        title: n("Kiểm tra một tệp đã ký"),
        summary: n(
            "Kiểm tra chữ ký số của bất kỳ tệp PDF nào ngay trên máy của bạn; tệp không được gửi đi đâu.",
        ),
        steps: &[
            Step {
                title: n("Mở “Kiểm tra chữ ký”"),
                sentences: &[n(
                    "Không cần đăng nhập. Trang này dùng được cả khi mất mạng, sau lần mở đầu tiên.",
                )],
                picture: Some(picture("check", n("Trang kiểm tra chữ ký"))),
            },
            Step {
                title: n("Chọn hoặc thả tệp"),
                sentences: &[
                    n(
                        "Cổng cho biết ai ký, lúc nào, nội dung có bị sửa sau khi ký không, và chứng thư số có đáng tin cậy không.",
                    ),
                    n(
                        "“Chưa kết luận được” không có nghĩa là giả: thường là thiếu mạng để hỏi tình trạng thu hồi.",
                    ),
                ],
                picture: Some(picture("checked", n("Kết quả kiểm tra một tệp đã ký"))),
            },
        ],
    },
];
