import { describe, expect, it } from "vitest";
import { recordEntry, sampleReport } from "../../../test/support/sample-report.ts";
import { bundleOf } from "./bundle.ts";

describe("the JSON bundle", () => {
  const after = { items: [2], run: null, verdict: "sound", reasons: [], view: null };
  const data = sampleReport({ record: [recordEntry(3, { after })] });
  const bundle = JSON.parse(new TextDecoder().decode(bundleOf(data))) as Record<string, unknown>; // read back below

  it("says which schema it follows, and holds every entity", () => {
    expect(bundle["schema"]).toBe(1);
    expect(Object.keys(bundle).toSorted()).toEqual([
      "audit",
      "builtAt",
      "changedModels",
      "consensus",
      "counted",
      "findings",
      "items",
      "keepNames",
      "meetings",
      "model",
      "plans",
      "plateView",
      "plates",
      "platesLeftOut",
      "rates",
      "readings",
      "record",
      "recordHash",
      "regions",
      "revision",
      "run",
      "schema",
      "sheets",
      "software",
      "summary",
      "tests",
      "verdicts",
    ]);
  });

  it("holds items with measures, and verdicts once", () => {
    expect(bundle["items"]).toHaveLength(4);
    expect(bundle["items"]).toMatchObject([{ no: 0, measures: { agreement: -0.25 } }, {}, {}, {}]);
    expect(bundle["verdicts"]).toMatchObject([{ item: 2, verdict: "sound", recordNo: 3 }]);
    expect(JSON.stringify(bundle["items"])).not.toContain("judgements");
  });

  it("holds no pictures", () => {
    expect(bundle["plates"]).toEqual([{ item: 1, summary: data.plates[0].summary }]);
  });
});
