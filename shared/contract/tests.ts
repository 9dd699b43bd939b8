import { oc } from "@orpc/contract";
import { z } from "zod";
import { fillIds, regionTestRules, type RegionTest } from "../domain/region-test.ts";
import {
  auditIdSchema,
  itemNoSchema,
  regionIdSchema,
  runIdSchema,
  shapeSchema,
} from "./schemas.ts";

export const regionTestSchema = z.custom<RegionTest>(
  (value) => typeof value === "object" && value !== null && "result" in value,
);

/** Region tests: cover a region, run again, compare with the same shape elsewhere. */
export const tests = {
  /** Answers when the test is made and kept; it is a job meanwhile, which can be cancelled. */
  run: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        run: runIdSchema,
        item: itemNoSchema,
        /** One of the item's regions, or a shape in picture fractions. */
        where: z.union([
          z.strictObject({ region: regionIdSchema }),
          z.strictObject({ shape: shapeSchema }),
        ]),
        fill: z.enum(fillIds).default(regionTestRules.fill),
        controls: z
          .int()
          .min(0)
          .max(regionTestRules.mostControls)
          .default(regionTestRules.controls),
        seed: z.int().min(0).default(regionTestRules.seed),
      }),
    )
    .output(regionTestSchema),
  /** Those of one item that stand, newest first. */
  list: oc
    .input(z.strictObject({ auditId: auditIdSchema, item: itemNoSchema }))
    .output(z.array(regionTestSchema)),
};
