"""The keys of a real server: taken out of a snapshot of its storage, as who has the unseal key and the storage can."""
import base64
import ctypes
import ctypes.util
import io
import json
import tarfile

CRYPTO = ctypes.CDLL(ctypes.util.find_library("crypto"))
CRYPTO.EVP_CIPHER_CTX_new.restype = CRYPTO.EVP_aes_256_gcm.restype = ctypes.c_void_p
GET_TAG, SET_TAG = 0x10, 0x11
ENVELOPE = 5  # bytes before what is sealed: the key's term and the version


def open_gcm(key, sealed, path=b""):
    """AES-256-GCM: nonce, ciphertext, tag."""
    nonce, text, tag = sealed[:12], sealed[12:-16], sealed[-16:]
    context, size = ctypes.c_void_p(CRYPTO.EVP_CIPHER_CTX_new()), ctypes.c_int()
    out = ctypes.create_string_buffer(len(text) + 16)
    done = CRYPTO.EVP_DecryptInit_ex(context, ctypes.c_void_p(CRYPTO.EVP_aes_256_gcm()), None, key, nonce) == 1
    if path:
        done = done and CRYPTO.EVP_DecryptUpdate(context, None, ctypes.byref(size), path, len(path)) == 1
    done = (done and CRYPTO.EVP_DecryptUpdate(context, out, ctypes.byref(size), text, len(text)) == 1
            and CRYPTO.EVP_CIPHER_CTX_ctrl(context, SET_TAG, 16, ctypes.create_string_buffer(tag, 16)) == 1
            and CRYPTO.EVP_DecryptFinal_ex(context, out, ctypes.byref(size)) == 1)
    CRYPTO.EVP_CIPHER_CTX_free(context)
    assert done, "the key does not open it"
    return out.raw[:len(text)]


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
        if byte < 128:
            return value, at


def fields(message):
    """Of a protobuf message: {number: value}."""
    found, at = {}, 0
    while at < len(message):
        tag, at = varint(message, at)
        size, at = varint(message, at)
        if tag & 7 == 2:
            found[tag >> 3], at = message[at:at + size], at + size
        else:
            found[tag >> 3] = size
    return found


def storage(snapshot):
    """What a snapshot of Raft's storage holds: {path: sealed value}."""
    with tarfile.open(fileobj=io.BytesIO(snapshot)) as archive:
        state = archive.extractfile("state.bin").read()
    found, at = {}, 0
    while at < len(state):
        size, at = varint(state, at)
        entry, at = fields(state[at:at + size]), at + size
        found[entry[1].decode()] = entry.get(2, b"")
    return found


def barrier_keys(snapshot, unseal_key):
    """The keys that seal batch tokens, by their terms; `unseal_key` is the only share."""
    entries = storage(snapshot)
    kept = open_gcm(base64.b64decode(unseal_key), fields(entries["core/hsm/barrier-unseal-keys"])[1])
    root = base64.b64decode(json.loads(kept)[0])
    keyring = json.loads(open_gcm(root, entries["core/keyring"][ENVELOPE:], b"core/keyring"))
    return {key["Term"]: base64.b64decode(key["Value"]) for key in keyring["Keys"]}
