#!/usr/bin/env python3
"""Draws what a command prints as an SVG, as a terminal shows it: tools/picture.py TITLE < text > picture.svg

docs/images/demo.svg is made by

    artifacts/bin/Shoal.Cli/release/shoal demo 2>&1 | grep -v '^all peers' \\
        | tools/picture.py 'shoal demo' > docs/images/demo.svg
"""
import html
import sys

SIZE, WIDTH, HEIGHT, MARGIN, BAR = 13, 7.83, 18, 16, 30
BACK, FRAME = "#10151c", "#1d2632"
TEXT, PALE, BRIGHT, GOOD, BAD = "#c9d4e0", "#7d8da0", "#ffffff", "#7ee2a8", "#ff8a80"
FONTS = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace"


def color(line):
    """By what the line says: a heading, a command to be typed, a check, the end."""
    if "WRONG" in line or line.startswith("shoal: "):
        return BAD
    if line.startswith("Everything is right"):
        return GOOD
    if line.startswith("job ") or line.startswith("$") or " of 4, " in line or " of 5, " in line:
        return BRIGHT
    if line.startswith(("exchange: ", "relay: ", "edge: ", "directory: ", "lottery: ")):
        return GOOD
    if line.startswith(("  ", "Links", "The ")):
        return PALE
    return TEXT


title = sys.argv[1]
lines = [f"$ {title}", ""] + [line.rstrip("\n").expandtabs() for line in sys.stdin]
width = round(2 * MARGIN + WIDTH * max(len(line) for line in lines))
height = BAR + 2 * MARGIN + HEIGHT * len(lines)
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">')
print(f"<title>What '{html.escape(title)}' prints</title>")
print(f'<rect width="{width}" height="{height}" rx="8" fill="{BACK}"/>')
print(f'<path d="M0 8a8 8 0 0 1 8-8h{width - 16}a8 8 0 0 1 8 8v{BAR - 8}h-{width}z" fill="{FRAME}"/>')
for i, dot in enumerate(("#ff6159", "#ffbd2e", "#28c941")):
    print(f'<circle cx="{18 + 18 * i}" cy="{BAR / 2}" r="5.5" fill="{dot}"/>')
print(f'<g font-family="{FONTS}" font-size="{SIZE}">')
for i, line in enumerate(lines):
    if line:
        # Runs of plain spaces would become one.
        text = html.escape(line).replace(" ", "\u00a0")
        print(f'<text x="{MARGIN}" y="{BAR + MARGIN + HEIGHT * i + SIZE}" fill="{color(line)}">{text}</text>')
print("</g>\n</svg>")
