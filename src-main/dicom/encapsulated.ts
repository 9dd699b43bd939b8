import type { DataSet, Element, Fragment } from "./data-set.ts";

/**
 * The compressed bytes of one frame; null where the file ends before or inside it. Frames are told apart by the extended offset
 * table, the basic one, one fragment each, or by where a codestream starts, in this order.
 */
export function encapsulatedFrame(
  dataSet: DataSet,
  element: Element,
  frames: number,
  frame: number,
): Uint8Array | null {
  const [table, ...fragments] = element.fragments ?? [];
  if (!table || fragments.length === 0) return null;
  const groups = groupsOf(dataSet, table, fragments, frames);
  const own = groups[frame];
  if (!own || own.length === 0) return null;
  const { bytes } = dataSet.reading;
  const parts = own.map(({ at, length }) => bytes.subarray(at, at + length));
  const whole = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  return own.some(({ isCut }) => isCut) && !endsAsCodestream(whole) ? null : whole;
}

/** Whether only padding was cut off: JPEG of every kind ends with FF D9. */
function endsAsCodestream(bytes: Uint8Array): boolean {
  return bytes.length > 1 && bytes[bytes.length - 2] === 0xff && bytes[bytes.length - 1] === 0xd9;
}

const known = new WeakMap<readonly Fragment[], Fragment[][]>();

function groupsOf(dataSet: DataSet, table: Fragment, fragments: Fragment[], frames: number) {
  if (frames === 1) return [fragments];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const key = dataSet.elements.get(0x7fe00010)?.fragments ?? fragments;
  const cached = known.get(key);
  if (cached) return cached;
  const groups =
    byOffsets(extendedOffsets(dataSet), fragments, frames) ??
    byOffsets(basicOffsets(dataSet, table), fragments, frames) ??
    byStarts(dataSet, fragments);
  known.set(key, groups);
  return groups;
}

function byOffsets(offsets: readonly number[], fragments: readonly Fragment[], frames: number) {
  if (offsets.length !== frames) return null;
  const base = fragments[0].at - 8;
  const frameAt = new Map(offsets.map((offset, frame) => [base + offset, frame]));
  const groups: Fragment[][] = Array.from({ length: frames }, () => []);
  let frame = -1;
  for (const fragment of fragments) {
    frame = frameAt.get(fragment.at - 8) ?? frame;
    if (frame < 0) return null;
    groups[frame].push(fragment);
  }
  return groups;
}

function byStarts(dataSet: DataSet, fragments: readonly Fragment[]) {
  const { bytes } = dataSet.reading;
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const [first, second] = [bytes[fragment.at], bytes[fragment.at + 1]];
    const starts = first === 0xff && (second === 0xd8 || second === 0x4f);
    if (starts || groups.length === 0) groups.push([fragment]);
    else groups[groups.length - 1].push(fragment);
  }
  return groups;
}

function basicOffsets({ reading }: DataSet, table: Fragment): number[] {
  const count = Math.floor(table.length / 4);
  return Array.from({ length: count }, (_, i) => reading.view.getUint32(table.at + 4 * i, true));
}

function extendedOffsets(dataSet: DataSet): number[] {
  const longs = dataSet.longs(0x7fe00001);
  return Array.from(
    { length: longs.length >> 1 },
    (_, i) => longs[2 * i] + longs[2 * i + 1] * 2 ** 32,
  );
}
