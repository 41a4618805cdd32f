"""The rooms and their arrows, as src/CMakeLists.txt has them."""
import pathlib
import re


def table(root="."):
    """{room: [rooms it may include]}, in the order of the file."""
    text = (pathlib.Path(root) / "src/CMakeLists.txt").read_text()
    rooms = {}
    for name, arguments in re.findall(r"^portico_room\((\w+)([^)]*)\)", text, re.MULTILINE):
        depends = re.search(r"\bDEPENDS\b(.*?)(?=\b[A-Z]{2,}\b|$)", arguments, re.DOTALL)
        rooms[name] = depends.group(1).split() if depends else []
    return rooms


def reachable(rooms):
    """{room: every room it may include, itself among them}; a missing or circular arrow raises."""
    closed = {}
    for name, depends in rooms.items():
        closed[name] = {name}
        for other in depends:
            if other not in closed:
                raise ValueError(f"src/CMakeLists.txt: {name} depends on {other}, which is not above it")
            closed[name] |= closed[other]
    return closed
