import { describe, expect, it } from "vitest";
import { judgeProof, type ProofRow } from "./proof.ts";

const row = (preset: ProofRow["preset"], right: number, n = 100): ProofRow => ({
  preset,
  right,
  n,
});
const differs = () => false;

describe("the proof of a preparation", () => {
  it("takes the best preset when it leads by ten points", () => {
    const rows = [row("torchvision", 7), row("keras-tf", 88), row("unit", 78)];
    expect(judgeProof(rows, null, differs)).toEqual({ kind: "proven", best: rows[1] });
  });

  it("leaves the choice to a person when the lead is smaller", () => {
    expect(judgeProof([row("keras-tf", 88), row("unit", 79)], null, differs)).toEqual({
      kind: "unclear",
    });
  });

  it("does not count a preset that answers the same as a rival", () => {
    const rows = [row("keras-tf", 88), row("timm-inception", 88), row("unit", 20)];
    const isSame = (a: string, b: string) => a !== "unit" && b !== "unit";
    expect(judgeProof(rows, null, isSame)).toMatchObject({ kind: "proven" });
  });

  it("names the better preset when a person chose the wrong one", () => {
    const rows = [row("torchvision", 7), row("keras-tf", 88)];
    expect(judgeProof(rows, "torchvision", differs)).toEqual({
      kind: "doubtful",
      chosen: rows[0],
      better: rows[1],
    });
    expect(judgeProof(rows, "keras-tf", differs)).toMatchObject({ kind: "proven" });
  });

  it("proves nothing without labelled images", () => {
    expect(judgeProof([row("torchvision", 0, 0)], null, differs)).toEqual({ kind: "unproven" });
  });
});
