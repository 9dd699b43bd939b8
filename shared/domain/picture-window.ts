/**
 * Which stored values become which greys before a model sees them. `stored` is what a viewer opens with: the file's own
 * window or table, else full range for 8 bits, else the 1st to 99th percentile. Values are in units (Hounsfield, …).
 * Pictures without such values, photographs and colours, are taken as they are.
 */
export type PictureWindow =
  | { readonly kind: "stored" }
  | { readonly kind: "preset"; readonly id: WindowPresetId }
  /** The range that a modality's values have by nature: CT −1024 to 3071; others all that the stored bits can hold. */
  | { readonly kind: "modality" }
  /** 1st to 99th percentile of each picture. */
  | { readonly kind: "automatic" }
  | { readonly kind: "fixed"; readonly centre: number; readonly width: number };

export const windowPresetIds = ["soft-tissue", "lung", "liver", "bone", "brain"] as const;
export type WindowPresetId = (typeof windowPresetIds)[number];

/** Centre and width in Hounsfield units, the ones a viewer offers for CT. */
export const windowPresets: Readonly<
  Record<WindowPresetId, { readonly centre: number; readonly width: number }>
> = {
  "soft-tissue": { centre: 40, width: 400 },
  lung: { centre: -600, width: 1500 },
  liver: { centre: 90, width: 150 },
  bone: { centre: 480, width: 2500 },
  brain: { centre: 40, width: 80 },
};

/** Units of CT as scanners store them in 12 bits. */
export const hounsfieldRange = [-1024, 3071] as const;

/** `stored`, `modality`, `automatic`, a preset's name, or `CENTRE/WIDTH`; null for anything else. */
export function parseWindow(text: string): PictureWindow | null {
  if (text === "stored" || text === "modality" || text === "automatic") return { kind: text };
  const id = windowPresetIds.find((one) => one === text);
  if (id) return { kind: "preset", id };
  const [, centre, width] = /^(-?\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (centre === undefined || !(Number(width) > 0)) return null;
  return { kind: "fixed", centre: Number(centre), width: Number(width) };
}

/** As `parseWindow` reads it. */
export function windowText(window: PictureWindow): string {
  if (window.kind === "preset") return window.id;
  return window.kind === "fixed" ? `${window.centre}/${window.width}` : window.kind;
}
