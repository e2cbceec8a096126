import hashlib
import hmac
import secrets
import ssl


def work(key, data, context):
    # ruleid: py-area-crypto-primitive
    hmac.new(key, data, "sha256")
    # ruleid: py-area-crypto-primitive
    secrets.token_bytes(32)
    # ruleid: py-area-crypto-primitive
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # ok: py-area-crypto-primitive
    hashlib.sha256(data)
    # ok: py-area-crypto-primitive
    context.name = "x"
    # ok: py-area-crypto-primitive
    cache.key(data)
