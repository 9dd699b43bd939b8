/** Splits Typst's one SVG of all pages, equal in size, into one SVG per page with the glyphs and patterns that it uses. */
export function pagesOf(svg: string): Uint8Array[] {
  const whole = partsOf(svg);
  const definitions = new Map<string, string>();
  const common: string[] = []; // styles, and what has no name
  const drawn: string[] = [];
  for (const part of whole.children) {
    if (part.startsWith("<style")) common.push(part);
    else if (!part.startsWith("<defs")) drawn.push(part);
    else
      for (const one of partsOf(part).children) {
        const id = /^<\w+[^>]*?\sid="([^"]+)"/.exec(one)?.[1];
        if (id === undefined) common.push(one);
        else definitions.set(id, one);
      }
  }
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(whole.open) ?? [];
  const count = drawn.length / 2; // each page is its white ground, and what is on it
  const pageHeight = Number(height) / count;
  return Array.from({ length: count }, (_, i) => {
    const top = i * pageHeight;
    const body = drawn[2 * i + 1];
    const size = `viewBox="0 ${top} ${width} ${pageHeight}" width="${width}pt" height="${pageHeight}pt"`;
    const open = whole.open.replace(/viewBox="[^"]*" width="[^"]*" height="[^"]*"/, size);
    const ground = `<rect y="${top}" width="${width}" height="${pageHeight}" fill="#ffffff"/>`;
    const defs = `<defs>${[...usedBy(body, definitions)].join("")}</defs>`;
    const page = `${open}${common.join("")}${ground}${body}${defs}</svg>`;
    return new TextEncoder().encode(page.replace(/>\s+</g, "><")); // glyphs are shapes: no text is lost
  });
}

/** The definitions that `text` refers to, and those that they refer to. */
function usedBy(text: string, definitions: ReadonlyMap<string, string>): Set<string> {
  const used = new Set<string>();
  const waiting = [text];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const [, id] of next.matchAll(/(?:href="#|url\(#)([^")]+)/g)) {
      const found = definitions.get(id);
      if (found === undefined || used.has(found)) continue;
      used.add(found);
      waiting.push(found);
    }
  return used;
}

/** An element's opening tag and its direct children, as text. */
function partsOf(element: string): { readonly open: string; readonly children: string[] } {
  const tags = /<(\/?)[^>]*?(\/?)>/g;
  const first = tags.exec(element);
  if (!first) throw new RangeError("not an element");
  const children: string[] = [];
  let depth = 0;
  let start = 0;
  for (let tag = tags.exec(element); tag; tag = tags.exec(element)) {
    const isEnd = tag[1] === "/";
    const isEmpty = tag[2] === "/";
    if (isEnd) depth -= 1;
    if (depth < 0) break; // the element's own end
    if (!isEnd && depth === 0) start = tag.index;
    if (!isEnd && !isEmpty) depth += 1;
    if (depth === 0) children.push(element.slice(start, tags.lastIndex));
  }
  return { open: first[0], children };
}
