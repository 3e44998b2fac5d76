"""Where poppler draws the signature's frame: for each page, the vermilion pixels' bounding box as fractions of the page's width and height.

    python where.py FILE.pdf

Prints a JSON list, one entry a page: [left, top, right, bottom], or null where nothing vermilion is drawn.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image


def frame(picture: Image.Image) -> list[float] | None:
    """The bounding box of pixels near `#C8321E`, blended edges included."""
    red, green, blue = picture.convert("RGB").split()
    mask = Image.merge("RGB", (red.point(lambda v: 255 if v > 180 else 0), green.point(lambda v: 255 if v < 150 else 0), blue.point(lambda v: 255 if v < 150 else 0)))
    alike = Image.eval(mask.convert("L"), lambda v: 255 if v > 250 else 0)
    box = alike.getbbox()
    if box is None:
        return None
    width, height = picture.size
    return [box[0] / width, box[1] / height, box[2] / width, box[3] / height]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-cropbox", "-r", "144", "-png", sys.argv[1], f"{folder}/page"], check=True)
        found = []
        for file in sorted(Path(folder).glob("page*.png")):
            with Image.open(file) as picture:
                found.append(frame(picture))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
