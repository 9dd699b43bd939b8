import { oc } from "@orpc/contract";
import { z } from "zod";
import { auditIdSchema, placeIdSchema, readerIdSchema } from "./schemas.ts";

export const readerSchema = z.strictObject({
  id: readerIdSchema,
  name: z.string(),
  initials: z.string(),
});
export type Reader = z.infer<typeof readerSchema>;

export const libraryCardSchema = z.strictObject({
  id: auditIdSchema,
  name: z.string(),
  /** Folder name and the name of the folder above it; not a path. */
  shownPlace: z.string(),
  state: z.enum(["draft", "in-review", "missing", "damaged", "in-use", "newer"]),
  items: z.int(),
  model: z.string().nullable(),
  judged: z.int(),
  planned: z.int(),
  bytes: z.number(),
  openedAt: z.string(),
});
export type LibraryCard = z.infer<typeof libraryCardSchema>;

/** The audits known on this computer, and who is working. */
export const library = {
  me: oc.output(readerSchema.nullable()),
  setMe: oc
    .input(
      z.strictObject({
        name: z.string().trim().min(1).max(200),
        initials: z.string().trim().min(1).max(4),
      }),
    )
    .output(readerSchema),
  list: oc.output(z.array(libraryCardSchema)),
  open: oc
    .input(z.strictObject({ place: placeIdSchema }))
    .output(z.strictObject({ auditId: auditIdSchema })),
  /** Takes it off the list; the folder is never deleted. */
  forget: oc.input(z.strictObject({ auditId: auditIdSchema })).output(z.strictObject({})),
  /** The audit named when the app was started, to be opened first. */
  startAudit: oc.output(auditIdSchema.nullable()),
};
