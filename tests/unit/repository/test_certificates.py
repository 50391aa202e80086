"""No code switches the check of certificates off, and no certificate is committed."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("accounts", "bench", "catalog", "connections", "evosync", "sandbox", "syncing", "tests", ".ci")
OFF = re.compile(
    r"verify\s*=\s*(False|0\b)|CERT_NONE|_create_unverified_context|check_hostname\s*=\s*False"
    r"|disable_warnings|assert_hostname\s*=\s*False|curl\b.*\s(-k|--insecure)\b"
)


def test_no_code_switches_the_check_of_certificates_off() -> None:
    files = [
        path for part in PARTS for path in ROOT.glob(f"{part}/**/*") if path.suffix in {".py", "", ".sh"}
    ]
    texts = {path: path.read_text(errors="replace") for path in files if path.is_file()}
    assert len(texts) > 300
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in texts.items()
        if path != Path(__file__).resolve()
        for match in OFF.finditer(text)
    ]
    assert found == []


def test_no_certificate_is_committed() -> None:
    found = [
        path
        for pattern in ("*.crt", "*.cer", "*.pem", "*.der")
        for part in (*PARTS, "docs", "static", "requirements")
        for path in ROOT.glob(f"{part}/**/{pattern}")
    ]
    assert found == []
