import { oc, eventIterator } from "@orpc/contract";
import { z } from "zod";
import type { CrossCheck } from "../domain/cross-check.ts";
import type { ExportedGraph } from "../domain/exported-graph.ts";
import type { ModelDescription } from "../domain/model.ts";
import { overridesSchema } from "./intake.ts";
import { errorSchema, mapFlagSchema, methodSchema, placeIdSchema } from "./schemas.ts";

export const explainedSchema = z.strictObject({
  image: z.string(),
  method: methodSchema,
  tap: z.string(),
  predicted: z.string(),
  confidence: z.number(),
  target: z.string(),
  flags: z.array(mapFlagSchema),
  /** Names of the files written into the folder; null where there is no map. */
  map: z.string().nullable(),
  overlay: z.string().nullable(),
  error: errorSchema.nullable(),
});
export type Explained = z.infer<typeof explainedSchema>;

/** One model outside any audit: what it is, and a handful of maps. */
export const models = {
  inspect: oc
    .input(z.strictObject({ model: placeIdSchema }))
    .output(z.custom<ModelDescription>((value) => typeof value === "object" && value !== null)),
  /** The model on both engines, on seeded noise and these pictures: how far apart their answers are. */
  crossCheck: oc
    .input(
      z.strictObject({
        model: placeIdSchema,
        tap: z.string().nullable(),
        images: z.array(placeIdSchema).max(100),
      }),
    )
    .output(z.custom<CrossCheck>((value) => typeof value === "object" && value !== null)),
  /** Writes `<image>.npy` (raw, float32, native size, signed) and `<image>.png` (overlay with legend) into a folder. */
  explain: oc
    .input(
      z.strictObject({
        images: z.array(placeIdSchema).min(1).max(10_000),
        /** Class index or name per image for the target "label"; null where unknown. */
        labels: z.array(z.string().nullable()).nullable(),
        model: placeIdSchema,
        classes: placeIdSchema.nullable(),
        overrides: overridesSchema,
        /** Several classes, each with files of its own, in place of the target; empty for the target alone. */
        targets: z.array(z.int().min(0)).max(64),
        into: placeIdSchema,
      }),
    )
    .output(eventIterator(explainedSchema)),
  /** Writes one ONNX file: the model with its map as a second output. An existing file is replaced only by force. */
  exportGraph: oc
    .input(
      z.strictObject({
        model: placeIdSchema,
        method: methodSchema,
        tap: z.string().nullable(),
        out: placeIdSchema,
        existing: z.enum(["refuse", "replace"]),
      }),
    )
    .output(z.custom<ExportedGraph>((value) => typeof value === "object" && value !== null)),
};
