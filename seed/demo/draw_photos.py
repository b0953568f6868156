"""Draws the demo's illustrative pictures (示意): a lane with parked cars, a bench under trees, a dark lamp."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = (960, 720)
HERE = Path(__file__).parent / "photos"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def canvas(top, bottom):
    """A sky that fades from one colour to another."""
    made = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(made)
    for y in range(SIZE[1]):
        part = y / SIZE[1]
        pen.line(
            [(0, y), (SIZE[0], y)],
            tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)),
        )
    return made, pen


def car(pen, x, y, scale, colour):
    """A parked car seen from behind."""
    w, h = 190 * scale, 130 * scale
    pen.rounded_rectangle([x, y - h, x + w, y], 26 * scale, fill=colour)
    pen.rounded_rectangle(
        [x + 24 * scale, y - h + 14 * scale, x + w - 24 * scale, y - h * 0.52],
        12 * scale,
        fill="#33454c",
    )
    for at in (0.06, 0.78):
        pen.rounded_rectangle(
            [x + w * at, y - h * 0.42, x + w * (at + 0.16), y - h * 0.28], 4, fill="#c43a22"
        )
        pen.rectangle([x + w * at, y, x + w * (at + 0.16), y + 16 * scale], fill="#222")
    pen.rectangle([x + w * 0.34, y - h * 0.3, x + w * 0.66, y - h * 0.14], fill="#e8ecea")


def lane():
    """Cars on both sides of a lane, a narrow way between."""
    made, pen = canvas((206, 221, 226), (236, 229, 214))
    pen.polygon([(0, 160), (390, 300), (390, 430), (0, 640)], fill="#c9b79a")
    pen.polygon([(960, 120), (570, 300), (570, 430), (960, 640)], fill="#b9a488")
    for row in range(3):
        for x in range(3):
            pen.rectangle(
                [40 + x * 110, 230 + row * 90 + x * 20, 90 + x * 110, 280 + row * 76 + x * 20],
                fill="#6d7f86",
            )
            pen.rectangle(
                [650 + x * 100, 270 + row * 90 - x * 20, 700 + x * 100, 320 + row * 80 - x * 20],
                fill="#66767c",
            )
    pen.polygon([(390, 425), (570, 425), (960, 720), (0, 720)], fill="#8d8f8c")
    for number, colour in enumerate(["#f1f1ee", "#31566e", "#8b2e24"]):
        car(pen, 285 - number * 115, 480 + number * 90, 0.55 + number * 0.33, colour)
        car(
            pen,
            560 + number * 65,
            480 + number * 90,
            0.55 + number * 0.33,
            ["#23343b", "#d7d2c4", "#55715a"][number],
        )
    return made


def bench():
    """A bench in the shade of plane trees."""
    made, pen = canvas((198, 223, 224), (226, 232, 202))
    pen.rectangle([0, 500, 960, 720], fill="#b8c48d")
    pen.polygon([(0, 640), (960, 560), (960, 720), (0, 720)], fill="#d8cbab")
    for x, y, size in [
        (160, 210, 190),
        (420, 150, 210),
        (720, 190, 220),
        (900, 260, 150),
        (40, 300, 140),
    ]:
        pen.rectangle([x - 16, y, x + 16, 560], fill="#8a6f50")
        pen.ellipse([x - size, y - size * 0.8, x + size, y + size * 0.6], fill="#5e8a54")
        pen.ellipse(
            [x - size * 0.7, y - size * 0.75, x + size * 0.4, y + size * 0.1], fill="#76a266"
        )
    for y in (470, 500, 545, 565):
        pen.rounded_rectangle([300, y, 680, y + 16], 6, fill="#9b6638")
    for x in (330, 640):
        pen.rectangle([x, 465, x + 14, 640], fill="#3c3a36")
    return made


def lamp():
    """A lane at night; of two lamps one is dark."""
    made, pen = canvas((18, 26, 40), (40, 44, 54))
    pen.polygon([(430, 380), (540, 380), (960, 720), (0, 720)], fill="#2c3038")
    pen.polygon([(0, 120), (430, 330), (430, 430), (0, 680)], fill="#232834")
    pen.polygon([(960, 90), (540, 330), (540, 430), (960, 680)], fill="#1e232e")
    glow = Image.new("RGB", SIZE)
    light = ImageDraw.Draw(glow)
    light.ellipse([560, 250, 760, 450], fill="#a58a3e")
    light.polygon([(640, 330), (520, 520), (800, 520)], fill="#57491f")
    made = Image.composite(glow, made, glow.convert("L").filter(ImageFilter.GaussianBlur(40)))
    pen = ImageDraw.Draw(made)
    for x, y, base, on in [(650, 320, 500, True), (210, 180, 660, False)]:
        pen.rectangle([x - 5, y, x + 5, base], fill="#59606c")
        pen.rounded_rectangle(
            [x - 28, y - 22, x + 28, y + 2], 8, fill="#ffe9a0" if on else "#454b57"
        )
    for x, y in [(90, 300), (170, 330), (800, 260)]:
        pen.rectangle([x, y, x + 40, y + 50], fill="#39404d")
    return made


def signed(made):
    """Marked 示意, so that nobody takes it for a photo."""
    pen = ImageDraw.Draw(made)
    pen.rounded_rectangle([820, 650, 940, 704], 14, fill="#20302f")
    pen.text((838, 654), "示意", font=ImageFont.truetype(FONT, 40), fill="#ffffff")
    return made


for name, draw in (("parked-lane", lane), ("bench-trees", bench), ("dark-lamp", lamp)):
    signed(draw()).save(HERE / f"{name}.jpg", "JPEG", quality=72, optimize=True, progressive=True)
