/** A page of text as a PDF: one font, no compression, so that the bytes depend on the text alone. */
export function pdf(lines: readonly string[]): Buffer {
  const shown = lines.map((line, i) => `${i === 0 ? '72 730 Td' : '0 -16 Td'} (${escaped(line)}) Tj`).join('\n')
  const content = `BT\n/F1 11 Tf\n${shown}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets: string[] = []
  for (const [i, object] of objects.entries()) {
    offsets.push(`${String(text.length).padStart(10, '0')} 00000 n \n`)
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
  }
  const xref = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(text + xref + trailer, 'latin1')
}

/** Parentheses and backslashes mean something in PDF; letters outside Latin 1 are not in the font. */
function escaped(line: string): string {
  return line.replace(/[\\()]/g, '\\$&').replace(/[^\u0020-\u007e\u00a0-\u00ff]/g, '?')
}
