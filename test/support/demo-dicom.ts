import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { letter } from "../../src-main/engine/images/lettering.ts";
import { toGrey } from "../../src-main/engine/images/prepare.ts";
import { sharp } from "../../src-main/engine/images/sharp.ts";
import { demoFolder } from "./test-app.ts";
import { writeDicom, type WrittenElement, type WrittenSyntax } from "./write-dicom.ts";

/** One demo image as DICOM. */
export interface DemoDicomItem {
  /** Below the demo's images, as `labels.csv` writes it. */
  readonly jpeg: string;
  /** Below `images` or `burned`. */
  readonly path: string;
  readonly instanceUid: string;
  readonly label: string;
  readonly patient: string;
  readonly syntax: WrittenSyntax;
  readonly photometric: "MONOCHROME1" | "MONOCHROME2";
}

export interface DemoDicom {
  /** 200 images whose pixels name nobody: files without extension, a folder per study. */
  readonly images: string;
  readonly items: readonly DemoDicomItem[];
  /** 40 further ones with names in their pixels; null where they were not asked for. */
  readonly burned: string | null;
  readonly burnedItems: readonly DemoDicomItem[];
  /** SOP Instance UID, label, site and unit of all of them; neither names nor patients. */
  readonly labels: string;
  /** What may be found in no export, pack, store, log, text or pixel. */
  readonly planted: readonly string[];
}

const syntaxes: readonly WrittenSyntax[] = ["implicit", "explicit", "big-endian", "rle"];

/** Invented, and like no word that a report could hold. */
const planted = {
  patient: "Zyxwolf",
  given: "Quintessa",
  physician: "Vexbruck",
  hospital: "Klinik Gurpfad",
  operator: "Wumbrig",
  number: "MRN-77081",
  birth: "19610229",
} as const;

/** A root of our own making: 2.25 and a number, PS3.5 B.2. */
const root = "2.25.4711";

/**
 * Writes the 240 demo images as lossless DICOM: both MONOCHROMEs and four transfer syntaxes by turns, patients as in
 * `labels.csv`, names in tags, in private elements and in overlays; every sixth is kept apart, with a name in its
 * pixels, and written only if asked for. Pixels are those of our own JPEG decoder, bit for bit.
 */
export async function writeDemoDicom(
  folder: string,
  { burned = false }: { readonly burned?: boolean } = {},
): Promise<DemoDicom> {
  const rows = await labelRows();
  const overlay = await drawnName();
  const items: DemoDicomItem[] = [];
  const burnedItems: DemoDicomItem[] = [];
  for (const [no, row] of rows.entries()) {
    const isBurned = no % 6 === 5;
    const turn = (isBurned ? burnedItems : items).length;
    const item: DemoDicomItem = {
      jpeg: row.file,
      path: `ST${String(rows.findIndex(({ patient }) => patient === row.patient)).padStart(4, "0")}/IM${String(no).padStart(4, "0")}`,
      instanceUid: `${root}.3.${no + 1}`,
      label: row.label,
      patient: row.patient,
      syntax: syntaxes[turn % syntaxes.length],
      photometric: Math.floor(turn / syntaxes.length) % 2 === 0 ? "MONOCHROME2" : "MONOCHROME1",
    };
    (isBurned ? burnedItems : items).push(item);
    if (isBurned && !burned) continue;
    const into = join(folder, isBurned ? "burned" : "images", item.path);
    await mkdir(dirname(into), { recursive: true });
    await writeFile(into, await fileOf(item, no, overlay, isBurned));
  }
  const labels = join(folder, "labels.csv");
  const lines = [...items, ...burnedItems].map(({ instanceUid, label, jpeg }) => {
    const { site = "", unit = "" } = rows.find(({ file }) => file === jpeg) ?? {};
    return [instanceUid, label, site, unit].join(",");
  });
  await writeFile(labels, `${["sop_instance_uid,label,site,unit", ...lines].join("\n")}\n`);
  return {
    images: join(folder, "images"),
    items,
    burned: burned ? join(folder, "burned") : null,
    burnedItems,
    labels,
    planted: Object.values(planted),
  };
}

async function labelRows() {
  const [, ...lines] = (await readFile(join(demoFolder, "labels.csv"), "utf8")).trim().split("\n");
  return lines.map((line) => {
    const [file, label, patient, site, unit] = line.split(",");
    return { file, label, patient, site, unit };
  });
}

