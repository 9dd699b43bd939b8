import type { DataSet } from "./data-set.ts";
import { sharedGroup } from "./facts.ts";

/** One window: which values become grey. */
export interface Window {
  readonly centre: number;
  readonly width: number;
  readonly kind: "linear" | "linear-exact" | "sigmoid";
  /** What the file calls it ("LUNG"); "" where it does not. */
  readonly name: string;
}

/** A table from values to values: input `first` gives `entries[0]`; beyond both ends the end entry holds. */
export interface LookUp {
  readonly first: number;
  /** Bits of an entry. */
  readonly bits: number;
  readonly entries: readonly number[];
}

/** How a frame's stored values become units and then greys. */
export interface GreyScale {
  readonly slope: number;
  readonly intercept: number;
  /** Takes the place of slope and intercept. */
  readonly modalityTable: LookUp | null;
  /** "HU" and the like; "" where the file does not say. */
  readonly units: string;
  readonly windows: readonly Window[];
  readonly voiTables: readonly LookUp[];
  /** Stored values from..to that stand for "no picture here"; null where there are none. */
  readonly padding: readonly [from: number, to: number] | null;
}

/** The grey scale of one frame: its own functional groups first, then those shared, then the file's own attributes. */
export function greyScaleOf(dataSet: DataSet, frame: number, isSigned: boolean): GreyScale {
  const rescale = sharedGroup(dataSet, 0x00289145, frame) ?? dataSet;
  const voi = sharedGroup(dataSet, 0x00289132, frame) ?? dataSet;
  const modalityItem = dataSet.item(0x00283000);
  const modalityTable = modalityItem && lookUpOf(modalityItem, isSigned);
  const slope = rescale.decimal(0x00281053);
  // What a value-of-interest table takes has the sign of what it is given.
  const isUnitSigned = modalityTable ? false : isSigned || (rescale.decimal(0x00281052) ?? 0) < 0;
  const stated = modalityTable ? modalityItem?.text(0x00283004) : rescale.text(0x00281054);
  const isCt = dataSet.text(0x00080060) === "CT" && rescale.has(0x00281052);
  return {
    slope: slope === null || slope === 0 ? 1 : slope,
    intercept: rescale.decimal(0x00281052) ?? 0,
    modalityTable,
    units: stated && stated !== "US" ? stated : isCt ? "HU" : "",
    windows: windowsOf(voi),
    voiTables: voi
      .items(0x00283010)
      .map((item) => lookUpOf(item, isUnitSigned))
      .filter((table) => table !== null),
    padding: paddingOf(dataSet, isSigned),
  };
}

function windowsOf(dataSet: DataSet): Window[] {
  const widths = dataSet.decimals(0x00281051);
  const names = dataSet.texts(0x00281055);
  const stated = dataSet.text(0x00281056);
  const kind =
    stated === "SIGMOID" ? "sigmoid" : stated === "LINEAR_EXACT" ? "linear-exact" : "linear";
  return dataSet
    .decimals(0x00281050)
    .map((centre, i): Window => ({ centre, width: widths[i], kind, name: names[i] ?? "" }))
    .filter(({ centre, width }) => Number.isFinite(centre) && width > 0);
}

/** A table in a sequence's item; null where it is incomplete. */
export function lookUpOf(item: DataSet, isSigned: boolean): LookUp | null {
  const [stated, first, bits] = item.shorts(0x00283002, isSigned);
  const data = item.bytes(0x00283006);
  if (bits === undefined || !data) return null;
  const count = (stated & 0xffff) === 0 ? 65_536 : stated & 0xffff;
  const entries = data.length < count * 2 ? [...data.subarray(0, count)] : item.words(0x00283006);
  return entries.length === 0 ? null : { first, bits, entries: entries.slice(0, count) };
}

function paddingOf(dataSet: DataSet, isSigned: boolean): GreyScale["padding"] {
  const [value] = dataSet.shorts(0x00280120, isSigned);
  if (value === undefined) return null;
  const [limit = value] = dataSet.shorts(0x00280121, isSigned);
  return [Math.min(value, limit), Math.max(value, limit)];
}
