import { describe, expect, it } from "vitest";
import type { ItemDetail, ItemRow } from "../../shared/contract/audits.ts";
import type { Command, CommandBody } from "../../shared/domain/command.ts";
import { foldDetail, foldRow } from "./fold.ts";

const row: ItemRow = {
  no: 12,
  name: "0012.jpg",
  path: "consolidation/0012.jpg",
  width: 320,
  height: 320,
  label: "consolidation",
  predicted: "consolidation",
  confidence: 0.96,
  correct: true,
  suspicion: 0.96,
  attention: null,
  isWeak: false,
  rawMax: 16.4,
  quadrant: "right-off",
  verdict: null,
  reasons: [],
  hasComment: false,
  hasRegions: false,
  fault: null,
  discuss: false,
  isMissing: false,
  error: null,
  averageGrey: 90,
};
let no = 0;
const of = (body: CommandBody): Command =>
  ({ id: `c${++no}`, readerId: "r", ...body }) as unknown as Command; // sound: a test's own ids

describe("rows under waiting commands", () => {
  it("show the last verdict, and its reasons", () => {
    const commands = [
      of({
        kind: "verdict.set",
        items: [12],
        run: null,
        verdict: "sound",
        reasons: [],
        view: null,
      }),
      of({
        kind: "verdict.set",
        items: [3, 12],
        run: null,
        verdict: "spurious",
        reasons: [],
        view: null,
      }),
      of({ kind: "reason.set", item: 12, reasons: ["marker"] }),
    ];
    expect(foldRow(row, commands)).toMatchObject({ verdict: "spurious", reasons: ["marker"] });
    expect(foldRow({ ...row, no: 4 }, commands)).toMatchObject({ verdict: null });
  });

  it("show nothing after the verdict is cleared", () => {
    const commands = [of({ kind: "verdict.clear", items: [12] })];
    expect(foldRow({ ...row, verdict: "mixed", reasons: ["pen"] }, commands)).toMatchObject({
      verdict: null,
      reasons: [],
    });
  });
});

describe("an item under waiting commands", () => {
  const detail: ItemDetail = {
    row,
    facts: [],
    metrics: {},
    why: null,
    evidenceLevel: null,
    summary: null,
    flags: [],
    isForEarlierFile: false,
    map: null,
    hasEvidence: false,
    regions: [],
    certainty: null,
    comment: "",
    history: [],
  };
  it("gains, changes and loses a region", () => {
    const region = "g1" as never; // sound: a test's own id
    const add = of({
      kind: "region.add",
      region,
      item: 12,
      regionKind: "shortcut",
      shape: { kind: "rect", x: 0.75, y: 0.9, w: 0.25, h: 0.1 },
      note: "",
    });
    const added = foldDetail(detail, [add]);
    expect(added.regions[0].areaShare).toBeCloseTo(0.025, 10);
    expect(added.row.hasRegions).toBe(true);
    const triangle = { kind: "polygon", rings: [[0, 0, 1, 0, 0, 1]] } as const;
    const change = of({
      kind: "region.change",
      region,
      regionKind: "ignore",
      shape: triangle,
      note: "n",
    });
    const changed = foldDetail(detail, [add, change]);
    expect(changed.regions[0]).toMatchObject({ kind: "ignore", note: "n", areaShare: 0.5 });
    const remove = of({ kind: "region.remove", region });
    expect(foldDetail(detail, [add, change, remove]).regions).toEqual([]);
  });
});
