"""Files as browsers know them by their first bytes: what they show, and what may do something."""

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + b"\0" * 40
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\0" * 40
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\0" * 40
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
HTML = b"<!DOCTYPE html><html><body><script>alert(document.domain)</script></body></html>\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>\n'
