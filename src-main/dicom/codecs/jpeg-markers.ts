import { Damage } from "../damage.ts";

/** One part of a JPEG file: a marker and its bytes, lengths left off. */
export interface Segment {
  readonly marker: number;
  /** First byte of the marker. */
  readonly at: number;
  readonly body: Uint8Array;
  /** First byte after it. */
  readonly end: number;
}

/** What a JPEG file's frame header states. */
export interface FrameHeader {
  readonly kind: "huffman-dct" | "lossless" | "jpeg-ls" | "other";
  readonly isProgressive: boolean;
  readonly bitsPerSample: number;
  readonly width: number;
  readonly height: number;
  readonly componentCount: number;
  readonly componentIds: readonly number[];
  /** Components in the first scan. */
  readonly scanComponents: number;
  /** Adobe's colour mark: 0 none, 1 YCbCr, 2 YCCK; null without the marker. */
  readonly adobeTransform: number | null;
  readonly hasJfif: boolean;
}

/** The parts up to and with the first start of scan. */
export function headSegments(bytes: Uint8Array): Segment[] {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Damage("bad-pixels");
  const segments: Segment[] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw new Damage("bad-pixels");
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++; // fill bytes
      continue;
    }
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new Damage("truncated");
    segments.push({ marker, at, body: bytes.subarray(at + 4, end), end });
    if (marker === 0xda) return segments;
    at = end;
  }
  throw new Damage("truncated");
}

/** Reads sizes, kind and colour marks, nothing unpacked. */
export function readFrameHeader(bytes: Uint8Array): FrameHeader {
  const segments = headSegments(bytes);
  const frame = segments.find(({ marker }) => isFrame(marker));
  if (!frame || frame.body.length < 6) throw new Damage("bad-pixels");
  const { body, marker } = frame;
  const componentCount = body[5];
  if (body.length < 6 + 3 * componentCount) throw new Damage("bad-pixels");
  const scan = segments[segments.length - 1].body;
  const adobe = segments.find((part) => part.marker === 0xee && startsWith(part.body, "Adobe"));
  return {
    kind: kindOf(marker),
    isProgressive: marker === 0xc2,
    bitsPerSample: body[0],
    height: body[1] * 256 + body[2],
    width: body[3] * 256 + body[4],
    componentCount,
    componentIds: Array.from({ length: componentCount }, (_, i) => body[6 + 3 * i]),
    scanComponents: scan[0] ?? 0,
    adobeTransform: adobe && adobe.body.length >= 12 ? adobe.body[11] : null,
    hasJfif: segments.some((part) => part.marker === 0xe0 && startsWith(part.body, "JFIF")),
  };
}

export function isFrame(marker: number): boolean {
  return (
    (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7
  );
}

function kindOf(marker: number): FrameHeader["kind"] {
  if (marker === 0xf7) return "jpeg-ls";
  if (marker === 0xc3) return "lossless";
  return marker <= 0xc2 ? "huffman-dct" : "other";
}

export function startsWith(body: Uint8Array, text: string): boolean {
  return Buffer.from(body.subarray(0, text.length)).toString("latin1") === text;
}
