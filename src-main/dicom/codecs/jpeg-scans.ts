import { Damage } from "../damage.ts";
import type { Segment } from "./jpeg-markers.ts";

/** Walks a JPEG file: `onSegment` for each table or header, `onScan` for each scan; it returns where the scan ends. */
export function scansOf(
  bytes: Uint8Array,
  {
    onSegment,
    onScan,
  }: { onSegment: (segment: Segment) => void; onScan: (segment: Segment) => number },
): void {
  let at = 2;
  let scans = 0;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff) throw new Damage("bad-pixels");
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) break;
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    if (end < at + 4 || end > bytes.length) throw new Damage("truncated");
    const segment = { marker, at, body: bytes.subarray(at + 4, end), end };
    if (marker === 0xda) {
      if (++scans > 1000) throw new Damage("bad-pixels"); // a scan costs a walk over all blocks
      at = onScan(segment);
    } else {
      onSegment(segment);
      at = end;
    }
  }
  if (scans === 0) throw new Damage("truncated");
}
