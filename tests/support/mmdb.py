#!/usr/bin/env python3
"""Writes a small MMDB file: mmdb.py OUT JSON, where JSON is {"203.0.113.0/24": {…}, …}.

The format is MaxMind's (https://maxmind.github.io/MaxMind-DB/): a search tree of 24-bit
records over the bits of the address, 16 zero bytes, the data, the metadata.  IPv4 and
IPv6 networks; a number becomes a double, or uint32 when it is whole.
"""
import ipaddress
import json
import struct
import sys


def control(kind, size):
    if size >= 29 + 256 + 65536:
        sys.exit("mmdb: too large")
    if size < 29:
        low, extra = size, b""
    elif size < 285:
        low, extra = 29, bytes([size - 29])
    else:
        low, extra = 30, struct.pack(">H", size - 285)
    head = bytes([kind << 5 | low]) if kind < 8 else bytes([low, kind - 7])
    return head + extra


class Short(int):
    """uint16: the metadata wants its numbers in their own types"""


class Long(int):
    """uint64"""


def data(value):
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(data(k) + data(v) for k, v in value.items())
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(data(v) for v in value)
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogateescape")
        return control(2, len(raw)) + raw
    if isinstance(value, bool):
        return control(14, int(value))
    if isinstance(value, int):
        raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return control({Short: 5, Long: 9}.get(type(value), 6), len(raw)) + raw
    return control(3, 8) + struct.pack(">d", value)


def bits(network):
    network = ipaddress.ip_network(network)
    packed = network.network_address.packed
    length = network.prefixlen
    if network.version == 4:
        packed, length = b"\0" * 12 + packed, length + 96
    whole = "".join(f"{byte:08b}" for byte in packed)
    return whole[:length]


def write(out, networks):
    tree, values, offsets = [[None, None]], b"", {}
    for network, value in networks.items():
        at = 0
        path = bits(network)
        for bit in path[:-1]:
            if tree[at][int(bit)] is None:
                tree.append([None, None])
                tree[at][int(bit)] = len(tree) - 1
            at = tree[at][int(bit)]
        raw = data(value)
        if raw not in offsets:
            offsets[raw] = len(values)
            values += raw
        tree[at][int(path[-1])] = ("data", offsets[raw])
    count = len(tree)

    def record(one):
        number = count if one is None else one if isinstance(one, int) else count + 16 + one[1]
        return number.to_bytes(3, "big")

    meta = {"node_count": count, "record_size": Short(24), "ip_version": Short(6),
            "database_type": "Test", "languages": ["en"],
            "binary_format_major_version": Short(2), "binary_format_minor_version": Short(0),
            "build_epoch": Long(1700000000),
            "description": {"en": "made by a test"}}
    with open(out, "wb") as file:
        file.write(b"".join(record(left) + record(right) for left, right in tree))
        file.write(b"\0" * 16 + values + b"\xab\xcd\xefMaxMind.com" + data(meta))


if __name__ == "__main__":
    write(sys.argv[1], json.loads(sys.argv[2]))
