import hashlib
import hmac
import os
import random
import secrets
import uuid

import bcrypt
from Crypto.Cipher import AES, DES
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import request

ZERO = b"\x00" * 16


def digests(data):
    # ruleid: py-weak-hash-digest
    hashlib.md5(data).hexdigest()
    # ruleid: py-weak-hash-digest
    hashlib.new("sha1", data)
    # ruleid: py-weak-hash-digest
    hashes.Hash(hashes.MD5())
    # ok: py-weak-hash-digest
    hashlib.sha256(data)
    # ok: py-weak-hash-digest
    hashlib.md5(data, usedforsecurity=False)
    # ok: py-weak-hash-digest
    hmac.new(b"", data, hashlib.sha1)
    # ok: py-weak-hash-digest
    hashlib.new("sha512", data)


def passwords(password, user, salt):
    # ruleid: py-weak-hash-password
    hashlib.sha256(password.encode()).hexdigest()
    salted = salt + user.password.encode()
    # ruleid: py-weak-hash-password
    hashlib.sha512(salted).hexdigest()
    # ruleid: py-weak-hash-password, py-weak-hash-digest
    hashlib.md5(request.form["password"].encode()).hexdigest()
    running = hashlib.sha256()
    # ruleid: py-weak-hash-password
    running.update(password.encode())
    # ok: py-weak-hash-password
    hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
    # ok: py-weak-hash-password
    bcrypt.hashpw(password.encode(), bcrypt.gensalt())
    # ok: py-weak-hash-password
    hashlib.sha256(user.name.encode())
    derived = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)
    # ok: py-weak-hash-password
    hashlib.sha256(derived)


def ciphers(key, data, iv, nonce):
    # ruleid: py-weak-cipher-algorithm
    DES.new(key, DES.MODE_CBC, iv)
    # ruleid: py-weak-cipher-algorithm
    AES.new(key, AES.MODE_ECB)
    # ruleid: py-weak-cipher-algorithm
    Cipher(algorithms.AES(key), modes.ECB())
    # ruleid: py-weak-cipher-algorithm
    Cipher(algorithms.TripleDES(key), modes.CBC(iv))
    # ok: py-weak-cipher-algorithm
    AES.new(key, AES.MODE_GCM, nonce=nonce)
    # ok: py-weak-cipher-algorithm
    Cipher(algorithms.AES(key), modes.GCM(nonce))
    # ok: py-weak-cipher-algorithm
    AESGCM(key).encrypt(nonce, data, None)


def nonces(key, data):
    # ruleid: py-nonce-reuse-constant
    AES.new(key, AES.MODE_CBC, b"0123456789abcdef")
    # ruleid: py-nonce-reuse-constant
    AES.new(key, AES.MODE_CBC, iv=ZERO)
    # ruleid: py-nonce-reuse-constant
    Cipher(algorithms.AES(key), modes.CTR(b"\0" * 16))
    box = AESGCM(key)
    # ruleid: py-nonce-reuse-constant
    box.encrypt(b"abcdefabcdef", data, None)
    fresh = os.urandom(16)
    # ok: py-nonce-reuse-constant
    AES.new(key, AES.MODE_CBC, fresh)
    # ok: py-nonce-reuse-constant
    Cipher(algorithms.AES(key), modes.CTR(os.urandom(16)))
    # ok: py-nonce-reuse-constant
    box.encrypt(os.urandom(12), data, None)
    # ok: py-nonce-reuse-constant
    AES.new(key, AES.MODE_CBC, data[:16])


def keys(bits):
    # ruleid: py-weak-key-size
    rsa.generate_private_key(public_exponent=65537, key_size=1024)
    # ruleid: py-weak-key-size
    rsa.generate_private_key(65537, 1024)
    # ruleid: py-weak-key-size
    RSA.generate(1024)
    # ruleid: py-weak-key-size
    ec.generate_private_key(ec.SECP192R1())
    # ok: py-weak-key-size
    rsa.generate_private_key(public_exponent=65537, key_size=3072)
    # ok: py-weak-key-size
    RSA.generate(bits)
    # ok: py-weak-key-size
    ec.generate_private_key(ec.SECP256R1())


def drawn(user, alphabet, page_token):
    # ruleid: py-weak-random-secret
    token = "".join(random.choice(alphabet) for _ in range(32))
    # ruleid: py-weak-random-secret
    user.reset_token = str(random.getrandbits(128))
    # ruleid: py-weak-random-secret
    create(password=random.sample(alphabet, 8))
    # ok: py-weak-random-secret
    safe_token = secrets.token_urlsafe(32)
    # ok: py-weak-random-secret
    delay = random.uniform(0, 2)
    # ok: py-weak-random-secret
    color = random.choice(["red", "blue"])
    # ok: py-weak-random-secret
    other_token = "".join(secrets.choice(alphabet) for _ in range(32))
    return token, safe_token, delay, color, other_token


