"""`manage.py build_ca_bundle` adds only a valid root, shows its fingerprint, and the bundle is trusted."""

import ssl
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.certificates import Authority


def build(*arguments: str) -> tuple[str, str]:
    stdout, stderr = StringIO(), StringIO()
    call_command("build_ca_bundle", *arguments, stdout=stdout, stderr=stderr)
    return stdout.getvalue(), stderr.getvalue()


@pytest.mark.once
@pytest.mark.parametrize("form", ["pem", "der"])
def test_a_bundle_holds_the_usual_authorities_and_the_root(tmp_path: Path, form: str) -> None:
    authority = Authority(tmp_path)
    root, bundle = tmp_path / "root.crt", tmp_path / "vk-ca.pem"
    root.write_bytes(authority.pem() if form == "pem" else authority.der())
    _stdout, said = build(str(root), "--output", str(bundle))
    assert authority.fingerprint() in said.replace(":", "")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(bundle)
    names = {str(certificate["subject"]) for certificate in context.get_ca_certs()}
    assert any("Root of the test" in name for name in names)
    assert len(names) > 50
    printed, _said = build(str(root))
    assert printed.strip() == bundle.read_text().strip()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda folder: b"<html>not found</html>", "no certificate"),
        (lambda folder: Authority(folder, days=-1).pem(), "valid only until"),
        (lambda folder: Authority(folder, is_ca=False).pem(), "not of an authority"),
    ],
)
def test_what_is_no_valid_root_is_refused_and_nothing_is_written(
    tmp_path: Path, content: object, reason: str
) -> None:
    root, bundle = tmp_path / "root.crt", tmp_path / "vk-ca.pem"
    assert callable(content)
    root.write_bytes(content(tmp_path))
    with pytest.raises(CommandError, match=reason):
        build(str(root), "--output", str(bundle))
    assert not bundle.exists()


def test_a_servers_own_certificate_is_no_root(tmp_path: Path) -> None:
    Authority(tmp_path).server_context()
    with pytest.raises(CommandError, match="not signed by itself"):
        build(str(tmp_path / "server.pem"))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"gone\.crt"):
        build(str(tmp_path / "gone.crt"))
