"""Draws the icons of the installed app from the mark: `.venv/bin/python .ci/icons.py`.

The same lines as static/evosync/mark.svg, whose square has 32 units a side. A telephone cuts a maskable icon
to a circle of 80 % of its side, in which the arrows stand; there the colour goes to the edge.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "static" / "evosync" / "icons"
GROUND, LINE = "#0b5a70", "#ffffff"
SIDE, CORNER, WIDTH = 32.0, 9.0, 2.8
ARROWS = (
    [(9.0, 13.5), (20.0, 13.5), (17.0, 10.5)],
    [(23.0, 18.5), (12.0, 18.5), (15.0, 21.5)],
)
# Drawn so many times as large, then made smaller: that smooths the edges.
FINER = 8
COLOURS = 32


def draw(size: int, *, rounded: bool) -> Image.Image:
    """Return the mark on its ground."""
    full = size * FINER
    unit = full / SIDE
    picture = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, full - 1, full - 1), CORNER * unit if rounded else 0, fill=GROUND)
    width = WIDTH * unit
    for arrow in ARROWS:
        points = [(x * unit, y * unit) for x, y in arrow]
        pen.line(points, fill=LINE, width=round(width))
        for x, y in points:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=LINE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all icons."""
    FOLDER.mkdir(exist_ok=True)
    for size in (192, 512):
        draw(size, rounded=True).quantize(COLOURS).save(FOLDER / f"any-{size}.png", optimize=True)
        whole = draw(size, rounded=False).convert("RGB")
        whole.quantize(COLOURS).save(FOLDER / f"maskable-{size}.png", optimize=True)
    # iOS rounds the corners itself, and shows what is see-through as black.
    apple = draw(180, rounded=False).convert("RGB")
    apple.quantize(COLOURS).save(FOLDER / "apple-180.png", optimize=True)


if __name__ == "__main__":
    main()
