import hmac
import json
import pickle

import joblib
import torch
import yaml
from flask import request


def direct():
    # ruleid: py-deserialization-request, py-deserialization-pickle
    return pickle.loads(request.get_data())


def through_variable():
    import base64

    cookie = request.cookies["state"]
    raw = base64.b64decode(cookie)
    # ruleid: py-deserialization-request, py-deserialization-pickle
    return pickle.loads(raw)


def as_yaml():
    # ruleid: py-deserialization-request, py-deserialization-yaml-loader
    return yaml.load(request.data, Loader=yaml.Loader)


def as_json():
    # ok: py-deserialization-request
    return json.loads(request.data)


def as_safe_yaml():
    # ok: py-deserialization-request, py-deserialization-yaml-loader
    return yaml.load(request.data, Loader=yaml.SafeLoader)


def signed(key):
    data = request.get_data()
    if not hmac.compare_digest(sign(key, data), request.headers["X-Sign"]):
        return None
    # ok: py-deserialization-request, py-deserialization-pickle
    return pickle.loads(data)


def documents(stream, loader):
    # ruleid: py-deserialization-yaml-loader
    yaml.load(stream)
    # ruleid: py-deserialization-yaml-loader
    yaml.load(stream, yaml.UnsafeLoader)
    # ruleid: py-deserialization-yaml-loader
    yaml.unsafe_load(stream)
    # ok: py-deserialization-yaml-loader
    yaml.safe_load(stream)
    # ok: py-deserialization-yaml-loader
    yaml.load(stream, Loader=loader)
    # ok: py-deserialization-yaml-loader
    yaml.load(stream, yaml.CSafeLoader)


def pickles(path, numpy_path):
    import numpy

    with open(path, "rb") as file:
        # ruleid: py-deserialization-pickle
        first = pickle.load(file)
    # ruleid: py-deserialization-pickle
    second = pickle.Unpickler(open(path, "rb")).load()
    # ruleid: py-deserialization-pickle
    third = numpy.load(numpy_path, allow_pickle=True)
    # ok: py-deserialization-pickle
    fourth = numpy.load(numpy_path)
    # ok: py-deserialization-pickle
    fifth = pickle.loads(pickle.dumps(first))
    # ok: py-deserialization-pickle
    sixth = pickle.dumps(second)
    return third, fourth, fifth, sixth


def models(path, options):
    # ruleid: py-deserialization-model-file
    torch.load(path)
    # ruleid: py-deserialization-model-file
    torch.load(path, map_location="cpu", weights_only=False)
    # ruleid: py-deserialization-model-file
    joblib.load(path)
    # ruleid: py-deserialization-model-file
    Model.from_pretrained("owner/name", trust_remote_code=True)
    # ok: py-deserialization-model-file
    torch.load(path, weights_only=True)
    # ok: py-deserialization-model-file
    torch.load(path, **options)
    # ok: py-deserialization-model-file
    Model.from_pretrained("owner/name")
