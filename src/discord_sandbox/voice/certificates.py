"""A private certificate authority for the voice gateway.

Discord's voice gateway is always TLS, and clients have no switch for it. So the
sandbox signs its own certificate; a client trusts it through `SSL_CERT_FILE`. The
authority is limited to loopback names, so that trusting it opens nothing else.
"""

import datetime as dt
import ipaddress
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_FILE = "ca.pem"
CA_KEY_FILE = "ca-key.pem"
SERVER_FILE = "voice.pem"
VALID_DAYS = 30
_LOOPBACK_NETWORKS = ("127.0.0.0/8", "::1/128")


class Authority:
    """The authority and the one server certificate it signs.

    Attributes:
        ca_file: What a client puts into `SSL_CERT_FILE`.
    """

    def __init__(self, folder: Path) -> None:
        """Make the certificates in a folder, or take over those of an earlier start.

        Taking over lets a client that trusted yesterday's sandbox go on.

        Args:
            folder: Created when missing; the keys inside are readable by the owner only.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.ca_file = folder / CA_FILE
        self._server_file = folder / SERVER_FILE
        key_file = folder / CA_KEY_FILE
        if not _still_valid(self.ca_file, key_file):
            key, certificate = _new_authority()
            _write(key_file, _key_bytes(key), private=True)
            _write(self.ca_file, certificate.public_bytes(serialization.Encoding.PEM))
        ca_key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{key_file} holds no elliptic-curve key; delete it")
        issuer = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
        server_key, server = _new_server(ca_key, issuer)
        _write(
            self._server_file,
            _key_bytes(server_key) + server.public_bytes(serialization.Encoding.PEM),
            private=True,
        )

    def server_context(self) -> ssl.SSLContext:
        """A TLS context that presents the server certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._server_file)
        return context

    def client_context(self) -> ssl.SSLContext:
        """A TLS context that trusts this authority and nothing else."""
        return ssl.create_default_context(cafile=str(self.ca_file))


def _still_valid(ca_file: Path, key_file: Path) -> bool:
    if not ca_file.exists() or not key_file.exists():
        return False
    certificate = x509.load_pem_x509_certificate(ca_file.read_bytes())
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    return certificate.not_valid_after_utc > tomorrow


def _new_authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Discord sandbox (this machine)")])
    permitted: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_network(network)) for network in _LOOPBACK_NETWORKS
    ]
    permitted.append(x509.DNSName("localhost"))
    builder = (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, builder.sign(key, hashes.SHA256())


def _new_server(
    ca_key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.IPAddress(ipaddress.ip_address("::1")),
        ]
    )
    authority_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    builder = (
        _builder(name, issuer.subject, key.public_key())
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(authority_id, critical=False)
    )
    return key, builder.sign(ca_key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=VALID_DAYS))
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
