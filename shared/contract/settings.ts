import { oc } from "@orpc/contract";
import { z } from "zod";
import { providers } from "../domain/device.ts";
import { hostLimits } from "../domain/host-settings.ts";
import { auditIdSchema } from "./schemas.ts";

const deviceSettingSchema = z.enum(["auto", ...providers]);
const within = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.int().min(least).max(most);

export const hostSettingsSchema = z.strictObject({
  device: deviceSettingSchema,
  batch: within(hostLimits.batch),
  copiesShort: within(hostLimits.copiesShort),
  copiesDaily: within(hostLimits.copiesDaily),
  keepsThumbnails: z.boolean(),
});

/** One device as the self-test found it; `problem` in its own words, null where it works. */
export const testedDeviceSchema = z.strictObject({
  device: z.enum(providers),
  problem: z.string().nullable(),
});
export type TestedDevice = z.infer<typeof testedDeviceSchema>;

/** One line of the diagnostic bundle. */
export const diagnosticLineSchema = z.strictObject({ name: z.string(), value: z.string() });
export type DiagnosticLine = z.infer<typeof diagnosticLineSchema>;

/** A bundled package as the lock names it. */
export const licenceSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** SPDX expression; null where the package states none. */
  licence: z.string().nullable(),
});
export type Licence = z.infer<typeof licenceSchema>;

/** Settings of this computer, kept in the user's data folder, and what the host says about itself. */
export const settings = {
  /** `named`: the device that the start of the app named, which goes before the setting; null where it named none. */
  get: oc.output(
    z.strictObject({ settings: hostSettingsSchema, named: deviceSettingSchema.nullable() }),
  ),
  /** Holds at once; a run under way ends as it began. */
  change: oc.input(hostSettingsSchema.partial()).output(hostSettingsSchema),
  /** Runs one addition on every device. */
  testDevices: oc.output(z.array(testedDeviceSchema)),
  /** How much the small pictures of an audit take on the disk. */
  thumbnails: oc
    .input(z.strictObject({ auditId: auditIdSchema }))
    .output(z.strictObject({ bytes: z.int() })),
  /** Removes them; they are made again when they are shown. */
  clearThumbnails: oc
    .input(z.strictObject({ auditId: auditIdSchema }))
    .output(z.strictObject({ bytes: z.int() })),
  /** The rolling copies of an audit, newest first; `at` is ISO 8601. */
  copies: oc.input(z.strictObject({ auditId: auditIdSchema })).output(
    z.strictObject({
      copies: z.array(z.strictObject({ name: z.string(), bytes: z.int(), at: z.string() })),
    }),
  ),
  /** Makes one more copy now. */
  copyNow: oc.input(z.strictObject({ auditId: auditIdSchema })).output(z.strictObject({})),
  about: oc.output(z.strictObject({ version: z.string(), licences: z.array(licenceSchema) })),
  /** What is handed to whoever helps: no name of a person, an audit or a picture is in it. */
  diagnostics: oc.output(z.array(diagnosticLineSchema)),
};
