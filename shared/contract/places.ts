import { oc } from "@orpc/contract";
import { z } from "zod";
import { placeIdSchema } from "./schemas.ts";

export const placeSchema = z.strictObject({
  id: placeIdSchema,
  name: z.string(),
  kind: z.enum(["folder", "audit", "model", "image", "labels", "archive", "file"]),
  bytes: z.number().nullable(),
  modifiedAt: z.string().nullable(),
});
export type Place = z.infer<typeof placeSchema>;

/** Choosing files, the same in both hosts: opaque ids with names, never paths to type. */
export const places = {
  /** Without `place`: the roots (home folder, mounted media, folders given with --allow). */
  list: oc.input(z.strictObject({ place: placeIdSchema.nullable() })).output(
    z.strictObject({
      /** Shown to the reader as where they are; not an address. */
      shownPath: z.string(),
      parent: placeIdSchema.nullable(),
      entries: z.array(placeSchema),
    }),
  ),
};
