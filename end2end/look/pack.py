"""Makes PNG pictures small: as many colours as a screen of this portal needs, no more. `pack.py FOLDER…`; says what they weigh."""

import sys
from pathlib import Path

from PIL import Image

LIMIT = 40_000
"""Bytes a picture may weigh."""

total = 0
for folder in map(Path, sys.argv[1:]):
    for file in sorted(folder.glob("*.png")):
        picture = Image.open(file)
        if picture.mode != "P":
            whole = picture.convert("RGB")
            for colours in (128, 64, 32, 16):
                whole.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
                if file.stat().st_size <= LIMIT:
                    break
        size = file.stat().st_size
        total += size
        if size > LIMIT:
            print(f"{file.name} weighs {size // 1000} KB")
print(f"{total // 1000} KB")
