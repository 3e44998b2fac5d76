"""Outside judges on one signed PDF: pyHanko, poppler's pdfsig and qpdf; and `shared/tools/verify_signed.py` where it stands beside the project.

    python judge.py SIGNED.pdf ROOT.pem [MORE_ROOTS.pem ...]

Prints one line a judge; exit status 0 only when all of them accept every signature of the file.
"""

import io
import logging
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
SHARED = Path(os.environ.get("SHARED", Path(__file__).resolve().parents[3] / "shared"))


def by_pyhanko(file: Path, roots: list[str]) -> list[str]:
    wrong = []
    trust = [certificate for root in roots for certificate in load_certs_from_pemder([root])]
    reader = PdfFileReader(io.BytesIO(file.read_bytes()))
    signatures = list(reader.embedded_regular_signatures)
    if not signatures:
        return ["there is no signature"]
    for position, signature in enumerate(signatures):
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=trust, allow_fetching=False, revocation_mode="soft-fail"))
        last = position == len(signatures) - 1
        # After the last signature nothing but validation data may come (PAdES B-LT).
        proof_only = status.modification_level is not None and status.modification_level <= ModificationLevel.LTA_UPDATES
        expected = SignatureCoverageLevel.ENTIRE_FILE if last and not proof_only else SignatureCoverageLevel.ENTIRE_REVISION
        checks = {
            "intact": status.intact,
            "valid": status.valid,
            "trusted": status.trusted,
            "covered": status.coverage >= expected,
            "unmodified": status.modification_level is not None and status.modification_level < ModificationLevel.OTHER,
            "docmdp": status.docmdp_ok is not False,
        }
        wrong += [f"{signature.field_name}: not {name}" for name, good in checks.items() if not good]
    return wrong


def by_pdfsig(file: Path, roots: list[str]) -> list[str]:
    """pdfsig on the signature; NSS on the chain without it, because pdfsig asks the responder that a certificate names, which only the portal reaches."""
    told = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True).stdout
    verdicts = re.findall(r"Signature Validation: (.*)", told)
    wrong = [verdict for verdict in verdicts if verdict != "Signature is Valid."]
    for signature in PdfFileReader(io.BytesIO(file.read_bytes())).embedded_regular_signatures:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"], check=True, capture_output=True)
            names = []
            for number, certificate in enumerate([signature.signer_cert, *signature.other_embedded_certs]):
                names.append(f"{folder}/{number}.der")
                Path(names[-1]).write_bytes(certificate.dump())
            trusted = []
            for number, root in enumerate(roots):
                trusted += ["-t", f"{folder}/root{number}.der"]
                subprocess.run(["openssl", "x509", "-in", root, "-outform", "DER", "-out", trusted[-1]], check=True, capture_output=True)
            chain = subprocess.run(["vfychain", "-d", f"sql:{folder}", "-pp", "-u", "4", *names, *trusted], capture_output=True, text=True)
            if "Chain is good!" not in chain.stdout + chain.stderr:
                wrong.append(f"NSS on {signature.field_name}: {(chain.stdout + chain.stderr)[:300]}")
    return wrong or ([] if verdicts else ["pdfsig found no signature"])


def by_qpdf(file: Path) -> list[str]:
    told = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
    return [] if told.returncode == 0 else [(told.stdout + told.stderr)[-300:]]


def by_shared(file: Path, roots: list[str]) -> list[str] | None:
    script = SHARED / "tools" / "verify_signed.py"
    if not script.is_file():
        return None
    told = subprocess.run([sys.executable, str(script), str(file), *roots, "--expect-profile", "B-B", "--compact"], capture_output=True, text=True)
    return [] if told.returncode == 0 else [told.stdout[-1500:] + told.stderr[-500:]]


def main() -> int:
    file, roots = Path(sys.argv[1]), sys.argv[2:]
    verdicts = {
        "pyHanko": by_pyhanko(file, roots),
        "pdfsig": by_pdfsig(file, roots),
        "qpdf": by_qpdf(file),
        "verify_signed.py": by_shared(file, roots),
    }
    for judge, wrong in verdicts.items():
        said = "absent (shared/tools is not beside the project)" if wrong is None else "accepts" if not wrong else "; ".join(wrong)
        print(f"{judge}: {said}")
    return 0 if not any(verdicts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
