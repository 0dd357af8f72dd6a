"""Small real files, as a community would upload them."""

import io

from PIL import Image, ImageDraw

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def pdf(name):
    """A page; the name makes its content its own, since the same file twice is one."""
    return {
        "name": name,
        "mimeType": "application/pdf",
        "buffer": PDF.replace(b"\n", b"\n%" + name.encode() + b"\n", 1),
    }


def jpg(name):
    picture = Image.new("RGB", (320, 240), "#F3F5F8")
    ImageDraw.Draw(picture).rectangle((20, 20, 300, 220), outline="#1A5BA8", width=3 + len(name) % 9)
    held = io.BytesIO()
    picture.save(held, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": held.getvalue()}
