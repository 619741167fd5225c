#!/usr/bin/env python3
"""Check a clinic's record without asking SonderVoice: Python 3.9 or newer, no packages.

    check_record.py KEY line.json         one line and the proof that it was sealed
    check_record.py KEY record.jsonl      a whole record, checkpoint on its last line
    check_record.py KEY old.txt new.json  that the record of then begins that of now
    check_record.py KEY certificate.json  a certificate of what was erased

KEY is the public key as the page "Proof" shows it. Ask for it once, and keep it. Where
it was replaced since, give both, with a comma between.
"""

import base64
import hashlib
import json
import sys

# --- Ed25519 (RFC 8032, section 5.1.7). All of it is public, so time may tell anything.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(one, other):
    """Return the sum of two points in extended coordinates."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = 2 * t1 * t2 * D % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    """Return the point added to itself so many times."""
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def point_of(raw):
    """Return the point that 32 bytes stand for, or None."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    """Return whether this key made the signature of the message."""
    whose, nonce = point_of(key), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or whose is None or nonce is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    x1, y1, z1, _ = times(scalar, BASE)
    x2, y2, z2, _ = add(nonce, times(challenge, whose))
    return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0


# --- The signed checkpoint (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).


class WrongError(Exception):
    """What does not fit."""


def head_of(note, key_text):
    """Return how many lines a signed checkpoint counts, and their root."""
    check_note(note, key_text, "checkpoint")
    lines = note.split("\n")
    return int(lines[1]), base64.b64decode(lines[2])


def check_note(note, key_text, what):
    """Check that one of these keys signed the text of a note; return its name."""
    text, _, signatures = note.rpartition("\n\n")
    for one in key_text.split(","):
        name, key_id, key = one.strip().split("+", 2)
        key = base64.b64decode(key)[1:]
        for line in signatures.splitlines():
            signer, _, blob = line[2:].partition(" ")
            signed = base64.b64decode(blob)
            if signer == name and signed[:4].hex() == key_id:
                if is_signed(key, (text + "\n").encode(), signed[4:]):
                    return name
                break
    raise WrongError(f"the {what} is not signed by this key")


# --- The tree (RFC 9162, section 2.1).


def leaf_of(row):
    """Return the leaf of a line's text."""
    return hashlib.sha256(b"\x00" + row.encode()).digest()


# So begins what stands for a line that is gone; no line of a record does.
GONE = '{"leaf":'


def leaf_in(line):
    """Return the leaf of a line of a whole record, which may be its hash alone."""
    if not line.startswith(GONE):
        return leaf_of(line)
    try:
        return base64.b64decode(json.loads(line)["leaf"])
    except (TypeError, ValueError):
        raise WrongError("a hash that stands for a line cannot be read") from None


def node_of(left, right):
    """Return the node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves):
    """Return the root over all leaves."""
    peaks = []
    for count, leaf in enumerate(leaves):
        node, rest = leaf, count
        while rest & 1:
            node, rest = node_of(peaks.pop(), node), rest >> 1
        peaks.append(node)
    root = peaks.pop()
    while peaks:
        root = node_of(peaks.pop(), root)
    return root


def sides(at, last, count):
    """Return which siblings on the way up stand left; None if not so many."""
    found = []
    for _ in range(count):
        if last == 0:
            return None
        is_left = at & 1 == 1 or at == last
        while is_left and at and not at & 1:
            at, last = at >> 1, last >> 1
        found.append(is_left)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def check_line(said, key):
    """Check that a line stands in the record where its proof says."""
    size, root = head_of(said["checkpoint"], key)
    at = said["position"]
    proof = [base64.b64decode(node) for node in said["proof"]]
    node, way = leaf_of(said["line"]), sides(at, size - 1, len(proof))
    if not 0 <= at < size or way is None:
        raise WrongError("the proof has not the length that the record asks for")
    for sibling, is_left in zip(proof, way):
        node = node_of(sibling, node) if is_left else node_of(node, sibling)
    if node != root:
        raise WrongError("the line is not the one that was sealed")
    return f"This line is number {at + 1} of {size} that were sealed, as it stands."


def check_record(lines, note, key):
    """Check that a whole record is what its checkpoint signs."""
    size, root = head_of(note, key)
    if len(lines) != size:
        raise WrongError(f"{len(lines)} lines are here, {size} were sealed")
    if root_of([leaf_in(line) for line in lines]) != root:
        raise WrongError("the lines are not those that were sealed")
    found = f"All {size} lines are as they were sealed, in their order."
    gone = [at for at, line in enumerate(lines, 1) if line.startswith(GONE)]
    if gone:
        found += (
            f"\nOf {len(gone)} of them only the hash is here: {spans_of(gone)}. What "
            "they said is gone: by its age, if it is the oldest, or by a restore, or "
            "somebody took it away. Ask which."
        )
    return found


def spans_of(numbers):
    """Return rising numbers in words, such as "1 to 5, 9"."""
    spans = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in spans)


def check_growth(old, said, key):
    """Check that the record of an older checkpoint begins the one of now."""
    (first, then), (second, now) = head_of(old, key), head_of(said["checkpoint"], key)
    path = [base64.b64decode(node) for node in said["proof"]]
    if first == second and not path and then == now:
        return f"Nothing was added: {first} lines then and now."
    if not 0 < first < second or not path:
        raise WrongError("the record of now does not have the lines of then")
    if first & (first - 1) == 0:
        path.insert(0, then)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    way = sides(at, last, len(path) - 1)
    older = newer = path[0]
    for sibling, is_left in zip(path[1:], way or []):
        if is_left:
            older, newer = node_of(sibling, older), node_of(sibling, newer)
        else:
            newer = node_of(newer, sibling)
    if way is None or (older, newer) != (then, now):
        raise WrongError("the record of then is not the beginning of this one")
    return f"The {first} lines of then begin the {second} of now, unchanged."


# --- The certificate of an erasure.


def signed_words(note, key_text):
    """Return whose a certificate's signature is, and its number, hash, and when."""
    name = check_note(note, key_text, "certificate")
    lines = note.split("\n")
    words = dict(line.split(" ", 1) for line in lines[1:4])
    return name, lines[0], words


