"""The documents of `cargo xtask bench sign`, and pyHanko's times for them.

    sign.py make FOLDER      makes 6kb, 1mb, 20mb and objects60k
    sign.py measure FOLDER   writes pyhanko.json; needs material.json and signed/ of the example `measure`
"""

import base64
import io
import json
import random
import statistics
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import pikepdf
from reportlab.pdfgen.canvas import Canvas


def page(target: Path) -> None:
    canvas = Canvas(str(target), pagesize=(595, 842), pageCompression=0)
    for line in range(40):
        canvas.drawString(60, 780 - 18 * line, f"Dong {line + 1}: to khai nay la vi du, khong co gia tri that, chi de do toc do ky so. ")
    canvas.save()


def weighted(target: Path, source: Path, size: int) -> None:
    """The page and a stream that cannot be compressed."""
    with pikepdf.open(source) as pdf:
        noise = random.Random(size).randbytes(size - source.stat().st_size)
        pdf.Root.PieceInfo = pikepdf.Dictionary(Bench=pikepdf.Dictionary(Private=pdf.make_stream(noise)))
        pdf.save(target, compress_streams=False)


def crowded(target: Path, source: Path, count: int) -> None:
    """The page and a list of small objects that can all be reached."""
    with pikepdf.open(source) as pdf:
        pdf.Root.PieceInfo = pikepdf.Dictionary(
            Bench=pikepdf.Dictionary(Private=pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(Number=n)) for n in range(count)]))
        )
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    small = folder / "6kb.pdf"
    page(small)
    weighted(folder / "1mb.pdf", small, 1 << 20)
    weighted(folder / "20mb.pdf", small, 20 << 20)
    crowded(folder / "objects60k.pdf", small, 60_000)


def median(turns: int, work) -> float:
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure(folder: Path) -> None:
    from asn1crypto import keys, pem, x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import fields, signers
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    material = json.loads((folder / "material.json").read_text())
    der = lambda text: base64.b64decode(text)
    certificate = lambda text: x509.Certificate.load(der(text))
    store = SimpleCertificateStore()
    store.register_multiple([certificate(item) for item in material["chain"]])
    signer = signers.SimpleSigner(
        signing_cert=certificate(material["certificate"]),
        signing_key=keys.PrivateKeyInfo.load(der(material["key"])),
        cert_registry=store,
    )
    moment = datetime.fromtimestamp(material["now"] / 1000, timezone.utc)
    root = certificate(material["root"])

    def context() -> ValidationContext:
        return ValidationContext(trust_roots=[root], moment=moment, allow_fetching=False, other_certs=[certificate(item) for item in material["chain"]])

    def sign(data: bytes) -> None:
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        box = fields.SigFieldSpec("Signature1", on_page=0, box=(30, 700, 230, 780))
        how = signers.PdfSignatureMetadata(field_name="Signature1", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
        signers.PdfSigner(how, signer=signer, new_field_spec=box).sign_pdf(writer, output=io.BytesIO())

    def validate(data: bytes, count: int) -> None:
        embedded = PdfFileReader(io.BytesIO(data)).embedded_signatures
        assert len(embedded) == count
        for one in embedded:
            status = validate_pdf_signature(one, signer_validation_context=context())
            assert status.bottom_line, status.pretty_print_details()

    rows = []
    for native in json.loads((folder / "native-before.json").read_text()):
        name = native["name"]
        turns = 15 if native["bytes"] < 100_000 else 5 if native["bytes"] < 3_000_000 else 3
        plain = (folder / f"{name}.pdf").read_bytes()
        once = (folder / "signed" / f"{name}.once.pdf").read_bytes()
        twice = (folder / "signed" / f"{name}.twice.pdf").read_bytes()
        row = {
            "name": name,
            "turns": turns,
            "sign": median(turns, lambda: sign(plain)),
            "validate": median(turns, lambda: validate(once, 1)),
            "validate_two": median(1 if name == "objects60k" else turns, lambda: validate(twice, 2)),
        }
        print(" ", json.dumps(row), flush=True)
        rows.append(row)
    import pyhanko.version

    (folder / "pyhanko.json").write_text(json.dumps({"version": pyhanko.version.__version__, "rows": rows}, indent=1))


if __name__ == "__main__":
    action, where = sys.argv[1:3]
    {"make": make, "measure": measure}[action](Path(where))
