import { catmullRom } from "./spline.ts";

/** Colour maps in the order they are offered; rainbow last. */
export const colourMapIds = [
  "viridis",
  "cividis",
  "magma",
  "inferno",
  "grey",
  "blue-white-red",
  "rainbow",
] as const;
export type ColourMapId = (typeof colourMapIds)[number];

export interface ColourMapFacts {
  readonly label: string;
  /** One line on colour vision, beside the swatch. */
  readonly note: string;
  /** For signed maps: the middle colour is a fixed zero. */
  readonly isSigned: boolean;
  /** Rises in lightness from end to end, so that order survives a grey print. */
  readonly isOrdered: boolean;
}

export const colourMaps: Readonly<Record<ColourMapId, ColourMapFacts>> = {
  viridis: {
    label: "Viridis",
    note: "Rises in lightness in every kind of colour vision",
    isSigned: false,
    isOrdered: true,
  },
  cividis: {
    label: "Cividis",
    note: "Made to look alike with and without red-green deficiency",
    isSigned: false,
    isOrdered: true,
  },
  magma: {
    label: "Magma",
    note: "From black: lightness alone carries the order",
    isSigned: false,
    isOrdered: true,
  },
  inferno: {
    label: "Inferno",
    note: "From black, with stronger colour than magma",
    isSigned: false,
    isOrdered: true,
  },
  grey: {
    label: "Grey",
    note: "No colour at all; hard to tell from a grey picture",
    isSigned: false,
    isOrdered: true,
  },
  "blue-white-red": {
    label: "Blue, white, red",
    note: "Signed maps: white is zero, blue speaks against; safe in red-green deficiency",
    isSigned: true,
    isOrdered: false,
  },
  rainbow: {
    label: "Rainbow (can mislead)",
    note: "Makes edges where there are none and hides others; unreadable in red-green deficiency",
    isSigned: false,
    isOrdered: false,
  },
};

/** Evenly spaced colours that a table runs through. */
const anchors: Readonly<Record<ColourMapId, string>> = {
  viridis: "440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725",
  cividis: "00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838",
  magma: "000004 140e36 3b0f70 641a80 8c2981 b73779 de4968 f7705c fe9f6d fecf92 fcfdbf",
  inferno: "000004 160b39 420a68 6a176e 932667 bc3754 dd513a f37819 fca50a f6d746 fcffa4",
  grey: "000000 ffffff",
  "blue-white-red": "17407f 3a6fb5 8fb4dc f7f7f7 e5a08c c2503d 7f1a22",
  rainbow: "00007f 0000ff 007fff 00ffff 7fff7f ffff00 ff7f00 ff0000 7f0000",
};

const tables = new Map<ColourMapId, Uint8Array>();

/** 256 colours, red green blue, from the lowest displayed value to the highest. */
export function colourTable(id: ColourMapId): Uint8Array {
  const known = tables.get(id);
  if (known) return known;
  const made = tableOf(anchors[id].split(" "));
  tables.set(id, made);
  return made;
}

/** A name from outside as a colour map; viridis for one that is none. */
export function colourMapOf(name: string): ColourMapId {
  return colourMapIds.find((id) => id === name) ?? "viridis";
}

function tableOf(colours: readonly string[]): Uint8Array {
  const channels = [0, 2, 4].map((at) =>
    colours.map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)),
  );
  const table = new Uint8Array(768);
  for (let i = 0; i < 256; i++)
    channels.forEach((values, channel) => {
      const value = Math.round(catmullRom(values, (i / 255) * (values.length - 1)));
      table[3 * i + channel] = Math.max(0, Math.min(255, value));
    });
  return table;
}
