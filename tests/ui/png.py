"""`python -m tests.ui.png SVG… OUTDIR`: golden screens as PNG files, for eyes.

Needs `rsvg-convert` (Debian: librsvg2-bin) and the DejaVu Sans Mono font. No test needs it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# The cell of the picture is 12.2 pixels wide; DejaVu Sans Mono is 0.602 em wide.
FONT = ('font-family: "DejaVu Sans Mono", monospace', f"font-size: {12.2 / 0.602:.3f}px")


def render(svg: Path, folder: Path) -> Path:
    """Write `folder/<room>-<case>.png` and return its path."""
    text = svg.read_text(encoding="utf-8")
    text = text.replace("font-family: Fira Code, monospace", FONT[0]).replace("font-size: 20px", FONT[1])
    text = text.replace("<text ", '<text xml:space="preserve" ')
    png = folder / f"{svg.parent.name}-{svg.stem}.png"
    subprocess.run(["rsvg-convert", "-o", str(png)], input=text.encode(), check=True)
    return png


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[-1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in arguments[:-1]:
        print(render(Path(name), folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
