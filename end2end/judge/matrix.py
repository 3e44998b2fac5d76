"""Every level with every algorithm in every way a file is kept, before outside judges: `shared/tools/verify_signed.py --expect-profile`, qpdf and
pdfsig (where it knows the algorithm).

    python matrix.py [FOLDER]      writes the files with `cargo run -p signature@0.1.0 --example matrix` first

Prints a table; exit status 0 only when every judge accepts every file.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import judge

ROOT = Path(__file__).resolve().parents[2]
PASSWORDS = {"encrypted": "chu"}


def verdict(file: Path, root: Path) -> list[str]:
    _, level, kind = file.stem.split("_")
    script = judge.SHARED / "tools" / "verify_signed.py"
    command = [sys.executable, str(script), str(file), str(root), "--expect-profile", level, "--compact"]
    if kind in PASSWORDS:
        command += ["--password", PASSWORDS[kind]]
    ran = subprocess.run(command, capture_output=True, text=True)
    wrong = [] if ran.returncode == 0 else [(ran.stdout or ran.stderr)[-1500:]]
    checked = ["qpdf", "--check", *([f"--password={PASSWORDS[kind]}"] if kind in PASSWORDS else []), str(file)]
    clean = subprocess.run(checked, capture_output=True, text=True)
    if clean.returncode != 0:
        wrong.append(f"qpdf: {(clean.stdout + clean.stderr)[-300:]}")
    seen = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True).stdout
    if "Signature is Valid." not in seen:
        wrong.append(f"pdfsig: {seen[-300:]}")
    return wrong


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="matrix-"))
    if not list(folder.glob("*.pdf")):
        subprocess.run(["cargo", "run", "--quiet", "-p", "signature@0.1.0", "--example", "matrix", "--", str(folder)], check=True, cwd=ROOT)
    files = sorted(folder.glob("*.pdf"))
    bad = 0
    for file in files:
        wrong = verdict(file, folder / "root.pem")
        bad += bool(wrong)
        print(f"{'FAIL' if wrong else 'ok  '} {file.stem}", *wrong, sep="\n     " if wrong else " ", flush=True)
    print(f"{len(files) - bad} of {len(files)} accepted by all; files in {folder}")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