def make_otp():
    # ruleid: py-weak-random-secret
    return random.randint(100000, 999999)


def ids(user, session):
    # ruleid: py-weak-random-secret-uuid1
    session_id = uuid.uuid1()
    # ruleid: py-weak-random-secret-uuid1
    user.api_key = uuid.uuid1().hex
    # ruleid: py-weak-random-secret-uuid1
    session["csrf_token"] = str(uuid.uuid1())
    # ok: py-weak-random-secret-uuid1
    user.row_id = uuid.uuid1()
    # ok: py-weak-random-secret-uuid1
    session["csrf_token"] = str(uuid.uuid4())
    # ok: py-weak-random-secret-uuid1
    request_name = str(uuid.uuid1())
    return session_id, request_name


def compare(key, data, given, user, stored):
    expected = hmac.new(key, data, hashlib.sha256).hexdigest()
    # ruleid: py-timing-compare
    if expected == given:
        return 1
    # ruleid: py-timing-compare
    if request.headers["X-Signature"] != hmac.new(key, data, "sha256").hexdigest():
        return 2
    # ruleid: py-timing-compare
    if user.api_key == request.headers.get("X-Api-Key"):
        return 3
    # ok: py-timing-compare
    if hmac.compare_digest(expected, given):
        return 4
    # ok: py-timing-compare
    if user.api_key == "":
        return 5
    # ok: py-timing-compare
    if user.api_key is None or user.token_type == given:
        return 6
    # ok: py-timing-compare
    if len(user.api_key) == len(stored):
        return 7
    return 0


def stretched(password):
    # ruleid: py-weak-hash-constant-salt
    return hashlib.pbkdf2_hmac("sha256", password, b"pepper", 600_000)


def stretched_by_name(password):
    # ruleid: py-weak-hash-constant-salt
    return hashlib.scrypt(password, salt=b"0123456789abcdef", n=2**14, r=8, p=1)


def stretched_text(password):
    # ruleid: py-weak-hash-constant-salt
    return hashlib.pbkdf2_hmac("sha512", password, "fixed".encode(), 600_000)


def stretched_well(password):
    # ok: py-weak-hash-constant-salt
    return hashlib.pbkdf2_hmac("sha256", password, os.urandom(16), 600_000)


def stretched_again(password, stored):
    # ok: py-weak-hash-constant-salt
    return hashlib.scrypt(password, salt=stored.salt, n=2**14, r=8, p=1)


def not_a_password(data):
    # ok: py-weak-hash-constant-salt
    return hashlib.sha256(data)


def verified(message, sig):
    expected_sig = sign(message)
    # ruleid: py-timing-compare
    return sig == expected_sig


def verified_in_constant_time(message, sig):
    expected_sig = sign(message)
    # ok: py-timing-compare
    return expected_sig is not None and hmac.compare_digest(sig, expected_sig)


def ticket_code(letters):
    # ruleid: py-weak-random-fixed-seed
    random.seed(1234)
    return [letters[i] for i in range(3)]


def ticket_generator(user_id):
    # ruleid: py-weak-random-fixed-seed
    first = random.Random("tickets")
    # ruleid: py-weak-random-fixed-seed
    second = random.Random(user_id)
    # ok: py-weak-random-fixed-seed
    third = random.Random()
    return first, second, third


def ticket_from_system(data):
    # ok: py-weak-random-fixed-seed
    random.seed()
    # ok: py-weak-random-fixed-seed
    generator = random.SystemRandom()
    # ok: py-weak-random-fixed-seed
    random.seed(os.urandom(16))
    return generator


def verify_ticket_token(token, stored_token):
    # ruleid: py-timing-compare
    return token == stored_token


def check_door_code(code, expected):
    # ruleid: py-timing-compare
    if code != expected:
        raise PermissionError(code)


def check_key_count(key, expected_count):
    # ok: py-timing-compare
    return len(key) == expected_count


def check_ticket_token(token, stored_token):
    # ok: py-timing-compare
    return token is not None and hmac.compare_digest(token, stored_token)


def door(form, user):
    # ruleid: py-timing-compare
    if form.get("password") == user.password:
        return True
    # ok: py-timing-compare
    return form["confirm_password"] == user.password