async function fileOf(
  item: DemoDicomItem,
  no: number,
  name: Drawn,
  isBurned: boolean,
): Promise<Uint8Array> {
  const image = toGrey(await decodeImage(join(demoFolder, "images", item.jpeg)));
  const shown = Uint8Array.from(image.data);
  if (isBurned) draw(shown, image.widthPx, name);
  const isInverse = item.photometric === "MONOCHROME1";
  const pixels = isInverse ? shown.map((grey) => 255 - grey) : shown;
  const elements = header(item, no, isBurned);
  return writeDicom(item.syntax, isBurned ? elements : [...elements, ...overlayOf(name)], {
    rows: image.heightPx,
    columns: image.widthPx,
    frames: [pixels],
    photometric: item.photometric,
  });
}

function header(item: DemoDicomItem, no: number, isBurned: boolean): WrittenElement[] {
  const patientNo = Number(item.patient.slice(1));
  const text = (tag: number, vr: string, value: string): WrittenElement => ({ tag, vr, value });
  // Of those with a name in their pixels every other one says so; the rest are silent, which is no "no".
  const stated = isBurned ? (no % 12 === 5 ? ["YES"] : []) : ["NO"];
  return [
    text(0x00080008, "CS", "DERIVED\\SECONDARY"),
    text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1"),
    text(0x00080018, "UI", item.instanceUid),
    text(0x00080020, "DA", "20240131"),
    text(0x00080050, "SH", `ACC${planted.number.slice(4)}`),
    text(0x00080060, "CS", "CR"),
    text(0x00080070, "LO", "Demo devices"),
    text(0x00080080, "LO", planted.hospital),
    text(0x00080090, "PN", `${planted.physician}^Ada`),
    text(0x00081030, "LO", `Chest of ${planted.patient}`),
    text(0x00081070, "PN", planted.operator),
    text(0x00081090, "LO", no % 2 === 0 ? "Plate 1" : "Plate 2"),
    text(0x00100010, "PN", `${planted.patient}^${planted.given} ${item.patient}`),
    text(0x00100020, "LO", `${planted.number}-${item.patient}`),
    text(0x00100021, "LO", planted.hospital),
    text(0x00100030, "DA", planted.birth),
    text(0x00100040, "CS", patientNo % 2 === 0 ? "F" : "M"),
    text(0x00180015, "CS", "CHEST"),
    text(0x00185101, "CS", "PA"),
    text(0x0020000d, "UI", `${root}.1.${patientNo}`),
    text(0x0020000e, "UI", `${root}.2.${patientNo}`),
    text(0x00200010, "SH", planted.number),
    text(0x00200013, "IS", String(no + 1)),
    text(0x00204000, "LT", `Seen by ${planted.physician}, for ${planted.given}`),
    text(0x00090010, "LO", "DEMO"),
    text(0x00091001, "LO", `${planted.patient} again`),
    ...stated.map((value) => text(0x00280301, "CS", value)),
  ];
}

/** Letters as bits, `[height, width]`. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

async function drawnName(): Promise<Drawn> {
  const words = await letter(`${planted.patient}, ${planted.given}`, 16, "white", 220);
  const { data, info } = await sharp(words.input)
    .extractChannel("alpha")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, bits: Uint8Array.from(data, (x) => +(x > 127)) };
}

function draw(pixels: Uint8Array, width: number, name: Drawn): void {
  for (let i = 0; i < name.bits.length; i++)
    if (name.bits[i]) pixels[(6 + Math.floor(i / name.width)) * width + 8 + (i % name.width)] = 255;
}

/** Group 6000: the name as an overlay, and in its label. */
function overlayOf({ width, height, bits }: Drawn): WrittenElement[] {
  const plane = new Uint8Array(Math.ceil(bits.length / 16) * 2);
  for (const [i, bit] of bits.entries()) plane[i >> 3] |= bit << (i & 7);
  return [
    { tag: 0x60000010, vr: "US", value: [height] },
    { tag: 0x60000011, vr: "US", value: [width] },
    { tag: 0x60000040, vr: "CS", value: "G" },
    { tag: 0x60000050, vr: "US", value: [7, 9] },
    { tag: 0x60000100, vr: "US", value: [1] },
    { tag: 0x60000102, vr: "US", value: [0] },
    { tag: 0x60001500, vr: "LO", value: `Name ${planted.patient}` },
    { tag: 0x60003000, vr: "OB", value: plane },
  ];
}
