"""A certificate authority of the test's own, and servers' certificates under it."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


class Authority:
    """A root that nobody trusts until its certificate is put into a bundle. Its files are in `folder`."""

    def __init__(self, folder: Path, *, days: int = 30, is_ca: bool = True) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(_name("Root of the test"))
            .issuer_name(_name("Root of the test"))
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 60 * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(_signs_certificates(), critical=True)
            .add_extension(self._own_identifier(), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _own_identifier(self) -> x509.SubjectKeyIdentifier:
        return x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())

    def pem(self) -> bytes:
        """Return the root's certificate."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def der(self) -> bytes:
        """Return the root's certificate as it is often given out."""
        return self._certificate.public_bytes(serialization.Encoding.DER)

    def fingerprint(self) -> str:
        """Return the root's SHA-256 fingerprint in capital hex."""
        return self._certificate.fingerprint(hashes.SHA256()).hex().upper()

    def bundle(self) -> str:
        """Write the root behind the usual authorities; return the path."""
        path = self._folder / "bundle.pem"
        path.write_bytes(Path(certifi.where()).read_bytes() + self.pem())
        return str(path)

    def server_context(self) -> ssl.SSLContext:
        """Return what a server on 127.0.0.1 needs to show a certificate under this root."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name("127.0.0.1"))
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                critical=False,
            )
            # Python 3.13 and newer refuse a certificate that does not say whose key has signed it.
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._own_identifier()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / "server.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context
