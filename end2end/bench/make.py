"""Makes the long documents of the bench in `made/`: 100 and 500 pages of an invented ordinance, with tables, a drawing and a picture."""

import random
from pathlib import Path

import typst
from PIL import Image, ImageDraw

MADE = Path(__file__).parent / "made"
WORDS = (
    "công dân hồ sơ thủ tục hành chính cơ quan tiếp nhận giải quyết thẩm quyền quy định thời hạn giấy tờ bản sao điện tử chữ ký số chứng thư "
    "đăng ký khai sinh kết hôn cư trú đất đai xây dựng kinh doanh bảo hiểm xã hội ủy ban nhân dân xã phường tỉnh thành phố trực thuộc trung ương"
).split()


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.randint(9, 22))]
    return " ".join(words).capitalize() + "."


def page(number: int, chance: random.Random) -> str:
    parts = [f"== Điều {number}. {sentence(chance)}"]
    parts += ["#par[" + " ".join(sentence(chance) for _ in range(4)) + "]" for _ in range(7)]
    if number % 3 == 0:
        cells = ", ".join(f"[{n + 1}], [{sentence(chance)}], [{chance.randint(1, 900)}.000 đ]" for n in range(8))
        parts.append(f"#table(columns: (auto, 1fr, auto), stroke: 0.5pt + gray, [*STT*], [*Nội dung*], [*Lệ phí*], {cells})")
    elif number % 3 == 1:
        bars = " ".join(
            f"#place(dx: {n * 18}pt, dy: {120 - height}pt, rect(width: 12pt, height: {height}pt, fill: gradient.linear(blue, teal), radius: 2pt))"
            for n, height in enumerate(chance.randint(10, 118) for _ in range(22))
        )
        parts.append(f"#block(height: 130pt)[{bars}]")
    else:
        parts.append('#image("seal.png", width: 60%)')
    if number % 10 == 0:
        parts.append("#align(right)[*NGƯỜI LÀM ĐƠN* \\ (Ký, ghi rõ họ tên)]")
    return "\n\n".join(parts)


def picture(file: Path) -> None:
    image = Image.new("RGB", (900, 500), "white")
    draw = ImageDraw.Draw(image)
    chance = random.Random(7)
    for _ in range(300):
        x, y = chance.randint(0, 900), chance.randint(0, 500)
        draw.ellipse((x, y, x + 40, y + 40), outline=tuple(chance.randint(0, 220) for _ in range(3)), width=3)
    image.save(file)


def document(pages: int, target: Path) -> None:
    chance = random.Random(pages)
    body = "\n#pagebreak()\n".join(page(number, chance) for number in range(1, pages + 1))
    head = (
        '#set page(paper: "a4", margin: 2cm, numbering: "1")\n#set text(font: ("Liberation Serif", "Libertinus Serif"), size: 11pt, lang: "vi")\n'
        "#set par(justify: true)\n#set table(inset: 4pt)\n"
    )
    source = MADE / f"{target.stem}.typ"
    source.write_text(head + body, encoding="utf-8")
    typst.compile(str(source), output=str(target))


if __name__ == "__main__":
    MADE.mkdir(exist_ok=True)
    if not (MADE / "seal.png").exists():
        picture(MADE / "seal.png")
    for pages in (100, 500):
        target = MADE / f"pages{pages}.pdf"
        if not target.exists():
            document(pages, target)
            print(f"made {target.name}: {target.stat().st_size} bytes")
