"""Reads the sections of a module, and moves segments of its data to another that shares its memory."""

CUSTOM, DATA, DATA_COUNT = 0, 11, 12
DATA_NAMES = 9  # of the section of names


def number(value):
    """LEB128, unsigned."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


class Reader:
    def __init__(self, content):
        self.content, self.at = content, 0

    def take(self, size):
        self.at += size
        return self.content[self.at - size:self.at]

    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def is_done(self):
        return self.at == len(self.content)


def sections(module):
    """Pairs of a section's number and its content."""
    reader, found = Reader(module[8:]), []
    while not reader.is_done():
        kind = reader.take(1)[0]
        found.append((kind, reader.take(reader.number())))
    return found


def joined(parts):
    return b"\0asm\1\0\0\0" + b"".join(bytes([kind]) + number(len(content)) + content for kind, content in parts)


def segments(content):
    """Pairs of an address and a segment, of a section of data that has active ones of the first memory alone."""
    reader, found = Reader(content), []
    for _ in range(reader.number()):
        start = reader.at
        if reader.take(2) != b"\0\x41":  # no flags; i32.const
            raise ValueError("a segment of the data has no plain address")
        address = reader.number()
        if reader.take(1) != b"\x0b":
            raise ValueError("a segment of the data has no plain address")
        reader.take(reader.number())
        found.append((address, content[start:reader.at]))
    return found


def addresses(module, name):
    """Where the segments of this name lie, which the linker may have parted: NAME, NAME.1, ..."""
    parts = sections(module)
    data = next((segments(content) for kind, content in parts if kind == DATA), [])
    for kind, content in parts:
        reader = Reader(content)
        if kind != CUSTOM or reader.take(reader.number()) != b"name":
            continue
        while not reader.is_done():
            subsection, names = reader.take(1)[0], Reader(reader.take(reader.number()))
            if subsection == DATA_NAMES:
                pairs = [(names.number(), names.take(names.number())) for _ in range(names.number())]
                return {data[index][0] for index, own in pairs if own.split(b".")[0] == name}
    return set()


def move(at, source, target):
    """Both modules, with the source's segments at these addresses in the target, which has no data of its own."""
    moved, kept = [], []
    parts = sections(source)
    for index, (kind, content) in enumerate(parts):
        if kind == DATA:
            for address, segment in segments(content):
                (moved if address in at else kept).append(segment)
            parts[index] = (DATA, number(len(kept)) + b"".join(kept))
    if len(moved) != len(at):
        raise ValueError(f"{len(at) - len(moved)} segments are not where they were looked for")
    parts = [(kind, number(len(kept)) if kind == DATA_COUNT else content) for kind, content in parts]
    others = sections(target)
    if any(kind == DATA for kind, _ in others):
        raise ValueError("the target has data of its own")
    before = next((i for i, (kind, _) in enumerate(others) if kind == CUSTOM), len(others))
    others.insert(before, (DATA, number(len(moved)) + b"".join(moved)))
    return joined(parts), joined(others)
