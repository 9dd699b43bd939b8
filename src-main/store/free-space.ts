import { statfsSync } from "node:fs";

const warnBelow = 2e9;
const stopBelow = 5e8;

/** Room on the disk of an audit (RX-127): below 2 GB it is low; below 500 MB runs and thumbnails stop, verdicts still fit. */
export interface FreeSpace {
  readonly bytes: number;
  readonly level: "enough" | "low" | "stop";
}

export function freeSpace(folder: string): FreeSpace {
  const { bavail, bsize } = statfsSync(folder);
  return spaceOf(bavail * bsize);
}

export function spaceOf(bytes: number): FreeSpace {
  return { bytes, level: bytes < stopBelow ? "stop" : bytes < warnBelow ? "low" : "enough" };
}