def check_certificate(file, key):
    """Check that a certificate is the one that was signed, and agrees with itself."""
    said = file["certificate"]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    name, origin, words = signed_words(file["note"], key)
    if words["sha256"] != hashlib.sha256(text.encode()).hexdigest():
        raise WrongError("the certificate says something else than was signed")
    signed = (origin, words["certificate"], words["issued"])
    clinic = said["clinic"]["id"]
    if signed != (
        f"{name}/certificates/{clinic}",
        str(said["number"]),
        said["issued_at"],
    ):
        raise WrongError("the signature is another certificate's")
    check_times(said)
    check_lines(said, key)
    counted = ", ".join(f"{one['what']} {one['count']}" for one in said["erased"])
    return (
        f"Certificate {said['number']} of {said['clinic']['name']} is as it was "
        f"signed.\nErased: {counted}.\n{len(said['record']['lines'])} lines of the "
        "record are as they were sealed."
    )


def check_times(said):
    """Check that nothing is said to be gone before it was looked for."""
    run, ends = said["run"], said["second_look"]["at"]
    order = [run["started_at"], ends, run["finished_at"], said["issued_at"]]
    for one in said["processors"]:
        looked = one["looked_at"] or run["started_at"]
        if one["left"] or not one["asked_at"] <= looked <= said["issued_at"]:
            raise WrongError(f"a copy at {one['title']} is not said to be gone")
    if order != sorted(order) or said["second_look"]["found"]:
        raise WrongError("the times do not follow one another")


def check_lines(said, key):
    """Check that the record says the same as the certificate."""
    counts = {one["class"]: one["count"] for one in said["erased"]}
    finished = False
    for proved in said["record"]["lines"]:
        check_line(proved, key)
        if origin_of(proved["checkpoint"]) != said["clinic"]["id"]:
            raise WrongError("a line is of another clinic's record")
        row = json.loads(proved["line"])
        if row["subject_id"] != said["run"]["id"]:
            raise WrongError("a line of the record is about something else")
        if row["action"] == "compliance.purge.finished":
            finished = row["facts"] == counts
    if not finished:
        raise WrongError("the record does not say that so much was erased")


def origin_of(note):
    """Return whose record a checkpoint is about."""
    return note.split("\n", 1)[0].rpartition("/")[2]


def read(path):
    """Return a file's text."""
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def check(key, paths):
    """Check the files, and return what was found."""
    if len(paths) == 2:
        return check_growth(read(paths[0]), json.loads(read(paths[1])), key)
    text = read(paths[0])
    if paths[0].endswith(".jsonl"):
        *lines, last = text.splitlines()
        return check_record(lines, json.loads(last)["checkpoint"], key)
    said = json.loads(text)
    return (check_certificate if "certificate" in said else check_line)(said, key)


def main(arguments):
    """Say what was found; return 0 only if all of it fits."""
    if len(arguments) not in (2, 3):
        print(__doc__)
        return 2
    try:
        print(check(arguments[0], arguments[1:]))
    except WrongError as wrong:
        print(f"WRONG: {wrong}.")
    except (OSError, KeyError, TypeError, ValueError) as problem:
        print(f"Cannot read this: {type(problem).__name__}.")
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
