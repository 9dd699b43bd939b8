import type { DeviceSetting } from "./device.ts";

/** What the host keeps for everyone on this computer; each key has its usual value in `usualHostSettings`. */
export interface HostSettings {
  /** Where models run. */
  readonly device: DeviceSetting;
  /** Pictures that a run hands to the model at a time. */
  readonly batch: number;
  /** Rolling copies of an audit's store that are kept: of the last hours, and one a day. */
  readonly copiesShort: number;
  readonly copiesDaily: number;
  /** Whether small pictures are kept in the audit folder; without, each is made anew when it is shown. */
  readonly keepsThumbnails: boolean;
}

export const usualHostSettings: HostSettings = {
  device: "auto",
  batch: 16,
  copiesShort: 12,
  copiesDaily: 14,
  keepsThumbnails: true,
};

/** Least and most of the settings that are numbers. */
export const hostLimits = {
  batch: { least: 1, most: 64 },
  copiesShort: { least: 1, most: 96 },
  copiesDaily: { least: 1, most: 90 },
} as const;
