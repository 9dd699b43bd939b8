/** Bytes and how their elements are written. */
export interface Reading {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly isExplicit: boolean;
  readonly isBigEndian: boolean;
}

/** How `bytes` are read. */
export function readingOf(bytes: Uint8Array, isExplicit: boolean, isBigEndian: boolean): Reading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, isExplicit, isBigEndian };
}
